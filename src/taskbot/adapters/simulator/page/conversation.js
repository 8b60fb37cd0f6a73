/** One person's chat with the bot: its head, its messages and what can be done at its foot. */

import * as api from "./api.js";
import { acceptDrops, attachMenu, sendFile, sendPlace } from "./attachments.js";
import { Composer } from "./composer.js";
import { complain, openMenu, toast } from "./dialogs.js";
import { byId, el, hasMouse, icon } from "./dom.js";
import { follow } from "./live.js";
import { Transcript } from "./messages.js";
import { ReplyKeyboard } from "./reply_keyboard.js";
import { word } from "./words.js";

const BOT_NAME = "taskbot";

export class Conversation {
  /** *on*: `changed()` after anything new, `seen(messageId)`, `gone()`, `connection(isThere)`. */
  constructor(on) {
    this.on = on;
    this.bot = null;
    this.transcript = new Transcript({
      scroller: byId("scroller"), list: byId("messages"), jump: byId("jump"),
      on: {
        command: (text) => this.composer.send({ text }),
        menu: (message, place) => this.messageMenu(message, place),
        reply: (message) => this.composer.reply(message),
        seen: () => this.seen(),
      },
    });
    this.composer = new Composer({
      picture: (file) => this.attach(file),
      sent: () => on.changed(),
      inline: (text) => this.isInline(text),
      lastOwn: () => this.transcript.messages.findLast((message) => isEditable(message)),
    });
    this.keyboard = new ReplyKeyboard({
      text: (text) => this.composer.send({ text, reply_to: this.composer.takeReply() }),
      location: () => sendPlace((contents) => this.send(contents)),
      toggled: () => this.transcript.isPinned && this.transcript.toEnd(),
    });
    byId("attach").addEventListener("click", (event) => attachMenu(event.currentTarget, (contents) => this.send(contents)));
    byId("commands").addEventListener("click", (event) => this.commandsMenu(event.currentTarget));
    byId("chat-menu").addEventListener("click", (event) => this.chatMenu(event.currentTarget));
    byId("start").addEventListener("click", () => this.bigAction());
    acceptDrops(byId("conversation"), (file) => this.attach(file));
    document.addEventListener("visibilitychange", () => this.person && this.seen());
  }

  get botName() {
    return this.bot?.name ?? BOT_NAME;
  }

  open(person) {
    this.close();
    this.person = person;
    this.isLoaded = false;
    this.transcript.begin(person, this.botName);
    this.composer.begin(person, this.botName);
    this.stop = follow(person.id, {
      onAll: (messages) => {
        this.isLoaded = true;
        this.take(messages, (all) => this.transcript.replaceAll(all));
      },
      onChanges: (messages) => this.take(messages, (some) => this.transcript.apply(some)),
      onGone: () => this.on.gone(),
      onConnection: this.on.connection,
    });
    this.draw();
    if (hasMouse()) this.composer.focus();
  }

  /** Leave the chat. *isForgotten*: the drafts go too. */
  close({ isForgotten = false } = {}) {
    this.stop?.();
    this.stop = null;
    this.person = null;
    if (isForgotten) this.composer.end();
  }

  take(messages, apply) {
    const before = this.transcript.messages.at(-1)?.message_id ?? 0;
    apply(messages);
    for (const message of messages) if (message.deleted) this.composer.forget(message);
    const newest = this.transcript.messages.at(-1);
    // The bot asks for an answer to this very message.
    if (newest?.keyboard?.force_reply && newest.message_id > before && newest.from === "bot") this.composer.reply(newest);
    this.draw();
    this.on.changed();
  }

  seen() {
    const newest = this.transcript.messages.at(-1);
    if (newest && !document.hidden) this.on.seen(newest.message_id);
  }

  /** The person and the bot as the server sees them now. */
  update(person, bot) {
    const isOther = this.bot && bot && this.bot.id !== null && bot.id !== this.bot.id;
    this.bot = bot ?? this.bot;
    if (!this.person) return;
    if (isOther) return this.open(person); // another bot's chats are other chats
    this.person = person;
    this.transcript.rename(this.botName);
    this.draw();
  }

  draw() {
    const { person, bot } = this;
    if (!person) return;
    const isEmpty = this.isLoaded && this.transcript.messages.length === 0;
    const action = this.actionNow(isEmpty);
    byId("bot-name").textContent = this.botName;
    byId("bot-status").textContent = person.typing ? word("typing") : word("youAre", person.first_name);
    byId("bot-status").classList.toggle("typing", person.typing);
    if (bot && this.botIsAway && !person.typing) byId("bot-status").textContent = `${word("youAre", person.first_name)} · ${word("noBot")}`;
    byId("start").hidden = !action;
    if (action) byId("start").textContent = word(action);
    byId("start").disabled = action === "deactivated";
    byId("composer").hidden = Boolean(action);
    this.keyboard.update(action ? null : person.keyboard);
    this.composer.placeholder = person.keyboard?.placeholder ?? this.transcript.messages.at(-1)?.keyboard?.placeholder;
    byId("about").hidden = !isEmpty;
    if (isEmpty) this.drawAbout();
  }

