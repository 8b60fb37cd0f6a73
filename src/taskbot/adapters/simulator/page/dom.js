/** Building elements. Text only ever becomes text: nothing here, or elsewhere, sets innerHTML. */

/** Make an element. `class`, `data` (dataset) and `on` (listeners) are special, the rest are attributes. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}

const SVG = "http://www.w3.org/2000/svg";

// Strokes on a 24 x 24 grid: drawn here, for a font or a library would be an asset of others.
const SHAPES = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4.5 12L3 4.5 21 12 3 19.5zM4.5 12H12",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  commands: "M5 7h14M5 12h14M5 17h9",
  keyboard: "M4 6.5h16v11H4zM8 10.5v.01M12 10.5v.01M16 10.5v.01M9 14h6",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  download: "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 20h14",
  pin: "M12 21s-7-6.2-7-11.5a7 7 0 0 1 14 0C19 14.8 12 21 12 21zM12 9.5v.01",
  sticker: "M20 12a8 8 0 1 0-8 8c2 0 8-6 8-8zM20 12c-5 0-8 3-8 8M9 9.5v.01M14 9.5v.01",
  reply: "M10 7L4 12l6 5v-3.5c5 0 8 1.5 10 4.5 0-6-4-9.5-10-9.5z",
  forward: "M14 7l6 5-6 5v-3.5c-5 0-8 1.5-10 4.5 0-6 4-9.5 10-9.5z",
  edit: "M5 19l1-4L16.5 4.5l3 3L9 18z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M5 9l7 7 7-7",
  plus: "M12 5v14M5 12h14",
  block: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 6.5l11 11",
  start: "M8 5l11 7-11 7z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  link: "M8 16L17 7M10 7h7v7",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** The round picture of a person: the first letter on a colour that belongs to the id. */
export function avatar(person) {
  const letter = [...person.first_name.trim()][0] ?? "?";
  return el("span", { class: `avatar hue-${person.id % 7}`, "aria-hidden": "true" }, letter.toUpperCase());
}

/** Whether a hardware keyboard is likely: focus may then go to the field without raising a screen one. */
export function hasMouse() {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

const remembered = new Map();

/** Remember small things between visits; for this one only where the browser's storage is off. */
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(`simulator.${name}`);
    } catch {
      return remembered.get(name) ?? null;
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`simulator.${name}`);
      else localStorage.setItem(`simulator.${name}`, value);
    } catch {
      remembered.set(name, value);
    }
  },
};
