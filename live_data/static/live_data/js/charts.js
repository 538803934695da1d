// Danmaku per minute over the last hour; live events are added to what the database had.

import { say } from "./words.js";

const MINUTE = 60000; // ms
const MINUTES = 60;

const UNFINISHED = { borderDash: ({ p1DataIndex }) => (p1DataIndex === MINUTES - 1 ? [3, 3] : undefined) };

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export class MinuteChart {
  #chart = null;
  #minutes = new Map(); // epoch ms -> count, null where no room was connected
  #isDue = false;

  constructor(canvas) {
    if (!window.Chart) return; // the front end is not installed: the page is plain and works
    this.#chart = new window.Chart(canvas, {
      type: "line",
      data: { labels: [], datasets: [{ label: say("danmaku_per_minute"), data: [], segment: UNFINISHED }] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        elements: { line: { borderWidth: 1.5, cubicInterpolationMode: "monotone", fill: true }, point: { radius: 0, hitRadius: 8 } },
        plugins: { legend: { display: false } },
        scales: {
          x: { ticks: { maxRotation: 0, autoSkip: true, maxTicksLimit: 7 }, grid: { display: false } },
          y: { beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 4 }, border: { display: false } },
        },
      },
    });
    document.addEventListener("theme-changed", () => this.#paint());
    setInterval(() => this.#later(), 10000); // a quiet minute moves on, too
  }

  /** `[[epoch ms, count or null], ...]` as the database has them. */
  load(minutes) {
    this.#minutes = new Map(minutes);
    this.#paint();
  }

  /** Count danmaku that the database did not have; mirrored ones are in no count. */
  count(danmaku) {
    for (const item of danmaku.filter((each) => !each.is_mirror)) {
      const minute = Math.floor(Date.parse(item.timestamp) / MINUTE) * MINUTE;
      this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    }
    this.#later();
  }

  #later() {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#paint();
    }, 500);
  }

  #paint() {
    if (!this.#chart) return;
    const last = Math.floor(Date.now() / MINUTE) * MINUTE;
    const shown = Array.from({ length: MINUTES }, (_, back) => last - (MINUTES - 1 - back) * MINUTE);
    for (const minute of this.#minutes.keys()) if (minute < shown[0]) this.#minutes.delete(minute);
    const { data, options } = this.#chart;
    data.labels = shown.map((minute) => clock.format(minute));
    const [line] = data.datasets;
    line.data = shown.map((minute) => (this.#minutes.has(minute) ? this.#minutes.get(minute) : 0));
    line.borderColor = color("--monitor-accent");
    line.backgroundColor = color("--monitor-accent-faint");
    for (const axis of Object.values(options.scales)) axis.ticks.color = color("--bs-secondary-color");
    options.scales.y.grid = { color: color("--bs-border-color-translucent") };
    this.#chart.update();
  }
}
