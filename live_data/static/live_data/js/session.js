// The report of one session: danmaku as a line, revenue by kind as bars, over its span.

import { given } from "./asking.js";
import { barColors, color, KINDS, options, paint } from "./charts.js";
import { cny, cnyMark, count, say } from "./words.js";

const DAY = 86400000; // ms
const zone = document.documentElement.dataset.timeZone;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
});

function draw({ minutes, points }) {
  if (!window.Chart || !points.length) return; // the front end is not installed: the page has the figures
  const isLong = points.at(-1)[0] - points[0][0] > DAY;
  const labels = points.map(([at]) => (isLong ? dayAndClock : clock).format(at));
  const perMinute = points.map(([, danmaku]) => (danmaku === null ? null : Math.round(danmaku / minutes)));
  const line = new window.Chart(document.getElementById("session-danmaku"), {
    type: "line",
    data: { labels, datasets: [{ label: say("danmaku_per_minute"), data: perMinute }] },
    options: options(count),
  });
  const datasets = KINDS.map((kind, number) => ({
    label: say(`revenue_${kind}`), data: points.map((point) => point[2 + number]), barPercentage: 1, categoryPercentage: 0.9,
  }));
  const bars = new window.Chart(document.getElementById("session-revenue"), {
    type: "bar", data: { labels, datasets }, options: options(cny, { mark: cnyMark, isStacked: true }),
  });
  const repaint = () => {
    paint(line, () => ({ borderColor: color("--monitor-accent"), backgroundColor: color("--monitor-accent-faint") }));
    paint(bars, barColors);
  };
  document.addEventListener("theme-changed", repaint);
  repaint();
}

draw(given("chart"));
