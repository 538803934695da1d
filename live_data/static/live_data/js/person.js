// One person: two charts over days or months, and one page of what they said and gave, newest first.

import { given } from "./asking.js";
import { barColors, color, KINDS, options, paint } from "./charts.js";
import { danmakuLine, paidLine } from "./lines.js";
import { batteries, cny, cnyMark, count, say } from "./words.js";

const BARS = { categoryPercentage: 0.9, barPercentage: 1, maxBarThickness: 48 };

function draw(id, datasets, labels, shared, colors) {
  const canvas = document.getElementById(id);
  if (!canvas || !window.Chart) return; // nothing to draw, or the front end is not installed: the table has the figures
  const bars = datasets.map((each) => ({ ...each, ...BARS }));
  const chart = new window.Chart(canvas, { type: "bar", data: { labels, datasets: bars }, options: shared });
  document.addEventListener("theme-changed", () => paint(chart, colors));
  paint(chart, colors);
}

const figures = given("chart");
draw("danmaku-chart", [{ label: say("danmaku"), data: figures.danmaku }], figures.labels,
  options(count), () => ({ backgroundColor: color("--monitor-accent") }));
draw("gold-chart", KINDS.map((kind) => ({ label: say(`revenue_${kind}`), data: figures[kind] })), figures.labels,
  options((gold) => `${cny(gold)} (${batteries(gold)})`, { mark: cnyMark, isStacked: true }), barColors);

const names = given("names");
const roomName = (roomId) => names[roomId] || String(roomId);
const line = (item) => (item.kind === "danmaku" ? danmakuLine : paidLine)(item, roomName);
document.getElementById("person-lines").replaceChildren(...given("lines-given").map(line));
