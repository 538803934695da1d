// The last hour by minute: danmaku as a line, revenue by kind as bars. Live events are added to what the
// database had.

import { cny, cnyMark, count, say } from "./words.js";

const MINUTE = 60000; // ms
const MINUTES = 60;
export const KINDS = ["gift", "super_chat", "guard"];
const REFRESH = 10000; // ms
const UNFINISHED = { borderDash: ({ p1DataIndex }) => (p1DataIndex === MINUTES - 1 ? [3, 3] : undefined) };

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The options that all our charts share; `write(value)` words a figure, `mark(value)` one at the axis. */
export function options(write, { mark = write, isStacked = false } = {}) {
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    elements: {
      line: { borderWidth: 1.5, cubicInterpolationMode: "monotone", fill: true },
      point: { radius: 0, hitRadius: 8 },
    },
    plugins: {
      legend: { display: isStacked, position: "top", align: "end", labels: { boxWidth: 10, boxHeight: 10 } },
      tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label} ${write(raw ?? 0)}` } },
    },
    scales: {
      x: { stacked: isStacked, ticks: { maxRotation: 0, autoSkip: true, maxTicksLimit: 7 }, grid: { display: false } },
      y: {
        stacked: isStacked, beginAtZero: true, border: { display: false },
        ticks: { precision: 0, maxTicksLimit: 4, callback: (value) => mark(value) },
      },
    },
  };
}

/** Colours are read when it is painted: the theme may have changed. */
export function paint(chart, datasetColors) {
  chart.data.datasets.forEach((dataset, number) => Object.assign(dataset, datasetColors(number)));
  for (const axis of Object.values(chart.options.scales)) axis.ticks.color = color("--bs-secondary-color");
  chart.options.scales.y.grid = { color: color("--bs-border-color-translucent") };
  chart.options.plugins.legend.labels.color = color("--bs-secondary-color");
  chart.update();
}

const NONE = { danmaku: 0, gift: 0, super_chat: 0, guard: 0 };

function lineChart(canvas) {
  return new window.Chart(canvas, {
    type: "line",
    data: { labels: [], datasets: [{ label: say("danmaku_per_minute"), data: [], segment: UNFINISHED }] },
    options: options(count),
  });
}

function barChart(canvas) {
  const datasets = KINDS.map((kind) => ({ label: say(`revenue_${kind}`), data: [], barPercentage: 1, categoryPercentage: 0.9 }));
  return new window.Chart(canvas, {
    type: "bar", data: { labels: [], datasets }, options: options(cny, { mark: cnyMark, isStacked: true }),
  });
}

export const barColors = (number) => ({ backgroundColor: color(`--monitor-${KINDS[number].replace("_", "-")}`) });

export class MinuteCharts {
  #line = null;
  #bars = null;
  #minutes = new Map(); // epoch ms -> figures, whose danmaku is null where no room was connected
  #isDue = false;

  /** Two canvases. */
  constructor(danmaku, revenue) {
    if (!window.Chart) return; // the front end is not installed: the page is plain and works
    this.#line = lineChart(danmaku);
    this.#bars = barChart(revenue);
    document.addEventListener("theme-changed", () => this.#paint());
    setInterval(() => this.#later(), REFRESH); // a quiet minute moves on, too
  }

  /** `[[epoch ms, danmaku or null, gold of gifts, of super chats, of guards], ...]` as the database has them. */
  load(minutes) {
    this.#minutes = new Map();
    this.refresh(minutes);
  }

  /** The same once more. The database is a second behind: of the newest minutes we may know more danmaku. */
  refresh(minutes) {
    const recent = Date.now() - 2 * MINUTE;
    for (const [at, danmaku, gift, superChat, guard] of minutes) {
      const ours = at > recent ? this.#minutes.get(at)?.danmaku : null;
      const most = ours && danmaku !== null ? Math.max(ours, danmaku) : danmaku;
      this.#minutes.set(at, { danmaku: most, gift, super_chat: superChat, guard });
    }
    this.#paint();
  }

  /** Danmaku that the database did not have; mirrored ones are in no count. */
  count(danmaku) {
    for (const item of danmaku) if (!item.is_mirror) this.#at(item).danmaku += 1;
    this.#later();
  }

  #at({ timestamp }) {
    const minute = Math.floor(Date.parse(timestamp) / MINUTE) * MINUTE;
    const figures = this.#minutes.get(minute) ?? { ...NONE };
    figures.danmaku ??= 0;
    this.#minutes.set(minute, figures);
    return figures;
  }

  #later() {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#paint();
    }, 1000);
  }

  #paint() {
    if (!this.#line || document.hidden) return;
    const last = Math.floor(Date.now() / MINUTE) * MINUTE;
    const shown = Array.from({ length: MINUTES }, (_, back) => last - (MINUTES - 1 - back) * MINUTE);
    for (const minute of this.#minutes.keys()) if (minute < shown[0]) this.#minutes.delete(minute);
    const figures = shown.map((minute) => this.#minutes.get(minute) ?? NONE);
    const labels = shown.map((minute) => clock.format(minute));
    this.#line.data.labels = labels;
    this.#bars.data.labels = labels;
    this.#line.data.datasets[0].data = figures.map((each) => each.danmaku);
    KINDS.forEach((kind, number) => {
      this.#bars.data.datasets[number].data = figures.map((each) => each[kind]);
    });
    paint(this.#line, () => ({ borderColor: color("--monitor-accent"), backgroundColor: color("--monitor-accent-faint") }));
    paint(this.#bars, barColors);
  }
}
