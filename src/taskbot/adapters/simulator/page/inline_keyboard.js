/** The buttons under a message, and what pressing one does. */

import * as api from "./api.js";
import { complain, confirm, tell, toast } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { isSafeLink } from "./formatted.js";
import { word } from "./words.js";

/** Presses that wait for the bot's answer, as `message:data`: they outlive an edit of the message. */
const waiting = new Set();

const key = (message, button) => `${message.message_id}:${button.data}`;

export function inlineKeyboard(message, context) {
  if (!message.buttons.length || message.deleted) return null;
  return el("div", { class: "inline-keyboard", role: "group", "aria-label": word("keyboard") },
    message.buttons.map((row) => el("div", { class: "button-row" }, row.map((button) => oneButton(message, button, context)))));
}

function oneButton(message, button, context) {
  if (button.url !== undefined && isSafeLink(button.url)) {
    return el("a", {
      class: "inline-button", href: button.url, target: "_blank", rel: "noopener noreferrer nofollow", title: button.url,
      on: {
        click: (event) => {
          event.preventDefault();
          openLink(button.url);
        },
      },
    }, el("span", { dir: "auto" }, button.text), icon("link"));
  }
  const node = el("button", {
    type: "button", class: "inline-button",
    on: { click: () => (button.data === undefined ? toast(word("cannotOpen")) : press(message, button, node, context)) },
  }, el("span", { dir: "auto" }, button.text));
  markWaiting(node, waiting.has(key(message, button)));
  return node;
}

function markWaiting(node, isWaiting) {
  node.classList.toggle("waiting", isWaiting);
  node.setAttribute("aria-busy", String(isWaiting));
}

async function press(message, button, node, context) {
  const pressed = key(message, button);
  if (waiting.has(pressed)) return;
  waiting.add(pressed);
  markWaiting(node, true);
  try {
    const answer = await api.press(context.person.id, message.message_id, button.data);
    showAnswer(answer);
  } catch (error) {
    complain(error);
  } finally {
    waiting.delete(pressed);
    // The message may have been drawn anew meanwhile.
    markWaiting(node, false);
    context.redraw(message.message_id);
  }
}

function showAnswer({ answered, text, show_alert: isAlert, url }) {
  if (!answered) toast(word("notAnswered"), "bad");
  else if (url) openLink(url);
  else if (text && isAlert) tell(text);
  else if (text) toast(text);
}

/** Show where a link goes before going there, as Telegram does. */
export async function openLink(url) {
  if (!isSafeLink(url) || url.toLowerCase().startsWith("tg:")) toast(word("cannotOpen"));
  else if (await confirm(word("openLink"), url, word("open"), "strong")) open(url, "_blank", "noopener,noreferrer");
}
