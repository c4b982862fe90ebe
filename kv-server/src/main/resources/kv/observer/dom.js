// Elements and words. All text goes in as text nodes: what a client can name is never markup.

function make(element, what, attributes, children) {
  const [, ...classes] = what.split(".");
  if (classes.length) element.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** What the node has under a path, also if the page was opened with a password in its address. */
export function here(path) {
  return new URL(path, location.origin + location.pathname);
}

/** An element, as in el("span.name.dim", {title: "…", click: listener}, "text", another). */
export function el(what, attributes = {}, ...children) {
  return make(document.createElement(what.split(".")[0]), what, attributes, children);
}

/** The same of SVG. */
export function svg(what, attributes = {}, ...children) {
  const space = "http://www.w3.org/2000/svg";
  return make(document.createElementNS(space, what.split(".")[0]), what, attributes, children);
}

export const byId = (id) => document.getElementById(id);

/** Sets a text that may be the same: most are, and the browser need not lay them out again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The node's clock: ages and times are those of the node, whatever the clock here says. */
export const clock = {
  ahead: 0,
  set(now) {
    this.ahead = now - Date.now();
  },
  now() {
    return Date.now() + this.ahead;
  },
};

const NARROW = "\u202f"; // between a number and its unit: they stay on one line

/** Three digits, and k, M or G: 7, 12.5, 1,234, 12.3 k. */
export function count(number) {
  if (number == null) return "–";
  if (number < 10 && number % 1) return number.toFixed(1);
  if (number < 9999.5) return Math.round(number).toLocaleString("en");
  return scaled(number, 1000, ["", "k", "M", "G", "T"]);
}

export function bytes(number) {
  return number == null ? "–" : scaled(number, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
}

export function micros(number) {
  return number == null ? "–" : scaled(number, 1000, ["µs", "ms", "s"]);
}

function scaled(number, base, units) {
  let unit = 0;
  while (number >= base * 0.9995 && unit < units.length - 1) {
    number /= base;
    unit++;
  }
  const digits = number >= 99.95 || number % 1 === 0 ? 0 : number >= 9.995 ? 1 : 2;
  return number.toFixed(digits) + (units[unit] && NARROW + units[unit]);
}

export function percent(part) {
  return (part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0) + NARROW + "%";
}

/** How many restarts a supervisor bears; some never give up. */
export function bound(intensity) {
  return intensity < 2 ** 31 - 1 ? String(intensity) : "∞";
}

export function plural(number, one, many = one + "s") {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** The two largest units: 12s, 4m 10s, 3h 2m, 5d 1h. */
export function age(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const units = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return "0s";
  return units
    .slice(first, first + 2)
    .map(([size, unit], i) => [Math.floor((i ? seconds % units[first][0] : seconds) / size), unit])
    .filter(([number], i) => i === 0 || number > 0)
    .map(([number, unit]) => number + unit)
    .join(" ");
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true });
const LONGEST_PATH = 200;

/** A path as people see it: it comes as bytes, each a character, and most are UTF-8. */
export function shown(path) {
  let text = path;
  try {
    text = UTF_8.decode(Uint8Array.from(path, (byte) => byte.charCodeAt(0)));
  } catch {
    // other bytes: each stands for itself
  }
  return text.length > LONGEST_PATH ? text.slice(0, LONGEST_PATH) + "…" : text;
}

const TIME = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** 15:48:02, after the day if that is not today. */
export function time(millis) {
  const day = DAY.format(millis);
  return (day === DAY.format(clock.now()) ? "" : day + ", ") + TIME.format(millis);
}

/** What a child holds, as the node tells it: some of keys, bytes, requests, user. */
export function holds(what) {
  const parts = [];
  for (const [name, value] of Object.entries(what ?? {})) {
    if (name === "keys") parts.push(plural(value, "key"));
    else if (name === "requests") parts.push(plural(value, "request"));
    else if (name === "bytes") parts.push(bytes(value));
    else parts.push(name === "user" ? String(value) : `${name} ${value}`);
  }
  return parts.join(", ");
}
