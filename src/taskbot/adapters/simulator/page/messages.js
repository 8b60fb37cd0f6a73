/** The transcript: messages in order, days between them, and where the reader stands. */

import { bubble } from "./bubble.js";
import { enlarge } from "./dialogs.js";
import { el } from "./dom.js";
import { openLink } from "./inline_keyboard.js";
import { dayKey, dayName, word } from "./words.js";

const NEAR_THE_END = 60; // pixels
const DAY_TOP = 8; // pixels, as in messages.css
const DAY_STAYS = 900; // milliseconds after the last movement

export class Transcript {
  /** *on*: `command(text)`, `menu(message, place)`, `reply(message)`, `seen()`. */
  constructor({ scroller, list, jump, on }) {
    this.scroller = scroller;
    this.list = list;
    this.jump = jump;
    this.on = on;
    this.entries = new Map(); // id -> {message, node}
    this.isPinned = true; // whether the newest message is in sight and shall stay so
    this.missed = 0;
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    jump.addEventListener("click", () => this.toEnd("smooth"));
    // A growing field or keyboard below takes room away: the end must stay in sight.
    new ResizeObserver(() => this.isPinned && this.toEnd()).observe(scroller);
    for (const event of ["click", "keydown", "contextmenu", "dblclick"]) list.addEventListener(event, (e) => this.handle(e));
  }

  /** Forget everything; show the chat of *person* with the bot called *botName* from now on. */
  begin(person, botName) {
    this.context = {
      person,
      names: { bot: botName },
      find: (id) => this.entries.get(id)?.message,
      redraw: (id) => this.redraw(id),
    };
    this.entries.clear();
    this.list.replaceChildren();
    this.isFresh = true;
    this.missed = 0;
    this.isPinned = true;
    this.showJump();
  }

  rename(botName) {
    if (this.context.names.bot === botName) return;
    this.context.names.bot = botName;
    this.redrawAll();
  }

  get messages() {
    return [...this.entries.values()].map(({ message }) => message);
  }

  /** The whole chat: what is not in it any more disappears. */
  replaceAll(messages) {
    const ids = new Set(messages.map((message) => message.message_id));
    for (const id of [...this.entries.keys()].filter((known) => !ids.has(known))) this.remove(id);
    this.apply(messages);
  }

  /** Take in new, edited and deleted messages. */
  apply(messages) {
    const isFresh = this.isFresh;
    // Read out what comes, not the whole past of a chat that was just opened.
    this.list.setAttribute("aria-live", isFresh ? "off" : "polite");
    let news = 0;
    let isMine = false;
    for (const message of messages) {
      const known = this.entries.get(message.message_id);
      if (message.deleted) this.remove(message.message_id);
      else if (known) this.change(known, message);
      else {
        this.add(message, isFresh);
        news += 1;
        isMine ||= message.from === "person";
      }
    }
    this.arrange();
    this.isFresh = false;
    if (this.isPinned || isMine) this.toEnd();
    else if (news) {
      this.missed += news;
      this.showJump();
    }
    this.on.seen();
  }

  add(message, isFresh) {
    const node = bubble(message, this.context);
    if (!isFresh) node.classList.add("arriving");
    this.entries.set(message.message_id, { message, node });
    const later = [...this.list.children].findLast((other) => other.dataset.id && Number(other.dataset.id) < message.message_id);
    if (later) later.after(node);
    else this.list.append(node);
  }

  change(entry, message) {
    if (entry.message.revision === message.revision) return;
    entry.message = message;
    this.redraw(message.message_id);
  }

  remove(id) {
    this.entries.get(id)?.node.remove();
    this.entries.delete(id);
  }

