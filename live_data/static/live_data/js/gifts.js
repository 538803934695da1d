// What was given: the chart over time, and one page of lines, newest first.

import { paidLine } from "./lines.js";
import { batteries, cny, say } from "./words.js";

const KINDS = { gift: "--monitor-gift", super_chat: "--monitor-super-chat", guard: "--monitor-guard" };

const given = (id) => JSON.parse(document.getElementById(id).textContent);

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const amount = (gold) => `${cny(gold)} (${batteries(gold)})`;

function total(points) {
  return points.reduce((sum, { raw }) => sum + raw, 0);
}

function options() {
  const axis = { stacked: true, border: { display: false } };
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: { position: "top", align: "end", labels: { boxWidth: 10, boxHeight: 10 } },
      tooltip: {
        callbacks: {
          label: ({ dataset, raw }) => `${dataset.label} ${amount(raw)}`,
          footer: (points) => amount(total(points)),
        },
      },
    },
    scales: {
      x: { ...axis, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 12 } },
      y: { ...axis, beginAtZero: true, ticks: { maxTicksLimit: 6, callback: (gold) => cny(gold) } },
    },
  };
}

/** Colours are the theme's, which may change. */
function paint(chart) {
  chart.data.datasets.forEach((dataset, number) => {
    dataset.backgroundColor = color(Object.values(KINDS)[number]);
  });
  for (const axis of Object.values(chart.options.scales)) axis.ticks.color = color("--bs-secondary-color");
  chart.options.scales.y.grid = { color: color("--bs-border-color-translucent") };
  chart.options.plugins.legend.labels.color = color("--bs-secondary-color");
  chart.update();
}

function makeChart(canvas, figures) {
  if (!window.Chart) return; // the front end is not installed: the table has the same figures
  const datasets = Object.keys(KINDS).map((kind) => ({
    label: say(`revenue_${kind}`), data: figures[kind] ?? [], categoryPercentage: 0.9, barPercentage: 1, maxBarThickness: 48,
  }));
  const chart = new window.Chart(canvas, { type: "bar", data: { labels: figures.labels, datasets }, options: options() });
  document.addEventListener("theme-changed", () => paint(chart));
  paint(chart);
}

const names = given("names");
const list = document.getElementById("paid-lines");
list.replaceChildren(...given("lines-given").map((item) => paidLine(item, (roomId) => names[roomId] || String(roomId))));
makeChart(document.getElementById("takings-chart"), given("chart"));
