// What was given: the chart over time, and one page of lines, newest first.

import { given } from "./asking.js";
import { barColors, KINDS, options, paint } from "./charts.js";
import { paidLine } from "./lines.js";
import { batteries, cny, cnyMark, say } from "./words.js";

const amount = (gold) => `${cny(gold)} (${batteries(gold)})`;

function total(points) {
  return points.reduce((sum, { raw }) => sum + raw, 0);
}

function makeChart(canvas, figures) {
  if (!window.Chart) return; // the front end is not installed: the table has the same figures
  const datasets = KINDS.map((kind) => ({
    label: say(`revenue_${kind}`), data: figures[kind] ?? [], categoryPercentage: 0.9, barPercentage: 1, maxBarThickness: 48,
  }));
  const shared = options(amount, { mark: cnyMark, isStacked: true });
  shared.plugins.tooltip.callbacks.footer = (points) => amount(total(points));
  const chart = new window.Chart(canvas, { type: "bar", data: { labels: figures.labels, datasets }, options: shared });
  document.addEventListener("theme-changed", () => paint(chart, barColors));
  paint(chart, barColors);
}

const names = given("names");
const list = document.getElementById("paid-lines");
list.replaceChildren(...given("lines-given").map((item) => paidLine(item, (roomId) => names[roomId] || String(roomId))));
makeChart(document.getElementById("takings-chart"), given("chart"));
