/** The server's HTML of a message, rebuilt from a short list of elements: everything else is text. */

import { el } from "./dom.js";

const PLAIN = new Set(["b", "i", "u", "s", "code", "pre", "blockquote"]);
const SPANS = new Set(["spoiler", "command", "mention", "hashtag", "time"]);
const SILENT = new Set(["script", "style", "template", "iframe", "object", "title"]);

export function isSafeLink(url) {
  return /^(?:https?|tg):\/\//i.test(url);
}

/** A fragment to insert. Attributes never pass: a link gets a new `href`, a span one known class. */
export function formatted(html) {
  // A parsed document runs nothing and loads nothing. The tag keeps leading white space.
  const source = new DOMParser().parseFromString(`<body>${html}`, "text/html");
  const fragment = document.createDocumentFragment();
  copy(source.body, fragment);
  for (const block of fragment.querySelectorAll("pre, blockquote")) dropLineEnds(block);
  return fragment;
}

/** The line ends around a block are already shown by its being one. */
function dropLineEnds({ previousSibling: before, nextSibling: after }) {
  if (before?.nodeType === Node.TEXT_NODE) before.data = before.data.replace(/\n$/, "");
  if (after?.nodeType === Node.TEXT_NODE) after.data = after.data.replace(/^\n/, "");
}

function copy(source, target) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && !SILENT.has(node.localName)) {
      const kept = allowed(node);
      copy(node, kept ?? target);
      if (kept) target.append(kept);
    }
  }
}

function allowed(node) {
  const name = node.localName;
  if (name === "blockquote" && node.classList.contains("expandable")) return el("blockquote", { class: "expandable" });
  if (PLAIN.has(name)) return el(name);
  if (name === "a") return link(node.getAttribute("href") ?? "");
  if (name !== "span") return null;
  const kind = [...node.classList].find((candidate) => SPANS.has(candidate));
  if (kind === undefined) return null;
  // These two do something when pressed (messages.js), so the keyboard must reach them.
  const isButton = kind === "command" || kind === "spoiler";
  return el("span", { class: kind, ...(isButton && { role: "button", tabindex: "0" }) });
}

function link(url) {
  if (!isSafeLink(url)) return null;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", title: url });
}

const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2})/u;

/** How many emoji the text is made of, if it is nothing else and short; else 0. */
export function emojiCount(text) {
  const trimmed = text.trim();
  if (!trimmed || trimmed.length > 40) return 0;
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)];
  return graphemes.length <= 3 && graphemes.every(({ segment }) => EMOJI.test(segment)) ? graphemes.length : 0;
}
