// The supervision tree: an ARIA tree whose rows stay the same elements while their children live,
// so that focus, selection and scrolling survive four updates a second.

import { age, bound, clock, el, here, holds, plural, shown, write } from "./dom.js";

const CRASH_SHOWS = 1_200; // a restart takes a millisecond: the crash before it must be seen
const MARK_SHOWS = 6_000;
const STEPS = 4;
const MARKS = 200;
const LEFT_STAYS = 2_000; // the report of an exit may come after the tree without the child
const LEFT = 200;
const TYPING = 200;
const SEARCH_AGAIN = 2_000;

export class Tree {
  #list;
  #choose;
  #items = new Map(); // by path
  #marks = new Map(); // by path: what is shown instead of the state for some seconds
  #root = null;
  #chosen = null;
  #current = null; // the item that Tab comes to

  /** Rows go into `list`; `choose(path, node)` is told which one a person chooses. */
  constructor(list, choose) {
    this.#list = list;
    this.#choose = choose;
    list.addEventListener("keydown", (event) => this.#key(event));
    setInterval(() => this.#tick(), 250);
  }

  /** The whole tree, as the node sends it. */
  show(root) {
    this.#root = root;
    for (const item of this.#items.values()) item.seen = false;
    this.#order(this.#list, [this.#put(root, null)]);
    let left = 0;
    for (const item of [...this.#items.values()]) {
      if (item.seen || item.left) left += item.left ? 1 : 0;
      else if (left++ < LEFT) this.#leave(item);
      else this.#remove(item);
    }
    if (!this.#current?.li.isConnected) this.#makeCurrent(this.#items.get(root.path));
    for (const path of this.#marks.keys()) this.#showMark(path);
  }

  node(path) {
    return this.#items.get(path)?.node;
  }

  /** Opens what is above a child, and chooses it, if it is there. */
  reveal(path) {
    const item = this.#items.get(path);
    if (!item) return this.#select(path, null);
    for (let above = item.parent; above; above = above.parent) this.#expand(above, true);
    item.li.focus();
    this.#select(path, item.node);
  }

  unselect() {
    this.#items.get(this.#chosen)?.li.setAttribute("aria-selected", "false");
    this.#chosen = null;
    this.#current?.li.focus();
  }

  /** A report that is new, or whose outcome is now known: marks the rows that it tells of. */
  mark(report, before) {
    const path = report.path ?? report.supervisor;
    if (!this.#marks.has(path) && this.#marks.size >= MARKS) return;
    // a child that has no row, as it is folded away or gone, is told of at its supervisor's
    const whose = report.path === null ? "child " : "";
    const why = whose ? `${report.child}: ${report.reason}` : report.reason;
    const mark = (text, tone) => this.#mark(path, whose + text, tone, why);
    if (!before) mark(WHAT[report.event] ?? "crashed", "crash");
    if (!report.outcome || report.outcome === before?.outcome) return;
    if (report.outcome.startsWith("start failed")) mark("start failed", "crash");
    else if (report.outcome === "not restarted") mark("ended", "group");
    else if (report.outcome.startsWith("restarted")) {
      mark("restarted", "back");
      for (const sibling of this.#group(report)) {
        this.#mark(sibling.node.path, "taken along", "group", `with ${report.child}`);
        this.#mark(sibling.node.path, "restarted", "back");
      }
    }
  }

  #group(report) {
    const with_ = new Set(report.group);
    return [...this.#items.values()].filter(
      (item) =>
        item.parent?.node.path === report.supervisor &&
        item.node.path !== report.path &&
        with_.has(item.node.name));
  }

  // --- rows ---

  #put(node, parent) {
    let item = this.#items.get(node.path);
    if (item && item.li.dataset.kind !== node.kind) {
      this.#remove(item);
      item = null;
    }
    if (!item) this.#items.set(node.path, (item = this.#create(node, parent)));
    item.seen = true;
    if (item.left) this.#comeBack(item);
    item.node = node;
    this.#fill(item);
    if (node.kind === "supervisor") this.#fillGroup(item);
    return item.li;
  }

  #create(node, parent) {
    const item = { node, parent, depth: parent ? parent.depth + 1 : 0, left: 0, found: null };
    const cell = (name) => (item[name] = el(`span.cell.${name}`));
    item.twisty = el("span.twisty", { "aria-hidden": "true" });
    item.label = el("span.label");
    item.bar = el("span.used");
    item.window = el("span");
    item.row = el("div.row", { click: (event) => this.#click(event, item) },
      el("span.cell.name", {}, item.twisty, item.label),
      cell("kind"), cell("state"),
      el("span.cell.recent", {}, el("span.meter", {}, item.bar), item.window),
      cell("restarts"), cell("age"));
    item.li = el("li", {
      role: "treeitem", tabindex: "-1", "data-path": node.path, "data-kind": node.kind,
      "aria-level": item.depth + 1, "aria-selected": String(node.path === this.#chosen),
      focus: () => this.#makeCurrent(item),
    }, item.row);
    item.li.style.setProperty("--depth", item.depth);
    if (node.kind === "supervisor") {
      item.group = el("ul", { role: "group" });
      item.li.append(item.group);
      this.#expand(item, node.count <= node.children.length);
    }
    return item;
  }

  #fill(item) {
    const { node } = item;
    const isSupervisor = node.kind === "supervisor";
    item.li.dataset.state = node.state;
    write(item.label, node.name);
    item.label.title = shown(node.path) || node.name;
    write(item.kind, isSupervisor ? node.strategy : holds(node.holds) || node.kind);
    item.kind.title = item.kind.textContent;
    item.kind.classList.toggle("plain", item.kind.textContent === "worker");
    if (!this.#marks.has(node.path)) this.#showState(item);
    write(item.restarts, String(node.restarts));
    item.restarts.classList.toggle("zero", node.restarts === 0);
    this.#fillAge(item);
    if (isSupervisor) this.#fillMeter(item);
    const label = [node.name, isSupervisor ? `supervisor ${node.strategy}` : node.kind, node.state,
      plural(node.restarts, "restart"), isSupervisor && plural(node.count, "child", "children"),
      holds(node.holds)];
    item.li.setAttribute("aria-label", label.filter(Boolean).join(", "));
  }

  #fillMeter(item) {
    const { recent, intensity, period } = item.node;
    const part = intensity ? Math.min(1, recent / intensity) : recent ? 1 : 0;
    item.bar.style.width = `${part * 100}%`;
    item.row.dataset.used = part >= 1 ? "all" : part > 0 ? "some" : "none";
    write(item.window, `${recent}/${bound(intensity)}`);
    item.window.parentNode.title = bound(intensity) === "∞" ? "it never gives up"
      : `${recent} of at most ${plural(intensity, "restart")} within ${age(period)}; `
        + "one more than that, and it gives up";
  }

  #fillAge(item) {
    const { startedAt } = item.node;
    write(item.age, startedAt == null || item.left ? "" : age(clock.now() - startedAt));
  }

  #fillGroup(item) {
    const { node } = item;
    const children = item.found?.children ?? node.children;
    const older = node.count - node.children.length;
    const folds = older > 0 || item.found;
    if (folds && !item.find) this.#addSearch(item);
    if (item.find) {
      item.find.parentNode.hidden = !folds;
      const here = children.length.toLocaleString("en");
      write(item.folded, !item.found
        ? `${plural(node.count, "child", "children")}; the newest ${here} unfold`
        : `${plural(item.found.matches, "match", "matches")} among `
          + item.found.total.toLocaleString("en")
          + (item.found.matches > children.length ? `; ${here} of them here` : ""));
    }
    this.#order(item.group, children.map((child) => this.#put(child, item)));
    if (item.found && !item.search) this.#searchLater(item, SEARCH_AGAIN);
  }

  /** Puts elements into this order, moving only those that stand elsewhere. */
  #order(parent, wanted) {
    const wants = new Set(wanted);
    let next = parent.firstElementChild;
    for (const element of wanted) {
      while (next && !wants.has(next)) next = next.nextElementSibling; // one that has left
      if (next === element) next = next.nextElementSibling;
      else parent.insertBefore(element, next);
    }
  }

  // --- children that leave ---

  #leave(item) {
    item.left = performance.now();
    item.li.hidden = !this.#marks.has(item.node.path);
    item.li.classList.add("left");
    item.li.setAttribute("aria-disabled", "true");
  }

  #comeBack(item) {
    item.left = 0;
    item.li.hidden = false;
    item.li.classList.remove("left");
    item.li.removeAttribute("aria-disabled");
  }

