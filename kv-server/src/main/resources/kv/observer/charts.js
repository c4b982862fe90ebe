// Figures over ten minutes, drawn as SVG. All charts share one time, that of the pointer or of the
// arrow keys: what happened at once stands on one line.

import { age, byId, bytes, clock, count, el, micros, percent, svg, time, write } from "./dom.js";

const SPAN = 600_000;
const MOST = 600;
const GAP = 2_500; // samples come each second: between two that are farther apart the node was away
const VERBS = 5; // and the others
const PEERS = 7;
const LEFT = 44;
const BOTTOM = 14;
const TOP = 5;
const BAND = 7;

/** Keeps the colour of a name while that is shown, so that no line changes it under your eyes. */
class Colours {
  #taken = new Map();

  of(names) {
    for (const name of this.#taken.keys()) if (!names.includes(name)) this.#taken.delete(name);
    const used = new Set(this.#taken.values());
    for (const name of names) {
      if (this.#taken.has(name)) continue;
      let colour = 1;
      while (used.has(colour)) colour++;
      used.add(colour);
      this.#taken.set(name, colour);
    }
    return names.map((name) => `c${this.#taken.get(name)}`);
  }
}

const verbs = new Colours();
const peers = new Colours();

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** The names of all that samples have under a field, the largest first. */
function names(samples, field, value) {
  const totals = new Map();
  for (const sample of samples)
    for (const [name, one] of Object.entries(sample[field] ?? {}))
      totals.set(name, (totals.get(name) ?? 0) + value(one));
  return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

function requests(samples) {
  const all = names(samples, "requests", (rate) => rate);
  const shown = all.slice(0, VERBS);
  const colours = verbs.of(shown);
  const series = shown.map((name, i) =>
    ({ name, tone: colours[i], value: (s) => s.requests[name] ?? 0 }));
  const others = all.slice(VERBS);
  if (others.length)
    series.push({ name: "others", tone: "c0",
      value: (s) => sum(others.map((name) => s.requests[name] ?? 0)) });
  return series;
}

function calls(samples) {
  const shown = names(samples, "peers", (peer) => peer.calls).slice(0, PEERS);
  shown.sort();
  const colours = peers.of(shown);
  return shown.map((name, i) => ({
    name, tone: colours[i],
    value: (s) => s.peers?.[name]?.calls,
    up: (s) => s.peers?.[name]?.up,
    said: (s) => {
      const peer = s.peers?.[name];
      if (!peer) return "–";
      return count(peer.calls) + (peer.failed ? `, ${count(peer.failed)} failed` : "")
        + (peer.up ? "" : ", unreachable");
    },
  }));
}

function bound(name, tone, field, held, limit) {
  return {
    name, tone,
    value: (s) => s[field] && s[field][limit] > 0 ? s[field][held] / s[field][limit] : null,
    said: (s) => s[field] ? `${bytes(s[field][held])} / ${bytes(s[field][limit])}` : "–",
  };
}

const KINDS = [
  {
    id: "requests", title: "Requests / s", stacked: true, say: count,
    series: requests, main: (s) => count(sum(Object.values(s.requests))),
  },
  {
    id: "latency", title: "Latency, p99", log: true, say: micros,
    series: () => [
      { name: "p50", tone: "l1", value: (s) => s.p50 },
      { name: "p90", tone: "l2", value: (s) => s.p90 },
      { name: "p99", tone: "l3", value: (s) => s.p99 },
      { name: "p99.9", tone: "l4", value: (s) => s.p999 },
    ],
    main: (s) => micros(s.p99),
  },
  {
    id: "connections", title: "Connections", say: count,
    series: () => [{ name: "clients", tone: "c1", value: (s) => s.connections }],
    main: (s) => count(s.connections),
  },
  {
    id: "memory", title: "Memory", say: percent, most: 1,
    series: () => [
      bound("buckets", "c1", "memory", "held", "limit"),
      bound("clients", "c2", "clients", "held", "limit"),
      bound("heap", "c3", "heap", "used", "max"),
    ],
    main: (s) => s.memory.limit > 0 ? percent(s.memory.held / s.memory.limit) : "–",
  },
  {
    id: "log", title: "Log on disk", say: bytes, binary: true,
    isShown: (samples) => samples.some((s) => s.log),
    series: () => [
      { name: "log", tone: "c1", value: (s) => s.log?.bytes },
      { name: "snapshot", tone: "c2", value: (s) => s.log?.snapshot },
      { name: "unwritten", tone: "c3", value: (s) => s.log?.unwritten },
    ],
    main: (s) => s.log ? s.log.state : "–",
  },
  {
    id: "syncs", title: "Syncs / s", say: count,
    isShown: (samples) => samples.some((s) => s.log),
    series: () => [
      { name: "syncs", tone: "c1", value: (s) => s.log?.syncs },
      { name: "failed", tone: "bad", value: (s) => s.log?.failed },
    ],
    main: (s) => count(s.log?.syncs),
  },
  {
    id: "peers", title: "Calls to peers / s", say: count,
    isShown: (samples) => samples.some((s) => s.peers && Object.keys(s.peers).length),
    series: calls,
    main: (s) => count(sum(Object.values(s.peers ?? {}).map((peer) => peer.calls))),
  },
];

export class Charts {
  #samples = [];
  #charts;
  #crashes;
  #cursor = null; // a time, or null for now
  #isDue = false;

  /** `crashes(since)` gives the times of crashes, which all charts mark. */
  constructor(box, crashes) {
    this.#crashes = crashes;
    this.#charts = KINDS.map((kind) => new Chart(kind, (at) => this.#point(at)));
    box.append(...this.#charts.map((chart) => chart.figure));
    const sizes = new ResizeObserver(() => this.#draw());
    for (const chart of this.#charts) sizes.observe(chart.plot);
  }

  forget() {
    this.#samples = [];
    this.#draw();
  }

  /** What the node remembers. What a process before this one has told stays, with the gap. */
  history(samples) {
    const first = samples[0]?.at ?? clock.now();
    this.#samples = [...this.#samples.filter(({ at }) => at < first), ...samples].slice(-MOST);
    this.#draw();
  }

  add(sample) {
    this.#samples.push(sample);
    while (this.#samples.length > MOST || this.#samples[0].at < sample.at - SPAN)
      this.#samples.shift();
    this.#draw();
  }

  #point(at) {
    this.#cursor = at;
    this.#draw();
  }

  /** With the next frame: none come while nobody sees the page. */
  #draw() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      const to = this.#samples.at(-1)?.at ?? clock.now();
      if (this.#cursor !== null && this.#cursor < to - SPAN) this.#cursor = null;
      const crashes = this.#crashes(to - SPAN);
      const at = this.#cursor ?? to;
      const chosen = this.#samples.findLast((s) => Math.abs(s.at - at) < GAP / 2 + 1) ?? null;
      for (const chart of this.#charts)
        chart.draw(this.#samples, { to, cursor: this.#cursor, chosen, crashes });
      write(byId("figures-at"), this.#cursor === null ? ""
        : `${time(at)}, ${age(to - at)} ago${chosen ? "" : ": the node told nothing"}`);
    });
  }
}

class Chart {
  #kind;
  #head = el("span.main");
  #keys = el("p.keys");
  #to = 0;

  constructor(kind, point) {
    this.#kind = kind;
    this.plot = svg("svg.plot", {
      role: "slider", tabindex: "0", "aria-label": `${kind.title}, over ten minutes`,
      "aria-valuemin": -SPAN / 1000, "aria-valuemax": 0, "aria-valuenow": 0,
      pointermove: (event) => point(this.#timeAt(event)),
      pointerdown: (event) => point(this.#timeAt(event)),
      pointerleave: () => point(null),
      blur: () => point(null),
      keydown: (event) => this.#key(event, point),
    });
    this.figure = el("figure", { "data-chart": kind.id, hidden: true },
      el("figcaption", {}, el("span", {}, kind.title), this.#head), this.plot, this.#keys);
  }

  #timeAt(event) {
    const box = this.plot.getBoundingClientRect();
    const part = (event.clientX - box.left - LEFT) / (box.width - LEFT);
    return this.#to - SPAN * (1 - Math.min(1, Math.max(0, part)));
  }

  #key(event, point) {
    const step = event.shiftKey ? 30_000 : 5_000;
    const now = Number(this.plot.getAttribute("aria-valuenow")) * 1000;
    const next = { ArrowLeft: now - step, ArrowDown: now - step, ArrowRight: now + step,
      ArrowUp: now + step, PageUp: now + 60_000, PageDown: now - 60_000, Home: -SPAN,
      End: 0, Escape: 0 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    point(next >= 0 ? null : this.#to + Math.max(-SPAN, next));
  }

  draw(samples, { to, cursor, chosen, crashes }) {
    const kind = this.#kind;
    this.#to = to;
    this.figure.hidden = kind.isShown ? !kind.isShown(samples) : false;
    const width = this.plot.clientWidth;
    const height = this.plot.clientHeight;
    if (this.figure.hidden || !width) return;
    const series = kind.series(samples);
    const bands = series.filter((one) => one.up);
    const bottom = height - BOTTOM - bands.length * BAND;
    const x = (at) => LEFT + (width - LEFT - 1) * (1 - (to - at) / SPAN);
    const runs = continuous(samples);
    const scale = kind.log ? logScale(series, samples) : linearScale(kind, series, samples);
    const y = (value) => bottom - (bottom - TOP) * scale.part(value);
    const parts = [...axes(kind, scale, { x, y, to, width, height, bottom })];
    parts.push(...(kind.stacked ? areas(series, runs, x, y) : lines(series, runs, x, y)));
    bands.forEach((one, i) => parts.push(...band(one, runs, x, bottom + 3 + i * BAND)));
    if (crashes.length)
      parts.push(svg("path.crashes", {
        d: crashes.map((at) => `M${x(at).toFixed(1)} ${bottom}v-5`).join(""),
      }));
    if (cursor !== null)
      parts.push(svg("line.cursor", { x1: x(cursor), x2: x(cursor), y1: 0, y2: height - BOTTOM }));
    this.plot.replaceChildren(...parts);
    this.#say(series, cursor === null ? null : Math.round((cursor - to) / 1000), chosen);
  }

  #say(series, seconds, chosen) {
    const { say, main } = this.#kind;
    write(this.#head, chosen ? main(chosen) : "–");
    const said = series.map((one) =>
      [one, !chosen ? "–" : one.said ? one.said(chosen) : say(one.value(chosen))]);
    if (this.#keys.children.length !== said.length)
      this.#keys.replaceChildren(...said.map(() =>
        el("span.key", {}, el("i.swatch", { "aria-hidden": "true" }), el("span"), el("b"))));
    said.forEach(([one, text], i) => {
      const [swatch, name, value] = this.#keys.children[i].children;
      swatch.className = `swatch ${one.tone}`;
      write(name, one.name);
      write(value, text);
    });
    this.plot.setAttribute("aria-valuenow", seconds ?? 0);
    this.plot.setAttribute("aria-valuetext",
      (seconds ? `${-seconds} s ago: ` : "now: ")
      + said.map(([one, text]) => `${one.name} ${text}`).join(", "));
  }
}

/** Samples without a gap between them. */
function continuous(samples) {
  const runs = [];
  let last = -Infinity;
  for (const sample of samples) {
    if (sample.at - last > GAP) runs.push([]);
    runs.at(-1).push(sample);
    last = sample.at;
  }
  return runs;
}

function linearScale({ stacked, most, binary }, series, samples) {
  let top = most ?? 0;
  if (!most)
    for (const sample of samples) {
      const values = series.map((one) => one.value(sample) ?? 0);
      top = Math.max(top, stacked ? sum(values) : Math.max(0, ...values));
    }
  top = Math.max(top, binary ? 1024 : 2); // halves of a sync or a byte would look odd
  const unit = binary ? 1024 ** Math.floor(Math.log(top) / Math.log(1024)) : 1;
  const nice = most ?? unit * niceAbove(top / unit);
  return { part: (value) => Math.min(1, value / nice), ticks: [0, nice / 2, nice] };
}

/** The next of 1, 2, 4, 6, 8, 10, 20, …: its half is a whole number as well, or 0.5. */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 4, 6, 8, 10].find((step) => step * power >= value * 0.9999);
}

function logScale(series, samples) {
  const values = samples.flatMap((s) => series.map((one) => one.value(s))).filter((v) => v > 0);
  let low = 1;
  let high = 3;
  if (values.length) {
    low = Math.floor(Math.log10(values.reduce((a, b) => Math.min(a, b))));
    high = Math.ceil(Math.log10(values.reduce((a, b) => Math.max(a, b))) + 0.001);
  }
  const part = (value) => Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return { part, ticks };
}

function* axes({ say }, { ticks }, { x, y, to, width, height, bottom }) {
  const apart = Math.ceil((13 * (ticks.length - 1)) / (bottom - TOP)); // labels must not touch
  for (const [i, tick] of ticks.entries()) {
    yield svg("line.grid", { x1: LEFT, x2: width, y1: y(tick), y2: y(tick) });
    if (i % apart === 0)
      yield svg("text.axis.value", { x: LEFT - 4, y: y(tick) + 3 }, tick ? say(tick) : "0");
  }
  const every = width > 420 ? 120_000 : 300_000;
  for (let at = Math.ceil((to - SPAN) / every) * every; at <= to; at += every) {
    yield svg("line.grid", { x1: x(at), x2: x(at), y1: TOP, y2: height - BOTTOM });
    const anchor = x(at) < LEFT + 18 ? "start" : x(at) > width - 18 ? "end" : "middle";
    yield svg("text.axis", { x: x(at), y: height - 2, "text-anchor": anchor },
      time(at).slice(-8, -3));
  }
}

function lines(series, runs, x, y) {
  return series.map(({ tone, value }) => {
    let d = "";
    for (const run of runs) {
      let pen = "M";
      for (const sample of run) {
        const v = value(sample);
        if (v == null) pen = "M"; // nothing was asked: no latency is not a latency of 0
        else {
          d += `${pen}${x(sample.at).toFixed(1)} ${y(v).toFixed(1)}`;
          if (pen === "M") d += "h.8"; // so that one sample alone is seen
          pen = "L";
        }
      }
    }
    return svg(`path.line.${tone}`, { d });
  });
}

function areas(series, runs, x, y) {
  const paths = series.map(() => "");
  for (const run of runs) {
    const floor = run.map(() => 0);
    series.forEach(({ value }, i) => {
      const below = run.map((s, j) => `${x(s.at).toFixed(1)} ${y(floor[j]).toFixed(1)}`);
      run.forEach((s, j) => (floor[j] += value(s) ?? 0));
      const above = run.map((s, j) => `${x(s.at).toFixed(1)} ${y(floor[j]).toFixed(1)}`);
      paths[i] += `M${above.join("L")}L${below.reverse().join("L")}Z`;
    });
  }
  return series.map(({ tone }, i) => svg(`path.area.${tone}`, { d: paths[i] }));
}

/** The state of a peer's breaker: a thin line while calls go out, a block while they fail here. */
function band({ tone, up }, runs, x, top) {
  let open = "";
  let closed = "";
  for (const run of runs)
    for (let i = 0; i < run.length; i++) {
      const from = x(run[i].at);
      const width = (run[i + 1] ? x(run[i + 1].at) - from : 0.8).toFixed(2);
      const isUp = up(run[i]);
      if (isUp === true) closed += `M${from.toFixed(2)} ${top + 2}h${width}v1h-${width}z`;
      if (isUp === false) open += `M${from.toFixed(2)} ${top}h${width}v5h-${width}z`;
    }
  return [svg(`path.band.${tone}`, { d: closed }), svg("path.band.bad", { d: open })];
}
