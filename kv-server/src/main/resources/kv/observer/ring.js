// The ring of nodes: all 256 first bytes that a bucket's name may have, and who holds which. In
// the middle this node's links to the others, dashed where there is no getting through.

import { byId, count, el, plural, svg, write } from "./dom.js";

const SIZE = 240;
const MIDDLE = SIZE / 2;
const OUTER = 108;
const INNER = 90;
const NODES = 52;
const LETTER = 7;
const PRINTABLE = 3; // most names begin with letters: their bytes are drawn wider than the others
const COLOURS = 7;

const RANGE = /^(0x[0-9a-f]{2}|[!-~])(?:-(0x[0-9a-f]{2}|[!-~]))?$/i;

/** The first byte of a range, and the one behind its last; null if this is no range. */
export function parse(range) {
  const [, first, last = first] = RANGE.exec(range) ?? [];
  if (!first) return null;
  const value = (byte) => byte.length > 1 ? parseInt(byte, 16) : byte.charCodeAt(0);
  return { from: value(first), to: value(last) + 1, text: range };
}

const width = (byte) => byte >= 0x21 && byte <= 0x7e ? PRINTABLE : 1;
const STARTS = [0];
for (let byte = 0; byte < 256; byte++) STARTS.push(STARTS[byte] + width(byte));
const turn = (byte) => (STARTS[byte] / STARTS[256]) * 2 * Math.PI;

function point(radius, angle) {
  return [MIDDLE + radius * Math.sin(angle), MIDDLE - radius * Math.cos(angle)]
    .map((number) => number.toFixed(2));
}

function arc(from, to) {
  const end = to - from > 2 * Math.PI - 0.001 ? to - 0.001 : to; // an arc cannot be a circle
  const large = end - from > Math.PI ? 1 : 0;
  return `M${point(OUTER, from)}A${OUTER} ${OUTER} 0 ${large} 1 ${point(OUTER, end)}`
    + `L${point(INNER, end)}A${INNER} ${INNER} 0 ${large} 0 ${point(INNER, from)}Z`;
}

/** Where a node's observer is. A link leads to a web page and nowhere else, whatever was told. */
function observer(node) {
  return /^https?:\/\//i.test(node.observer ?? "") && URL.canParse(node.observer)
    ? node.observer : null;
}

function linked(node, make) {
  const href = observer(node);
  return href && !node.self
    ? { href, rel: "noreferrer", "aria-label": `Observer of ${node.name}`, ...make } : null;
}

export function showRing(ring) {
  byId("ring-panel").hidden = !ring;
  if (!ring) return;
  const nodes = ring.nodes.map((node, i) => ({ ...node, tone: `c${i % COLOURS + 1}` }));
  const down = nodes.filter((node) => !node.self && !node.up).length;
  write(byId("ring-note"), plural(nodes.length, "node") + (down ? `, ${down} unreachable` : ""));
  // a list that is the same stays, so that focus does: calls change each second
  const key = JSON.stringify(ring);
  const box = byId("ring");
  if (box.dataset.key === key) return;
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.node : null;
  box.dataset.key = key;
  box.replaceChildren(picture(nodes, ring.unrouted ?? []), list(nodes, ring.unrouted ?? []));
  if (focused != null)
    [...box.querySelectorAll(".nodes a")].find((a) => a.dataset.node === focused)?.focus();
}

function picture(nodes, unrouted) {
  const parts = [];
  for (const node of nodes)
    for (const range of node.ranges) parts.push(...slice(range, node.tone, node.name));
  for (const range of unrouted) parts.push(...slice(range, "unrouted", "no node"));
  const me = nodes.find((node) => node.self);
  const step = (2 * Math.PI) / nodes.length;
  const places = new Map(nodes.map((node, i) => [node, point(NODES, i * step + Math.PI / 2)]));
  for (const node of nodes)
    if (me && node !== me) {
      const [x1, y1] = places.get(me);
      const [x2, y2] = places.get(node);
      parts.push(svg(node.up ? "line.link" : "line.link.down", { x1, y1, x2, y2 }));
    }
  for (const node of nodes) parts.push(disc(node, places.get(node), nodes.length));
  return svg("svg.ring", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "group",
    "aria-label": "Which node holds which first bytes of names" }, ...parts);
}

function slice(text, tone, whose) {
  const range = parse(text);
  if (!range) return [];
  const from = turn(range.from);
  const to = turn(range.to);
  const parts = [svg(`path.slice.${tone}`, { d: arc(from, to) },
    svg("title", {}, `${text}: ${whose}`))];
  const radius = (OUTER + INNER) / 2;
  if (tone !== "unrouted" && (to - from) * radius > text.length * LETTER) {
    const middle = (from + to) / 2;
    const [x, y] = point(radius, middle);
    const isBelow = Math.cos(middle) < 0; // there the text would stand on its head
    const degrees = (middle * 180) / Math.PI + (isBelow ? 180 : 0);
    const transform = `rotate(${degrees} ${x} ${y})`;
    parts.push(svg(`text.range.${tone}`, { x, y, transform }, text));
  }
  return parts;
}

function disc(node, [x, y], all) {
  const radius = Math.min(15, (Math.PI * NODES) / all - 2);
  const shape = svg(`circle.disc.${node.tone}`, { cx: x, cy: y, r: radius });
  const title = svg("title", {}, node.self ? `${node.name}, this node`
    : node.up ? `${node.name}, reachable` : `${node.name}, unreachable: ${node.why ?? ""}`);
  const parts = [title, shape];
  if (node.self) parts.push(svg("circle.self", { cx: x, cy: y, r: radius + 3.5 }));
  if (!node.self && !node.up) {
    const r = radius * 0.45;
    parts.push(svg("path.cross", {
      d: `M${x - r} ${y - r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}` }));
  }
  if (all <= 12)
    parts.push(svg("text.name", { x, y: Number(y) + radius + 12 }, node.name.slice(0, 12)));
  const link = linked(node, { tabindex: "-1" }); // the list below has the same link for Tab
  return link ? svg("a", link, ...parts) : svg("g", {}, ...parts);
}

function list(nodes, unrouted) {
  const rows = nodes.map((node) => {
    const link = linked(node, { "data-node": node.name });
    const state = node.self ? "this node" : node.up ? "reachable" : "unreachable";
    return el("li", { "data-node": node.name, "data-state": state },
      el(`i.swatch.${node.tone}`, { "aria-hidden": "true" }),
      el("span.who", {}, link ? el("a", link, node.name) : el("b", {}, node.name),
        " ", el("span.dim", {}, node.address)),
      el("span.outcome", {
        "data-tone": state === "unreachable" ? "crash" : state === "reachable" ? "back" : "self",
      }, state),
      node.why ? el("span.why", {}, node.why) : null,
      el("span.dim.ranges", {}, node.ranges.join("  ")),
      node.self ? null : el("span.dim.calls", {},
        plural(node.calls, "call") + (node.failed ? `, ${count(node.failed)} failed` : "")));
  });
  if (unrouted.length)
    rows.push(el("li", { "data-state": "unrouted" },
      el("i.swatch.unrouted", { "aria-hidden": "true" }), el("span.who", {}, "on no node"),
      el("span.dim.ranges", {}, unrouted.join("  "))));
  return el("ul.nodes", {}, ...rows);
}
