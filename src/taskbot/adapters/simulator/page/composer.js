/** The field at the bottom: writing, answering to a message, changing one's own. */

import * as api from "./api.js";
import { complain } from "./dialogs.js";
import { byId, el, icon } from "./dom.js";
import { senderName, summary } from "./bubble.js";
import { word } from "./words.js";

const TALLEST = 160; // pixels, about seven lines

export class Composer {
  /**
   * *on*: `picture(file)` for a pasted one, `sent()`, `lastOwn()` the message to change by arrow up,
   * `inline(text)` whether the text asks the bot for something to send instead of being sent itself.
   */
  constructor(on) {
    this.on = on;
    this.form = byId("composer");
    this.field = byId("text");
    this.bar = byId("context");
    this.drafts = new Map(); // person id -> {text, context}
    this.context = null; // {kind: "reply" | "edit", message}
    this.line = Promise.resolve();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => this.fit());
    addEventListener("resize", () => this.fit());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("paste", (event) => this.paste(event));
  }

  /** Show the draft of *person*; keep that of the one before. */
  begin(person, botName) {
    if (this.person) this.drafts.set(this.person.id, { text: this.field.value, context: this.context });
    this.person = person;
    this.botName = botName;
    const draft = this.drafts.get(person.id) ?? { text: "", context: null };
    this.field.value = draft.text;
    this.setContext(draft.context);
    this.fit();
  }

  end() {
    this.person = null;
    this.drafts.clear();
  }

  set placeholder(text) {
    this.field.placeholder = text || word("message");
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  reply(message) {
    if (this.context?.kind === "edit") this.field.value = "";
    this.setContext({ kind: "reply", message });
    this.focus();
  }

  edit(message) {
    this.setContext({ kind: "edit", message });
    this.field.value = message.text;
    this.fit();
    this.focus();
  }

  /** Take back what the bar above the field says. */
  cancel() {
    if (this.context?.kind === "edit") this.field.value = "";
    this.setContext(null);
    this.fit();
  }

  /** A message that is gone can be neither answered nor changed. */
  forget(message) {
    if (this.context?.message.message_id === message.message_id) this.cancel();
  }

  setContext(context) {
    this.context = context;
    this.bar.hidden = !context;
    byId("send").replaceChildren(icon(context?.kind === "edit" ? "check" : "send"));
    if (!context) return;
    const { kind, message } = context;
    const title = kind === "edit" ? word("editing") : word("replyTo", senderName(message, { bot: this.botName }));
    this.bar.replaceChildren(
      icon(kind),
      el("div", { class: "context-text" }, el("strong", {}, title), el("span", { dir: "auto" }, summary(message))),
      el("button", { type: "button", class: "round", "aria-label": word("stopContext"), on: { click: () => this.cancel() } }, icon("close")));
  }

  /** The message that the next one answers to; asking uses it up. */
  takeReply() {
    const isReply = this.context?.kind === "reply";
    const id = isReply ? this.context.message.message_id : undefined;
    if (isReply) this.setContext(null);
    return id;
  }

  submit() {
    const text = this.field.value.trim();
    if (!text || !this.person) return;
    const { person, context } = this;
    if (context?.kind !== "edit" && this.on.inline(text)) return;
    this.field.value = "";
    this.fit();
    if (context?.kind === "edit") {
      this.setContext(null);
      this.enqueue(person, () => api.edit(person.id, context.message.message_id, text), { text, context });
    } else {
      const contents = { text, reply_to: this.takeReply() };
      this.enqueue(person, () => api.send(person.id, contents), { text, context });
    }
    this.focus();
  }

  /** Send something that is not in the field: a command, a keyboard's button, a picture. */
  send(contents) {
    const { person } = this;
    return this.enqueue(person, () => api.send(person.id, contents), null);
  }

  /** Send what the bot offered in answer to the field's text. */
  choose(resultId) {
    const { person } = this;
    this.field.value = "";
    this.fit();
    return this.enqueue(person, () => api.choose(person.id, resultId), null);
  }

  /** One after the other, so that messages keep their order however fast they are written. */
  enqueue(person, request, draft) {
    this.line = this.line.then(request).then(
      () => this.on.sent(),
      (error) => {
        complain(error);
        if (draft) this.restore(person, draft);
      },
    );
    return this.line;
  }

  /** What could not be sent goes back into the field, unless there is something new already. */
  restore(person, draft) {
    if (this.person?.id !== person.id) {
      if (!this.drafts.get(person.id)?.text) this.drafts.set(person.id, draft);
      return;
    }
    if (this.field.value) return;
    this.field.value = draft.text;
    this.setContext(draft.context);
    this.fit();
  }

  key(event) {
    if (event.isComposing) return; // Enter then belongs to the input method
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.context) {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      const message = this.on.lastOwn();
      if (!message) return;
      event.preventDefault();
      this.edit(message);
    }
  }

  paste(event) {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    this.on.picture(file);
  }

  fit() {
    const { field } = this;
    field.style.height = "auto";
    // Hidden it has no height to measure, and keeps that of its one row.
    if (field.scrollHeight) field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
    field.classList.toggle("full", field.scrollHeight > TALLEST);
    this.form.classList.toggle("empty", !field.value.trim());
  }
}
