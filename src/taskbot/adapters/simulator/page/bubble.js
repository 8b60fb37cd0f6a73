/** One message as an element. */

import { el, icon } from "./dom.js";
import { emojiCount, formatted } from "./formatted.js";
import { inlineKeyboard } from "./inline_keyboard.js";
import { clockTime, fileSize, fullTime, word } from "./words.js";

const WIDEST_PHOTO = 400;
const TALLEST_PHOTO = 420;
const NARROWEST_PHOTO = 130; // room for the time, and for some words of a caption
const FRAME = 6; // pixels of the bubble around a picture

/** What a message says, in one line: for previews, and for the list of people. */
export function summary(message) {
  const line = message.text.replaceAll(/\s+/g, " ").trim();
  if (message.sticker) return `${message.sticker.emoji} ${word("sticker")}`;
  if (message.photo) return line || word("photo");
  if (message.document) return line || message.document.name;
  if (message.location) return word("location");
  return line;
}

export function senderName(message, names) {
  return message.from === "bot" ? names.bot : word("you");
}

/** *context*: `names.bot`, `find(id)` for the message replied to, `press` for buttons, `isPressed`. */
export function bubble(message, context) {
  const isBig = emojiCount(message.text) > 0 && !message.photo && !message.document && !message.forwarded_from;
  const isBare = Boolean(message.sticker) || isBig;
  const content = el("div", { class: `bubble${isBare ? " bare" : ""}${message.photo ? " with-photo" : ""}` },
    el("span", { class: "sr-only" }, `${senderName(message, context.names)}: `),
    message.forwarded_from && el("p", { class: "forwarded", dir: "auto" }, word("forwardedFrom", message.forwarded_from)),
    message.reply_to && quote(message, context),
    message.photo && photo(message),
    message.document && documentLink(message.document),
    message.location && place(message.location),
    message.sticker && el("div", { class: "sticker" }, message.sticker.emoji),
    text(message, isBig),
    message.reactions.length > 0 && el("p", { class: "reactions" }, message.reactions.map((emoji) => el("span", {}, emoji))),
    el("button", { type: "button", class: "actions", "aria-label": word("actions"), "aria-haspopup": "menu" }, icon("down")));
  if (message.photo) content.style.setProperty("--photo-width", `${shownSize(message.photo).width + FRAME}px`);
  return el("li", {
    class: `message ${message.from === "bot" ? "theirs" : "mine"}`,
    data: { id: message.message_id },
  }, el("div", { class: `column${message.buttons.length ? " with-buttons" : ""}` }, content, inlineKeyboard(message, context)));
}

/** The text with its time. The time floats in the last line if there is room, else below. */
function text(message, isBig) {
  const meta = el("span", { class: "meta" },
    message.edit_date && !message.deleted && `${word("edited")} `,
    el("time", { datetime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date) }, clockTime(message.date)),
    message.from === "person" && icon("check"));
  if (!message.html) return el("div", { class: "text no-text" }, meta);
  const big = isBig ? ` big-${emojiCount(message.text)}` : "";
  return el("div", { class: `text${big}`, dir: "auto" }, formatted(message.html), meta);
}

function quote(message, context) {
  const original = context.find(message.reply_to);
  const shown = original && !original.deleted;
  return el("button", { type: "button", class: "quote", data: { goto: message.reply_to } },
    shown && el("strong", { dir: "auto" }, senderName(original, context.names)),
    el("span", { dir: "auto" }, shown ? summary(original) : word("deletedMessage")));
}

function photo(message) {
  // The size is known before the picture is: nothing jumps when it has come.
  return el("button", { type: "button", class: "photo", data: { photo: "" }, "aria-label": word("openPhoto") },
    el("img", {
      src: message.photo.url, alt: message.text || word("photo"), decoding: "async", ...shownSize(message.photo),
    }));
}

function shownSize({ width, height }) {
  const scale = Math.min(WIDEST_PHOTO / width, TALLEST_PHOTO / height);
  return { width: Math.max(NARROWEST_PHOTO, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function documentLink(file) {
  return el("a", { class: "document", href: file.url, download: file.name, "aria-label": word("download", file.name) },
    el("span", { class: "document-icon" }, icon("file")),
    el("span", { class: "document-name" }, el("b", { dir: "auto" }, file.name), el("small", {}, fileSize(file.size))));
}

function place({ latitude, longitude }) {
  const shown = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=11/${latitude}/${longitude}`;
  return el("a", { class: "document", href: address, target: "_blank", rel: "noopener noreferrer" },
    el("span", { class: "document-icon" }, icon("pin")),
    el("span", { class: "document-name" }, el("b", {}, word("location")), el("small", {}, shown)));
}
