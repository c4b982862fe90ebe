// The page of a node's observer. One stream of events feeds all parts; each part is a module.

import { Charts } from "./charts.js";
import { Child } from "./child.js";
import { age, byId, clock, count, el, here, micros, percent, time, write } from "./dom.js";
import { Reports, whom } from "./reports.js";
import { showRing } from "./ring.js";
import { Stream } from "./stream.js";
import { Tree } from "./tree.js";

const tree = new Tree(byId("tree"), (path, node) => child.show(path, node));
const child = new Child(byId("child"), () => tree.unselect());
const reports = new Reports((path) => tree.reveal(path));
const charts = new Charts(byId("charts"), (since) => reports.since(since));

let node = null; // the last hello

const stream = new Stream(here("events"), {
  hello(hello) {
    clock.set(hello.now);
    if (node && node.node !== hello.node) charts.forget(); // another node has taken the port
    node = hello;
    document.title = `${hello.node} – kv observer`;
    write(byId("node"), hello.node);
    child.allow(hello.drills ? hello.token : null);
    write(byId("tree-note"), hello.drills ? "drills are on: choose a child to crash it"
      : "choose a child to see its spec");
    tickAbout();
  },
  history({ samples }) {
    charts.history(samples);
    if (samples.length) showNow(samples.at(-1));
  },
  sample(sample) {
    charts.add(sample);
    showNow(sample);
  },
  tree({ root }) {
    tree.show(root);
    child.changed(tree);
  },
  reports(all) {
    reports.replace(all.reports);
  },
  report(report) {
    const before = reports.put(report);
    tree.mark(report, before);
    const who = whom(report);
    write(byId("said"), report.outcome ? `${who}: ${report.outcome}`
      : `${who}: ${report.event.replaceAll("_", " ")}, ${report.reason}`.slice(0, 200));
  },
  ring: showRing,
}, showLink);

// --- the header ---

const NOW = [
  ["requests", "requests/s", (s) =>
    count(Object.values(s.requests).reduce((all, one) => all + one, 0))],
  ["p50", "p50", (s) => micros(s.p50)],
  ["p99", "p99", (s) => micros(s.p99)],
  ["connections", "clients", (s) => count(s.connections)],
  ["buckets", "buckets", (s) => count(s.buckets)],
  ["keys", "keys", (s) => count(s.keys)],
  ["memory", "of memory", (s) =>
    s.memory.limit > 0 ? percent(s.memory.held / s.memory.limit) : "–"],
  ["storage", "storage", (s) => s.log ? s.log.state : "memory"],
];

for (const [name, label] of NOW)
  byId("now").append(el("div", { "data-figure": name }, el("dt", {}, label), el("dd", {}, "–")));

function showNow(sample) {
  NOW.forEach(([, , value], i) =>
    write(byId("now").children[i].querySelector("dd"), value(sample)));
  const storage = byId("now").querySelector("[data-figure=storage]");
  storage.dataset.state = sample.log?.state ?? "memory";
  storage.title = sample.log?.error ?? "";
}

function tickAbout() {
  if (!node) return;
  write(byId("about"), `kv ${node.version}, up ${age(clock.now() - node.startedAt)} `
    + `since ${time(node.startedAt)}`);
}

// --- the link to the node ---

function showLink({ state, text }) {
  byId("link").dataset.state = state;
  write(byId("link"), state === "waiting" ? "reconnecting" : state);
  document.body.classList.toggle("stale", state !== "live");
  if (state === "live") byId("notice").hidden = true;
  if (state !== "waiting" && state !== "refused") return; // a notice stays until the page is live
  byId("notice").hidden = false;
  write(byId("notice-text"), state === "refused" ? text
    : `No news from the node: ${text}. This page tries again by itself.`);
}

byId("again").addEventListener("click", () => stream.connect());
setInterval(tickAbout, 1_000);
stream.connect();
