/** What lies over the page: dialogs, menus, toasts, the enlarged photo. */

import { byId, el, icon } from "./dom.js";
import { word } from "./words.js";

const TOAST_TIME = 4_000;

/**
 * Show a modal dialog; the promise gives the value of the action that closed it, or null.
 * *build* gets the function that closes it and returns the content.
 */
export function show(build, { label, kind = "" } = {}) {
  return new Promise((resolve) => {
    let result = null;
    const dialog = el("dialog", { class: `dialog ${kind}`, "aria-label": label });
    const close = (value = null) => {
      result = value;
      dialog.close();
    };
    dialog.append(...[build(close)].flat());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** The heading, the content and a row of buttons `[text, value, kind]`; the last one has the focus. */
function question(title, content, buttons) {
  return (close) => [
    title && el("h2", {}, title),
    content,
    el("div", { class: "dialog-buttons" }, buttons.map(([text, value, kind], index) =>
      el("button", {
        type: "button", class: `text-button ${kind ?? ""}`, autofocus: index === buttons.length - 1,
        on: { click: () => close(value) },
      }, text))),
  ].filter(Boolean);
}

export function tell(text) {
  const content = el("p", { class: "dialog-text", dir: "auto" }, text);
  return show(question(null, content, [[word("ok"), true]]), { label: text });
}

export async function confirm(title, text, yes, kind) {
  const content = el("p", { class: "dialog-text", dir: "auto" }, text);
  const buttons = [[yes, true, kind], [word("cancel"), null]];
  return (await show(question(title, content, buttons), { label: title })) === true;
}

/** A form in a dialog: *fields* is its content, the result what *read* makes of the form, or null. */
export function ask(title, fields, submitText, read) {
  return show((close) => {
    const submit = (event) => {
      event.preventDefault();
      close(read(form));
    };
    const form = el("form", { class: "dialog-form", on: { submit } },
      el("h2", {}, title),
      fields,
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "text-button", on: { click: () => close() } }, word("cancel")),
        el("button", { type: "submit", class: "text-button strong" }, submitText)));
    return form;
  }, { label: title });
}

export function toast(text, kind = "") {
  const shown = el("p", { class: `toast ${kind}`, dir: "auto" }, text);
  const all = byId("toasts");
  // One after the other would pile up; the newest is the one that answers the last press.
  while (all.children.length > 1) all.firstChild.remove();
  all.append(shown);
  setTimeout(() => shown.remove(), TOAST_TIME);
}

export function complain(error) {
  toast(error.status ? error.message : word("reconnecting"), "bad");
}

export function enlarge(photo, caption) {
  return show((close) => [
    el("img", { src: photo.url, alt: caption || word("photo"), width: photo.width, height: photo.height, on: { click: () => close() } }),
    el("div", { class: "photo-tools" },
      el("a", { class: "round", href: photo.url, download: "photo", "aria-label": word("download", word("photo")) }, icon("download")),
      el("button", { type: "button", class: "round", autofocus: true, "aria-label": word("close"), on: { click: () => close() } }, icon("close"))),
  ], { label: word("photo"), kind: "photo-dialog" });
}

/**
 * A menu at an element or at a point `{x, y}`. Items: `{label, hint?, icon?, kind?, run}`.
 * The popover closes by itself on Escape and on a press elsewhere.
 */
export function openMenu(place, items, label) {
  const origin = document.activeElement;
  const menu = el("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label },
    items.map((item) => el("button", {
      type: "button", class: `menu-item ${item.kind ?? ""}`, role: "menuitem",
      on: {
        click: () => {
          menu.hidePopover();
          item.run();
        },
      },
    }, item.icon && icon(item.icon), el("span", {}, item.label, item.hint && el("small", { dir: "auto" }, item.hint)))));
  menu.addEventListener("keydown", (event) => moveFocus(event, [...menu.children]));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) origin?.focus({ preventScroll: true });
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  position(menu, place instanceof Element ? place.getBoundingClientRect() : new DOMRect(place.x, place.y, 0, 0));
  menu.firstElementChild?.focus({ preventScroll: true });
}

function moveFocus(event, items) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const index = items.indexOf(document.activeElement);
  if (event.key in steps) items[(index + steps[event.key] + items.length) % items.length].focus();
  else if (event.key === "Home") items[0].focus();
  else if (event.key === "End") items.at(-1).focus();
  else return;
  event.preventDefault();
}

/** Below the anchor or above it, wherever there is more room, and inside the window. */
function position(menu, anchor) {
  const gap = 6;
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(gap, Math.min(anchor.left, innerWidth - width - gap));
  const fitsBelow = anchor.bottom + gap + height <= innerHeight;
  const wanted = fitsBelow ? anchor.bottom + gap : anchor.top - gap - height;
  const top = Math.max(gap, Math.min(wanted, innerHeight - height - gap));
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
