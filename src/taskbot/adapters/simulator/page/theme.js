/** Light, dark, or as the system says. */

import { byId, icon, memory } from "./dom.js";
import { word } from "./words.js";

const ORDER = ["auto", "light", "dark"];
const ICONS = { auto: "auto", light: "sun", dark: "moon" };

const chosen = () => {
  const theme = memory.get("theme");
  return theme === "light" || theme === "dark" ? theme : "auto";
};

export function showTheme() {
  const theme = chosen();
  const button = byId("theme");
  const label = word("theme")[theme];
  button.replaceChildren(icon(ICONS[theme]));
  button.title = label;
  button.setAttribute("aria-label", label);
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function switchTheme() {
  const next = ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length];
  memory.set("theme", next === "auto" ? null : next);
  showTheme();
}
