/** The list of people one can be: last message, unread ones, and who is shown now. */

import * as api from "./api.js";
import { summary } from "./bubble.js";
import { avatar, byId, el, memory } from "./dom.js";
import { shortTime, word } from "./words.js";

export class People {
  /** *choose(id)* is called when somebody is picked. */
  constructor(choose) {
    this.list = byId("people-list");
    this.choose = choose;
    this.all = [];
    this.unread = new Map(); // person id -> count
    this.counted = new Map(); // person id -> "revision:seen" that the count belongs to
    this.drawn = null;
  }

  find(id) {
    return this.all.find((person) => person.id === id);
  }

  /** Take what the server says. *activeId* is on screen: what it gets counts as read if it is seen. */
  async update(everybody, activeId) {
    this.all = [...everybody].sort((one, other) => lastDate(other) - lastDate(one));
    this.activeId = activeId;
    await Promise.all(this.all.filter(({ id }) => id !== activeId || document.hidden).map((person) => this.count(person)));
    this.draw();
  }

  add(person) {
    this.all = [{ ...person, last_message: null }, ...this.all.filter(({ id }) => id !== person.id)];
    this.draw();
  }

  /** Unread messages are counted only when something happened: most people most of the time are idle. */
  async count(person) {
    const last = person.last_message?.message_id ?? 0;
    // What happened before this browser's first look is not news.
    if (memory.get(`seen.${person.id}`) === null) memory.set(`seen.${person.id}`, String(last));
    // Ids begin anew when the simulator does; what was seen of the old ones means nothing then.
    const seen = Math.min(Number(memory.get(`seen.${person.id}`)), last);
    const state = `${person.revision}:${seen}`;
    if (this.counted.get(person.id) === state) return;
    const news = last > seen ? await api.after(person.id, seen) : [];
    this.counted.set(person.id, state);
    this.unread.set(person.id, news.filter((message) => message.from === "bot" && !message.deleted && message.message_id > seen).length);
  }

  /** The person looked at everything up to this message. */
  markSeen(id, messageId) {
    memory.set(`seen.${id}`, String(messageId));
    if (this.unread.get(id)) {
      this.unread.set(id, 0);
      this.draw();
    }
  }

  get unreadElsewhere() {
    return this.all.reduce((sum, { id }) => sum + (id === this.activeId ? 0 : (this.unread.get(id) ?? 0)), 0);
  }

  draw(isForced = false) {
    const state = JSON.stringify([this.all, [...this.unread], this.activeId, new Date().toDateString()]);
    if (state === this.drawn && !isForced) return;
    this.drawn = state;
    const focusedId = document.activeElement?.closest?.(".person")?.dataset.id;
    this.list.replaceChildren(...this.all.map((person) => this.item(person)));
    if (focusedId) this.list.querySelector(`[data-id="${focusedId}"]`)?.focus();
  }

  item(person) {
    const unread = this.unread.get(person.id) ?? 0;
    const last = person.last_message;
    return el("li", {}, el("a", {
      class: "person", href: `#${person.id}`, data: { id: person.id },
      "aria-current": person.id === this.activeId && "true",
      // The link alone would add a step to the history for each look at a person.
      on: {
        click: (event) => {
          event.preventDefault();
          this.choose(person.id);
        },
      },
    },
    avatar(person),
    el("span", { class: "person-name", dir: "auto" }, fullName(person),
      person.language_code && el("span", { class: "tag" }, person.language_code)),
    el("span", { class: "person-time" }, last ? shortTime(last.date) : ""),
    preview(person),
    unread > 0 && el("span", { class: "badge" }, el("span", { "aria-hidden": "true" }, String(unread)), el("span", { class: "sr-only" }, word("unread", unread)))));
  }
}

export function fullName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}

function lastDate(person) {
  return person.last_message?.date ?? Number.MAX_VALUE; // who was just made comes first
}

function preview(person) {
  const last = person.last_message;
  const line = (kind, ...parts) => el("span", { class: `person-last ${kind}`, dir: "auto" }, ...parts);
  if (person.deactivated) return line("note", word("deactivated"));
  if (person.blocked) return line("note", word("blocked"));
  if (person.typing) return line("typing", word("typing"));
  if (!last) return line("note", word(person.started ? "noMessages" : "notPressedStart"));
  return line("", last.from === "person" && el("span", { class: "who" }, `${word("you")}: `), summary(last));
}