  #remove(item) {
    clearTimeout(item.search);
    const hadFocus = item.li.contains(document.activeElement);
    item.li.remove();
    if (this.#items.get(item.node.path) === item) this.#items.delete(item.node.path);
    if (item === this.#current) this.#makeCurrent(item.parent);
    if (hadFocus) item.parent?.li.focus();
  }

  // --- marks ---

  #mark(path, text, tone, why = "") {
    const now = performance.now();
    const steps = this.#marks.get(path) ?? [];
    const last = steps.at(-1);
    const turn = last ? Math.max(now, last.from + CRASH_SHOWS) : now;
    const from = Math.min(turn, now + 2 * CRASH_SHOWS); // who crashes all the time shows the latest
    steps.push({ text, tone, why, from });
    this.#marks.set(path, steps.slice(-STEPS));
    const item = this.#items.get(path);
    if (item?.left) item.li.hidden = false;
    this.#showMark(path);
  }

  #showMark(path) {
    const steps = this.#marks.get(path);
    const step = steps.findLast((one) => one.from <= performance.now()) ?? steps[0];
    const item = this.#items.get(path);
    if (item) this.#showStep(item, step, step.why);
    for (let above = this.#above(path); above; above = above.parent)
      if ((above.group.hidden || !item) && !this.#marks.has(above.node.path))
        this.#showStep(above, { ...step, text: `child ${step.text}` }, shown(path));
  }

  /** The supervisor of a path, also of a child that is folded away; names may have a slash. */
  #above(path) {
    const item = this.#items.get(path);
    if (item) return item.parent;
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const above = this.#items.get(path.slice(0, end));
      if (above?.group) return above;
    }
    return null;
  }

  #showStep(item, { text, tone, from }, title) {
    if (item.row.dataset.mark && item.flash > from) return; // a later one of another child
    write(item.state, text);
    item.state.title = title;
    if (item.row.dataset.mark === tone && item.flash === from) return;
    item.flash = from;
    delete item.row.dataset.mark;
    void item.row.offsetWidth; // begins the flash anew
    item.row.dataset.mark = tone;
  }

  #showState(item) {
    write(item.state, item.node.state);
    item.state.title = STATES[item.node.state] ?? "";
    delete item.row.dataset.mark;
  }

  #tick() {
    const now = performance.now();
    for (const [path, steps] of this.#marks) {
      if (now < steps.at(-1).from + MARK_SHOWS) this.#showMark(path);
      else {
        this.#marks.delete(path);
        const item = this.#items.get(path);
        if (item) this.#showState(item);
        for (let above = this.#above(path); above; above = above.parent)
          if (!this.#marks.has(above.node.path)) this.#showState(above);
      }
    }
    for (const item of [...this.#items.values()]) {
      if (!item.left) this.#fillAge(item);
      else if (now > item.left + LEFT_STAYS && !this.#marks.has(item.node.path)) this.#remove(item);
    }
  }

  // --- search in a family ---

  #addSearch(item) {
    item.find = el("input.find", {
      type: "search", placeholder: "find", maxlength: "200", spellcheck: "false",
      autocomplete: "off", "data-path": item.node.path,
      "aria-label": `Find children of ${item.node.name}`,
      input: () => this.#searchLater(item, TYPING),
      keydown: (event) => this.#searchKey(event, item),
    });
    item.folded = el("span.dim", { role: "status" });
    item.row.after(el("div.family", {}, item.find, item.folded));
  }

  #searchKey(event, item) {
    event.stopPropagation();
    if (event.key === "Escape") {
      item.find.value = "";
      this.#searchLater(item, 0);
      item.li.focus();
    } else if (event.key === "ArrowDown" && !item.group.hidden) {
      event.preventDefault();
      item.group.querySelector("[role=treeitem]:not([hidden])")?.focus();
    }
  }

  #searchLater(item, wait) {
    clearTimeout(item.search);
    item.search = setTimeout(() => this.#search(item), wait);
  }

  async #search(item) {
    const text = item.find.value.trim();
    let found = null;
    if (text) {
      const query = new URLSearchParams({ of: item.node.path, q: text });
      try {
        const response = await fetch(here(`children?${query}`), { cache: "no-store" });
        if (response.ok) found = await response.json();
      } catch {
        // the stream tells that the node is away
      }
      if (text !== item.find.value.trim()) return; // typed on meanwhile: another search is due
      if (!found) return this.#searchLater(item, SEARCH_AGAIN); // away, or busy
    }
    item.search = 0;
    const began = found && !item.found;
    item.found = found;
    if (began) this.#expand(item, true);
    this.show(this.#root);
  }

  // --- keys and clicks ---

  #expand(item, isOpen) {
    item.group.hidden = !isOpen;
    item.li.setAttribute("aria-expanded", String(isOpen));
  }

  #click(event, item) {
    item.li.focus();
    if (event.target === item.twisty && item.group) this.#expand(item, item.group.hidden);
    else this.#select(item.node.path, item.node);
  }

  #select(path, node) {
    this.#items.get(this.#chosen)?.li.setAttribute("aria-selected", "false");
    this.#chosen = path;
    const item = this.#items.get(path);
    item?.li.setAttribute("aria-selected", "true");
    this.#choose(path, node);
    item?.row.scrollIntoView({ block: "nearest" }); // the child's panel takes room from the tree
  }

  #makeCurrent(item) {
    this.#current?.li.setAttribute("tabindex", "-1");
    this.#current = item;
    item?.li.setAttribute("tabindex", "0");
  }

  #key(event) {
    const item = this.#current;
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...this.#list.querySelectorAll("[role=treeitem]")]
      .filter((li) => !li.closest("[hidden]"));
    const at = rows.indexOf(item.li);
    const isOpen = item.group && !item.group.hidden;
    switch (event.key) {
      case "ArrowDown": rows[at + 1]?.focus(); break;
      case "ArrowUp": rows[at - 1]?.focus(); break;
      case "Home": rows[0].focus(); break;
      case "End": rows.at(-1).focus(); break;
      case "ArrowRight":
        if (item.group && !isOpen) this.#expand(item, true);
        else if (isOpen && rows[at + 1] && item.group.contains(rows[at + 1])) rows[at + 1].focus();
        break;
      case "ArrowLeft":
        if (isOpen) this.#expand(item, false);
        else item.parent?.li.focus();
        break;
      case "Enter":
      case " ": this.#select(item.node.path, item.node); break;
      case "/":
        for (let above = item; above; above = above.parent)
          if (above.find && !above.find.parentNode.hidden) {
            above.find.focus();
            break;
          }
        break;
      default: return;
    }
    event.preventDefault();
  }
}

const WHAT = {
  start_error: "start failed",
  reached_max_restart_intensity: "gave up",
  auto_shutdown: "ended",
  restarted: "restarted",
};

const STATES = {
  running: "",
  restarting: "its supervisor starts it again",
  undefined: "it is not running",
  busy: "it, or its supervisor, does not answer",
};