  redraw(id) {
    const entry = this.entries.get(id);
    if (!entry) return;
    const node = bubble(entry.message, this.context);
    const focused = [...entry.node.querySelectorAll("button, a")].indexOf(document.activeElement);
    node.classList.add(...[...entry.node.classList].filter((name) => name === "first" || name === "last"));
    entry.node.replaceWith(node);
    entry.node = node;
    // Whoever works by keyboard stays where they were, if there still is such a place.
    const places = node.querySelectorAll("button, a");
    if (focused >= 0) places[Math.min(focused, places.length - 1)]?.focus({ preventScroll: true });
  }

  redrawAll() {
    for (const id of this.entries.keys()) this.redraw(id);
    this.arrange();
  }

  /** Put days between the messages; mark where a row of one sender begins and ends. */
  arrange() {
    for (const day of this.list.querySelectorAll(".day")) day.remove();
    let previous = null;
    for (const node of [...this.list.children]) {
      const { message } = this.entries.get(Number(node.dataset.id));
      const isNewDay = !previous || dayKey(previous.message.date) !== dayKey(message.date);
      const isFirst = isNewDay || previous.message.from !== message.from;
      node.classList.toggle("first", isFirst);
      node.classList.add("last");
      if (!isFirst) previous.node.classList.remove("last");
      if (isNewDay) node.before(el("li", { class: "day" }, el("span", {}, dayName(message.date))));
      previous = { message, node };
    }
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.isPinned = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    if (this.isPinned) this.missed = 0;
    this.showJump();
    this.markDays();
    this.scroller.classList.add("scrolling");
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.scroller.classList.remove("scrolling"), DAY_STAYS);
  }

  /** A day that sticks to the top covers messages; CSS cannot tell it from one in its place. */
  markDays() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const day of this.list.querySelectorAll(".day")) {
      const { top: at } = day.getBoundingClientRect();
      day.classList.toggle("stuck", at - top <= DAY_TOP && this.scroller.scrollTop > 0);
    }
  }

  toEnd(behavior = "instant") {
    this.missed = 0;
    this.isPinned = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
    this.showJump();
  }

  showJump() {
    this.jump.hidden = this.isPinned;
    this.jump.dataset.count = this.missed || "";
    this.jump.setAttribute("aria-label", this.missed ? word("toLatestNew", this.missed) : word("toLatest"));
  }

  goTo(id) {
    const node = this.entries.get(id)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
    node.classList.remove("found");
    void node.offsetWidth; // starts the animation anew
    node.classList.add("found");
  }

  /** One listener for all messages: they come and go, it stays. */
  handle(event) {
    const { target } = event;
    const message = this.entries.get(Number(target.closest(".message")?.dataset.id))?.message;
    if (!message) return;
    if (event.type === "keydown") {
      if ((event.key !== "Enter" && event.key !== " ") || target.getAttribute("role") !== "button") return;
      event.preventDefault();
      this.activate(target, message, event);
    } else if (event.type === "click") this.activate(target, message, event);
    else if (event.type === "dblclick" && !target.closest("button, a")) this.on.reply(message);
    else if (event.type === "contextmenu" && target.closest(".bubble") && !target.closest("a, img") && !String(getSelection())) {
      event.preventDefault();
      this.on.menu(message, { x: event.clientX, y: event.clientY });
    }
  }

  activate(target, message, event) {
    const hit = (selector) => target.closest(selector);
    if (hit(".command")) this.on.command(hit(".command").textContent);
    else if (hit(".spoiler:not(.shown)")) hit(".spoiler").classList.add("shown");
    else if (hit(".text a")) {
      event.preventDefault();
      openLink(hit("a").href);
    } else if (hit("blockquote.expandable")) hit("blockquote").classList.toggle("shown");
    else if (hit(".quote")) this.goTo(Number(hit(".quote").dataset.goto));
    else if (hit(".photo")) enlarge(message.photo, message.text);
    else if (hit(".actions")) this.on.menu(message, hit(".actions"));
    // A finger has no right button: a tap on the bubble opens what that would.
    else if (event.pointerType === "touch" && hit(".bubble") && !hit("a, button")) {
      this.on.menu(message, { x: event.clientX, y: event.clientY });
    }
  }
}
