/** The page as a whole: who is shown (kept in the address), what is asked regularly, the settings. */

import * as api from "./api.js";
import { Conversation } from "./conversation.js";
import { complain, confirm } from "./dialogs.js";
import { byId, icon, memory } from "./dom.js";
import { repeat } from "./live.js";
import { askForPerson, invitation, welcome } from "./new_person.js";
import { People } from "./people.js";
import { showTheme, switchTheme } from "./theme.js";
import { switchLanguage, translatePage, word } from "./words.js";

const EVERY = 2_000; // milliseconds between two looks at the list of people

let activeId = null;
let isLoaded = false;

const isWide = matchMedia("(min-width: 760px)");
const people = new People(choose);
const conversation = new Conversation({
  changed: () => regularly.soon(),
  seen: (messageId) => people.markSeen(activeId, messageId),
  gone: () => regularly.soon(),
  connection: showConnection,
});
const regularly = repeat(look, { every: EVERY, onConnection: showConnection });

async function look() {
  const everybody = await api.everybody();
  const reader = everybody.find(({ id }) => id === activeId);
  const bot = await api.bot(reader);
  await people.update(everybody, activeId);
  isLoaded = true;
  const shown = people.find(activeId);
  // The person may have changed while the questions were open.
  if (shown && conversation.person?.id === activeId) conversation.update(shown, shown.id === reader?.id ? bot : null);
  else {
    conversation.bot ??= bot;
    route();
  }
  drawTitle();
}

/** Show whom the address names. A wide window never stays empty while there is somebody. */
function route() {
  if (!isLoaded) return;
  const named = people.find(Number(location.hash.slice(1)));
  const remembered = people.find(Number(memory.get("person"))) ?? people.all[0];
  const person = named ?? (isWide.matches ? remembered : undefined);
  if (person && !named) history.replaceState(null, "", `#${person.id}`);
  if (person?.id !== conversation.person?.id) {
    activeId = person?.id ?? null;
    people.activeId = activeId;
    if (person) conversation.open(person);
    else conversation.close({ isForgotten: people.all.length === 0 });
    people.draw();
    regularly.soon(); // the bot's words in this person's language
  }
  if (person) memory.set("person", String(person.id));
  draw();
}

function draw() {
  const isSomebody = activeId !== null;
  const isNobodyThere = people.all.length === 0;
  byId("app").dataset.view = isSomebody || isNobodyThere ? "chat" : "people";
  byId("app").classList.toggle("nobody", isNobodyThere);
  byId("conversation").hidden = !isSomebody;
  byId("welcome").hidden = isSomebody;
  if (!isSomebody) drawWelcome(isNobodyThere);
  drawTitle();
}

let welcomed = null;

/** Drawn only when it changes: what has the focus must keep it. */
function drawWelcome(isNobodyThere) {
  const state = `${isNobodyThere} ${document.documentElement.lang}`;
  if (state === welcomed && byId("welcome").children.length) return;
  welcomed = state;
  byId("welcome").replaceChildren(...(isNobodyThere ? welcome(created) : invitation()));
}

function drawTitle() {
  const count = people.unreadElsewhere;
  const person = people.find(activeId);
  const name = person ? `${person.first_name} · ${conversation.botName}` : word("title");
  document.title = count ? `(${count}) ${name}` : name;
  byId("back").dataset.count = count || "";
  byId("back").setAttribute("aria-label", count ? word("unreadElsewhere", count) : word("backToPeople"));
}

function choose(id) {
  if (id === activeId) return;
  // From the list of a phone a step forward, so that its back gesture returns; else in place.
  if (activeId === null) history.pushState({ fromList: true }, "", `#${id}`);
  else history.replaceState(history.state, "", `#${id}`);
  route();
}

function created(person) {
  people.add(person);
  choose(person.id);
}

function backToList() {
  if (history.state?.fromList) history.back();
  else {
    history.replaceState(null, "", location.pathname);
    route();
  }
}

async function clearEverything() {
  if (!(await confirm(word("clearQuestion"), word("clearText"), word("clearYes"), "danger"))) return;
  try {
    await api.clearAll();
    conversation.close({ isForgotten: true });
    activeId = null;
    history.replaceState(null, "", location.pathname);
  } catch (error) {
    complain(error);
  }
  regularly.soon();
}

function showConnection(isThere) {
  byId("offline").hidden = isThere;
  byId("offline").textContent = isThere ? "" : word("reconnecting");
}

function translate() {
  translatePage();
  showTheme();
  byId("language").textContent = word("otherLanguage");
  byId("new-person").replaceChildren(icon("plus"), word("newPerson"));
}

for (const [id, name] of [["back", "back"], ["chat-menu", "more"], ["jump", "down"], ["commands", "commands"], ["toggle-keyboard", "keyboard"], ["attach", "attach"], ["send", "send"], ["bot-avatar", "check"]]) {
  byId(id).replaceChildren(icon(name));
}
byId("theme").addEventListener("click", switchTheme);
byId("language").addEventListener("click", () => {
  switchLanguage();
  translate();
  people.draw(true);
  conversation.redraw();
  if (isLoaded) draw();
});
byId("new-person").addEventListener("click", () => askForPerson(created));
byId("clear").addEventListener("click", clearEverything);
byId("back").addEventListener("click", backToList);
addEventListener("popstate", route);
addEventListener("hashchange", route);
isWide.addEventListener("change", route);
translate();
