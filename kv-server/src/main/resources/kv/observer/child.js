// The panel of the child that somebody chose: its spec, its mailbox, its last exits, and a drill.

import { age, clock, el, here, holds, plural, shown, time } from "./dom.js";
import { outcomeTone, reason } from "./reports.js";

const ASK_AGAIN = 2_000; // the mailbox is worth it, and this is one request

export class Child {
  #panel;
  #close;
  #path = null;
  #token = null; // null if the node allows no drills
  #timer = 0;
  #key = "";
  #parts = null;

  constructor(panel, close) {
    this.#panel = panel;
    this.#close = close;
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#end();
    });
  }

  /** The token that a drill needs, or null if the node allows none. */
  allow(token) {
    this.#token = token;
    if (this.#parts) this.#offer();
  }

  show(path, node) {
    this.#path = path;
    const title = el("h2.label", { id: "child-title" }, node?.name ?? shown(path));
    const close = el("button.close", {
      type: "button", "aria-label": "Close this child", click: () => this.#end(),
    }, "×");
    this.#parts = {
      facts: el("dl.facts"),
      spec: el("dl.facts", { id: "child-spec" }),
      exits: el("ol", { id: "child-exits" }),
      drill: el("div.drill"),
      said: el("p", { id: "child-said", role: "status" }),
    };
    const { facts, spec, exits, drill, said } = this.#parts;
    this.#panel.replaceChildren(
      el("div.bar", {}, title, el("p.dim.path", {}, shown(path)), drill, close),
      el("div.scroll", {}, said,
        el("div.sheet", {},
          el("div", {}, el("h3", {}, "Now"), facts),
          el("div", {}, el("h3", {}, "Spec"), spec),
          el("div.exits", {}, el("h3", {}, "Last exits"), exits))));
    this.#panel.dataset.path = path;
    this.#panel.hidden = false;
    this.#offer();
    this.#ask();
  }

  /** The tree is new: asks at once if this child changed there. */
  changed(tree) {
    if (this.#path === null) return;
    const { state, startedAt, restarts } = tree.node(this.#path) ?? {};
    const key = [state, startedAt, restarts].join();
    if (key !== this.#key) this.#ask();
    this.#key = key;
  }

  #end() {
    clearTimeout(this.#timer);
    this.#path = null;
    this.#parts = null;
    this.#panel.hidden = true;
    this.#close();
  }

  async #ask() {
    clearTimeout(this.#timer);
    const parts = this.#parts;
    try {
      const query = new URLSearchParams({ path: this.#path });
      const response = await fetch(here(`child?${query}`), { cache: "no-store" });
      const answer = response.ok ? await response.json() : await response.text();
      if (parts !== this.#parts) return; // another child meanwhile
      if (response.ok) this.#fill(answer);
      else this.#gone(answer);
    } catch {
      // the stream tells that the node is away; what was known stays
    }
    if (parts !== this.#parts) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), ASK_AGAIN);
  }

  #gone(text) {
    this.#panel.classList.add("gone");
    this.#say(text.trim().slice(0, 300) || "It is gone.");
  }

  #fill(child) {
    if (this.#panel.classList.contains("gone")) this.#say("");
    this.#panel.classList.remove("gone");
    const { facts, spec, exits } = this.#parts;
    pairs(facts, {
      state: child.state,
      started: child.startedAt == null ? "–"
        : `${time(child.startedAt)}, ${age(clock.now() - child.startedAt)} ago`,
      restarts: String(child.restarts),
      mailbox: child.mailbox == null ? "none" : plural(child.mailbox, "message"),
      holds: holds(child.holds) || "–",
    });
    pairs(spec, child.spec && {
      id: child.spec.id,
      type: child.spec.type,
      restart: child.spec.restart,
      shutdown: child.spec.shutdown,
      significant: child.spec.significant ? "yes" : "no",
    });
    const key = JSON.stringify(child.exits);
    if (exits.dataset.key === key) return; // a reason that somebody unfolded stays so
    exits.dataset.key = key;
    exits.replaceChildren(...(child.exits ?? []).map((exit) =>
      el("li", { "data-id": exit.id },
        el("time.dim", {}, time(exit.at)), reason(exit.reason),
        el("span.outcome", { "data-tone": outcomeTone(exit) }, exit.outcome))));
    if (!exits.firstChild) exits.append(el("li.dim", {}, "none that is remembered"));
  }

  // --- the drill: asks once more, since a click is easily made ---

  #offer() {
    const crash = el("button", {
      id: "crash", type: "button", click: () => this.#sure(),
    }, "Crash…");
    this.#parts.drill.replaceChildren(...(this.#token && this.#path ? [crash] : []));
  }

  #sure() {
    const yes = el("button.danger", {
      id: "crash-yes", type: "button", click: () => this.#kill(),
    }, "Crash it");
    const no = el("button", {
      id: "crash-no", type: "button",
      click: () => {
        this.#offer();
        this.#parts.drill.querySelector("button")?.focus();
      },
    }, "Leave it");
    this.#parts.drill.replaceChildren(yes, no);
    no.focus();
  }

  async #kill() {
    const parts = this.#parts;
    this.#offer();
    parts.drill.querySelector("button")?.focus();
    let text;
    try {
      const query = new URLSearchParams({ path: this.#path });
      const headers = { "X-Token": this.#token };
      const response = await fetch(here(`kill?${query}`), { method: "POST", headers });
      text = response.ok ? "Crashed." : (await response.text()).trim().slice(0, 300);
    } catch (e) {
      text = `The node did not answer: ${e.message}`;
    }
    if (parts === this.#parts) this.#say(text);
  }

  #say(text) {
    this.#parts.said.textContent = text;
  }
}

function pairs(list, values) {
  const made = Object.entries(values ?? { spec: "none" }).map(([name, value]) =>
    el("div", { "data-name": name }, el("dt", {}, name), el("dd", {}, value)));
  list.replaceChildren(...made);
}
