/** The keyboard that the bot puts in place of the person's own. */

import { toast } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { word } from "./words.js";

export class ReplyKeyboard {
  /** *on*: `text(label)`, `location()`, `toggled()`. */
  constructor(on) {
    this.on = on;
    this.panel = byId("reply-keyboard");
    this.toggle = byId("toggle-keyboard");
    this.shown = null; // what is drawn now, to draw only what is new
    this.toggle.addEventListener("click", () => {
      this.setOpen(this.panel.hidden);
      on.toggled();
    });
  }

  /** *keyboard* as the server gives it for a person, or null. A new one opens by itself. */
  update(keyboard) {
    const next = JSON.stringify(keyboard ?? null);
    if (next === this.shown) return;
    this.shown = next;
    const rows = keyboard?.buttons ?? [];
    this.panel.replaceChildren(...rows.map((row) => el("div", { class: "button-row" }, row.map((button) =>
      el("button", { type: "button", class: "reply-button", dir: "auto", on: { click: () => this.press(button) } }, button.text)))));
    this.toggle.hidden = rows.length === 0;
    this.setOpen(rows.length > 0);
    this.on.toggled();
  }

  setOpen(isOpen) {
    this.panel.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
  }

  press(button) {
    if (button.request_location) this.on.location();
    else if (button.request_contact || button.web_app || button.request_poll) toast(word("cannotOpen"));
    else this.on.text(button.text);
  }
}
