// The page of one room: one of its figures over time, as the visitor chooses it.

import { ask } from "./asking.js";
import { color, options, paint } from "./charts.js";
import { compact, count, say } from "./words.js";

const REFRESH = 60000; // ms
const DAY = 86400000; // ms

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { month: "2-digit", day: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** Stretches without a reading stay in the picture: no point is drawn, the line leads over them. */
function complete(points, step) {
  if (!points.length) return [];
  const found = new Map(points.map((point) => [point[0], point]));
  const first = points[0][0];
  const steps = Math.round((points.at(-1)[0] - first) / step) + 1;
  return Array.from({ length: steps }, (_, place) => found.get(first + place * step) ?? [first + place * step, null, null, null]);
}

/** Short words for an axis, unless two of its marks would say the same. */
function marks(ticks) {
  const short = ticks.map(({ value }) => compact(value));
  return new Set(short).size === short.length ? short : ticks.map(({ value }) => count(value));
}

function makeChart(canvas) {
  const shared = options(count);
  shared.scales.y.beginAtZero = false; // followers change by a few in many thousands
  shared.scales.y.ticks.callback = (value, place, ticks) => marks(ticks)[place];
  shared.spanGaps = true;
  return new window.Chart(canvas, { type: "line", data: { labels: [], datasets: [{ label: "", data: [] }] }, options: shared });
}

export class OverTime {
  #room;
  #figure;
  #span;
  #said;
  #chart;
  #asked = 0; // the newest request; an answer that was overtaken is not shown

  /** `root` holds the two choices, a line and a canvas. */
  constructor(root, roomId) {
    if (!window.Chart) return; // the front end is not installed: the page is plain and works
    this.#room = roomId;
    this.#figure = root.querySelector("#over-time-figure");
    this.#span = root.querySelector("#over-time-span");
    this.#said = root.querySelector("#over-time-said");
    this.#chart = makeChart(root.querySelector("#over-time-chart"));
    for (const choice of [this.#figure, this.#span]) choice.addEventListener("change", () => this.#refresh());
    document.addEventListener("theme-changed", () => this.#paint());
    document.addEventListener("visibilitychange", () => document.hidden || this.#refresh());
    setInterval(() => document.hidden || this.#refresh(), REFRESH);
    this.#refresh();
  }

  async #refresh() {
    const mine = ++this.#asked;
    try {
      const found = await ask("room_figure", { room_id: this.#room, figure: this.#figure.value, span: this.#span.value });
      if (mine === this.#asked) this.#show(found);
    } catch {
      if (mine === this.#asked) this.#said.textContent = say("figure_failed");
    }
  }

  #show({ points, step, span }) {
    const stretches = complete(points, step * 1000);
    const write = span === "hours" || span === "day" ? clock : (stretches.length * step * 1000 > 10 * DAY ? day : dayAndClock);
    this.#chart.data.labels = stretches.map(([at]) => write.format(at));
    const [line] = this.#chart.data.datasets;
    line.label = this.#figure.selectedOptions[0].textContent;
    line.data = stretches.map(([, , , last]) => last);
    line.pointRadius = points.length < 3 ? 3 : 0; // a single point is no line
    this.#said.textContent = points.length ? this.#summary(points) : say("figure_nothing");
    this.#paint();
  }

  #summary(points) {
    const [first, last] = [points[0][3], points.at(-1)[3]];
    if (points.length === 1) return say("figure_now", { now: count(last) });
    const change = last === first ? "±0" : `${last > first ? "+" : "−"}${count(Math.abs(last - first))}`;
    return say("figure_summary", { now: count(last), change });
  }

  #paint() {
    paint(this.#chart, () => ({ borderColor: color("--monitor-accent"), backgroundColor: color("--monitor-accent-faint") }));
  }
}
