// What happened: the reports of all supervisors, newest first.

import { bound, byId, el, plural, shown, time, write } from "./dom.js";

const MOST = 1_000;
const LONG = 120;

const WORDS = {
  child_terminated: "crashed",
  child_terminated_for_good: "crashed",
  start_error: "did not start",
  reached_max_restart_intensity: "gave up",
  auto_shutdown: "shut down by itself",
  shutdown_error: "did not stop well",
  restarted: "restarted",
};

/** Whom a report is about; who has no row, as it is folded away or gone, goes by its name. */
export function whom({ path, supervisor, child }) {
  if (path !== null) return shown(path) || "node";
  const name = child.length > LONG ? child.slice(0, LONG) + "…" : child;
  return `${name} of ${shown(supervisor) || "node"}`;
}

/** Good news, bad news, or neither: the colour of an outcome, which also is a word. */
export function outcomeTone({ outcome, event }) {
  if (outcome.startsWith("restarted")) return "back";
  if (outcome === "gave up" || event === "reached_max_restart_intensity") return "crash";
  return outcome.startsWith("start failed") ? "crash" : "group";
}

/** A reason; if it is long, its beginning, and the rest for who unfolds it. */
export function reason(text) {
  const line = text.split("\n", 1)[0];
  if (text.length <= LONG && line === text) return el("span.reason", {}, text);
  const short = line.length > LONG ? line.slice(0, LONG) + "…" : line;
  return el("details.reason", {}, el("summary", {}, short), el("pre", {}, text));
}

export class Reports {
  #list = byId("reports");
  #filter = byId("reports-filter");
  #shown = new Map(); // by id, oldest first: {report, li, text}
  #choose;

  constructor(choose) {
    this.#choose = choose;
    this.#filter.addEventListener("input", () => this.#filterAll());
  }

  /** All that the node remembers, newest first. */
  replace(reports) {
    this.#shown.clear();
    this.#list.replaceChildren();
    for (const report of reports.slice(0, MOST).reverse()) this.put(report);
    this.#filterAll();
  }

  /** One that is new, or has changed; returns what it was before, or undefined. */
  put(report) {
    const before = this.#shown.get(report.id);
    const entry = { report, li: this.#row(report), text: words(report) };
    this.#shown.set(report.id, entry); // a changed one keeps its place
    if (before) before.li.replaceWith(entry.li);
    else this.#list.prepend(entry.li);
    entry.li.hidden = !this.#matches(entry);
    for (const [id, oldest] of this.#shown) {
      if (this.#shown.size <= MOST) break;
      this.#shown.delete(id);
      oldest.li.remove();
    }
    this.#count();
    return before?.report;
  }

  /** When something crashed from then on, for the charts. */
  since(millis) {
    return [...this.#shown.values()].map(({ report }) => report)
      .filter(({ at, level }) => at >= millis && level !== "info")
      .map(({ at }) => at);
  }

  #row(report) {
    const path = report.path ?? report.supervisor;
    const who = el("button.who", {
      type: "button", title: `Show ${shown(path)}`, click: () => this.#choose(path),
    }, whom(report));
    const isBound = report.intensity != null && report.event !== "restarted";
    return el("li", { "data-id": report.id, "data-path": path, "data-event": report.event,
      "data-level": report.level, "data-outcome": report.outcome },
      el("time", { datetime: new Date(report.at).toISOString() }, time(report.at)),
      el("span.what", {}, who, " ", WORDS[report.event] ?? report.event),
      el("span.bound.dim", {
        title: isBound ? `restarts in the window of ${report.supervisor || "node"}` : null,
      }, isBound ? `${report.restarts}/${bound(report.intensity)}` : ""),
      el("div.why", {},
        el("span.outcome", { "data-tone": outcomeTone(report) }, report.outcome),
        reason(report.reason ?? "")));
  }

  #matches(entry) {
    return entry.text.includes(this.#filter.value.trim().toLowerCase());
  }

  #filterAll() {
    for (const entry of this.#shown.values()) entry.li.hidden = !this.#matches(entry);
    this.#count();
  }

  #count() {
    const all = this.#shown.size;
    const isFiltered = this.#filter.value.trim() !== "";
    const seen = isFiltered ? this.#list.querySelectorAll(":scope > li:not([hidden])").length : all;
    write(byId("reports-count"), isFiltered ? `${seen} of ${plural(all, "report")}`
      : all ? plural(all, "report") : "");
    byId("reports-none").hidden = seen > 0;
    write(byId("reports-none"), all ? "No report has these words." : "Nothing has crashed so far.");
  }
}

function words(report) {
  const { supervisor, child, event, reason, outcome, level, at } = report;
  const who = [whom(report), supervisor, child];
  return [...who, event, WORDS[event], reason, outcome, level, time(at)].join("\n").toLowerCase();
}
