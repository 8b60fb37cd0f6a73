/** Making people: in one press, or with a name of one's own. */

import * as api from "./api.js";
import { ask, complain } from "./dialogs.js";
import { avatar, el, icon } from "./dom.js";
import { language, word } from "./words.js";

async function create(details, created) {
  try {
    created(await api.createPerson(details));
  } catch (error) {
    complain(error);
  }
}

export async function askForPerson(created) {
  const label = (text, field, note) => el("label", { class: "labelled" }, el("span", {}, text, note && el("small", {}, ` ${note}`)), field);
  const fields = [
    label(word("firstName"), el("input", { name: "first_name", class: "input", required: true, maxlength: "64", pattern: ".*\\S.*", autofocus: true, dir: "auto" })),
    label(word("username"), el("input", {
      name: "username", class: "input", pattern: "[A-Za-z][A-Za-z0-9_]{2,31}", title: word("usernameHint"), autocapitalize: "none", spellcheck: "false",
    }), `(${word("optional")})`),
    el("fieldset", { class: "segments" },
      el("legend", {}, word("personLanguage")),
      Object.entries(word("languages")).map(([code, name]) => el("label", {},
        el("input", { type: "radio", name: "language_code", value: code, checked: code === language }), el("span", {}, name)))),
  ];
  const details = await ask(word("newPerson"), fields, word("create"), (form) => {
    const values = Object.fromEntries(new FormData(form));
    return { ...values, first_name: values.first_name.trim(), username: values.username || undefined };
  });
  if (details) await create(details, created);
}

/** Nobody is there yet: say what this is and offer two people who differ in language. */
export function welcome(created) {
  return [
    el("span", { class: "avatar bot-avatar large", "aria-hidden": "true" }, icon("check")),
    el("h2", {}, word("welcomeTitle")),
    el("p", {}, word("welcomeText")),
    el("div", { class: "welcome-people" },
      word("quick").map((person, index) => el("button", { type: "button", class: "wide", on: { click: () => create(person, created) } },
        avatar({ ...person, id: index * 3 + 1 }), `${person.first_name} (${person.language_code})`)),
      el("button", { type: "button", class: "wide plain", on: { click: () => askForPerson(created) } }, word("custom"))),
  ];
}

/** Somebody is there, nobody is chosen. */
export function invitation() {
  return [el("p", { class: "pill" }, `${word("chooseTitle")} ${word("chooseText")}`)];
}