  /** The page's language has changed. */
  redraw() {
    if (!this.person) return;
    this.transcript.redrawAll();
    this.transcript.showJump();
    this.composer.setContext(this.composer.context);
    this.draw();
  }

  actionNow(isEmpty) {
    if (this.person.deactivated) return "deactivated";
    if (this.person.blocked) return "unblock";
    return isEmpty && !this.person.started ? "start" : null;
  }

  /** A bot that polls is away between two polls too: only work that waits tells. */
  get botIsAway() {
    const { id, polling, webhook_url: webhook, pending_update_count: pending } = this.bot;
    const isIdle = id === null || (!polling && !webhook && pending > 0);
    this.idleSince = isIdle ? (this.idleSince ?? performance.now()) : null;
    return this.idleSince !== null && performance.now() - this.idleSince > 3000;
  }

  drawAbout() {
    const description = this.bot?.description;
    byId("about").replaceChildren(
      el("span", { class: "avatar bot-avatar large", "aria-hidden": "true" }, icon("check")),
      description && el("strong", {}, word("canDo")),
      el("p", { dir: "auto" }, description || word("greeting", this.person.first_name)));
  }

  async bigAction() {
    if (!this.person.blocked) {
      await this.composer.send({ text: "/start" });
      if (hasMouse()) this.composer.focus();
    } else await this.setBlocked(false);
  }

  async setBlocked(isBlocked) {
    try {
      const person = await (isBlocked ? api.block : api.unblock)(this.person.id);
      this.update({ ...this.person, ...person }, this.bot);
    } catch (error) {
      complain(error);
    }
    this.on.changed();
  }

  send(contents) {
    return this.composer.send({ ...contents, reply_to: this.composer.takeReply() });
  }

  attach(file) {
    if (!byId("composer").hidden) sendFile(file, (contents) => this.send(contents));
  }

  commandsMenu(anchor) {
    const commands = this.bot?.commands ?? [];
    if (!commands.length) return toast(word("noCommands"));
    openMenu(anchor, commands.map(({ command, description }) => ({
      label: `/${command}`, hint: description, kind: "command-item", run: () => this.composer.send({ text: `/${command}` }),
    })), word("commands"));
  }

  /** `@bot words`, by its name or by this word, asks the bot what it has to offer. */
  isInline(text) {
    const [name, ...rest] = text.split(" ");
    if (name !== "@bot" && name !== `@${this.bot?.username}`) return false;
    this.offer(rest.join(" "));
    return true;
  }

  async offer(query) {
    const { person } = this;
    try {
      const { answered, results, button } = await api.inline(person.id, query);
      if (this.person?.id !== person.id) return;
      const items = results.map(({ id, title, description }) => ({
        label: title, hint: description, kind: "command-item", run: () => this.composer.choose(id),
      }));
      if (button) items.unshift({ label: button.text, run: () => this.composer.send({ text: `/start ${button.start_parameter}` }) });
      if (items.length) openMenu(byId("text"), items, word("offered"));
      else toast(word(answered ? "nothingOffered" : "notOffered"), answered ? "" : "bad");
    } catch (error) {
      complain(error);
    }
  }

  chatMenu(anchor) {
    const { blocked, deactivated } = this.person;
    const items = [
      !blocked && { label: word("sendStart"), icon: "start", run: () => this.composer.send({ text: "/start" }) },
      blocked
        ? { label: word("unblock"), icon: "block", run: () => this.setBlocked(false) }
        : { label: word("block"), icon: "block", kind: "danger", run: () => this.setBlocked(true) },
    ];
    openMenu(anchor, deactivated ? [{ label: word("deactivated"), run() {} }] : items.filter(Boolean), word("menu"));
  }

  messageMenu(message, place) {
    const canWrite = !byId("composer").hidden;
    const items = [
      canWrite && { label: word("reply"), icon: "reply", run: () => this.composer.reply(message) },
      canWrite && isEditable(message) && { label: word("edit"), icon: "edit", run: () => this.composer.edit(message) },
      message.text && { label: word("copy"), icon: "copy", run: () => copyText(message.text) },
      canWrite && { label: word("forward"), icon: "forward", run: () => this.composer.send({ forward_from: { message_id: message.message_id } }) },
    ].filter(Boolean);
    if (items.length) openMenu(place, items, word("actions"));
  }
}

function isEditable(message) {
  return message.from === "person" && message.text !== "" && !message.forwarded_from;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(word("copied"));
  } catch {
    toast(word("notCopied"), "bad");
  }
}
