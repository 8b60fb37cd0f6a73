/** What can be sent besides text: a photo, a file, a place, a sticker. */

import { ask, complain, openMenu, show, toast } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { fileSize, word } from "./words.js";

const STICKERS = ["👍", "❤️", "😂", "🎉", "🤔", "😢", "🙏", "🔥", "🚀", "🐈", "🌻", "☕"];

/** What a person picked, as `send` takes it, goes to *send*; nothing if they changed their mind. */
export function attachMenu(anchor, send) {
  openMenu(anchor, [
    { label: word("photo"), icon: "photo", run: () => pick("image/*", (file) => sendFile(file, send)) },
    { label: word("file"), icon: "file", run: () => pick("", (file) => sendFile(file, send, { asDocument: true })) },
    { label: word("location"), icon: "pin", run: () => sendPlace(send) },
    { label: word("sticker"), icon: "sticker", run: () => sendSticker(send) },
  ], word("attach"));
}

function pick(accept, use) {
  const input = el("input", { type: "file", accept, hidden: true });
  input.addEventListener("change", () => {
    input.remove();
    if (input.files.length) use(input.files[0]);
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

/** Show the file, ask for a caption, send it. */
export async function sendFile(file, send, { asDocument = false } = {}) {
  const isPhoto = file.type.startsWith("image/") && !asDocument;
  const address = isPhoto ? URL.createObjectURL(file) : null;
  const preview = isPhoto
    ? el("img", { class: "preview", src: address, alt: file.name })
    : el("p", { class: "document" },
      el("span", { class: "document-icon" }, icon("file")),
      el("span", { class: "document-name" }, el("b", { dir: "auto" }, file.name), el("small", {}, fileSize(file.size))));
  const caption = el("input", { name: "caption", class: "input", placeholder: word("caption"), "aria-label": word("caption"), maxlength: "1024", dir: "auto", autofocus: true });
  const fields = [preview, caption];
  const answer = await ask(word(isPhoto ? "photo" : "file"), fields, word("send"), () => ({ caption: caption.value.trim() }));
  if (address) URL.revokeObjectURL(address);
  if (!answer) return;
  try {
    const data = await asBase64(file);
    const caption_ = answer.caption || undefined;
    if (isPhoto) await send({ photo: { data, name: file.name }, caption: caption_ });
    else await send({ document: { data, name: file.name, mime_type: file.type || undefined }, caption: caption_ });
  } catch (error) {
    complain(error);
  }
}

/** In JSON rather than multipart, for only so can a file be an answer to a message. */
function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

/** Cities of several zones, the awkward ones too, and any other place by its numbers. */
export async function sendPlace(send) {
  const number = (name, limit) => el("input", {
    name, class: "input", type: "number", step: "any", min: -limit, max: limit, required: true, inputmode: "decimal",
    placeholder: word(name), "aria-label": word(name),
  });
  const fields = [number("latitude", 90), number("longitude", 180)];
  const read = () => ({ latitude: fields[0].valueAsNumber, longitude: fields[1].valueAsNumber });
  const location = await show((close) => el("form", {
    class: "dialog-form",
    on: {
      submit: (event) => {
        event.preventDefault();
        close(read());
      },
    },
  },
  el("h2", {}, word("pickPlace")),
  el("div", { class: "choices" }, word("places").map(([name, latitude, longitude]) =>
    el("button", { type: "button", class: "choice", on: { click: () => close({ latitude, longitude }) } }, icon("pin"), name))),
  el("div", { class: "pair" }, fields),
  el("div", { class: "dialog-buttons" },
    el("button", { type: "button", class: "text-button", on: { click: () => close() } }, word("cancel")),
    el("button", { type: "submit", class: "text-button strong" }, word("send")))), { label: word("pickPlace") });
  if (location) send({ location });
}

async function sendSticker(send) {
  const sticker = await show((close) => [
    el("h2", {}, word("pickSticker")),
    el("div", { class: "stickers" }, STICKERS.map((emoji) =>
      el("button", { type: "button", class: "sticker-choice", on: { click: () => close(emoji) } }, emoji))),
  ], { label: word("pickSticker") });
  if (sticker) send({ sticker });
}

/** Files that are dropped on the chat. */
export function acceptDrops(node, use) {
  node.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    node.classList.add("dropping");
  });
  for (const event of ["dragleave", "drop"]) node.addEventListener(event, () => node.classList.remove("dropping"));
  node.addEventListener("drop", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return; // dragged text may go into the field
    event.preventDefault();
    const { files } = event.dataTransfer;
    if (files.length > 1) toast(word("dropped"));
    else if (files.length) use(files[0]);
  });
}
