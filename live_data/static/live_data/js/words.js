// Sentences in the visitor's language, numbers, money and times as the visitor writes them.

const page = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const language = document.documentElement.lang || undefined;

/** The sentence of this name, its {placeholders} filled in. */
export function say(name, values = {}) {
  return (page[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

const clock = new Intl.DateTimeFormat(language, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(language, { month: "2-digit", day: "2-digit" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" });
const amounts = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 3 });
const counts = new Intl.NumberFormat(language);
const compacts = new Intl.NumberFormat(language, {
  notation: "compact", maximumFractionDigits: 1, useGrouping: "always", // as everywhere else: 1,022
});

/** The time of day in the viewer's zone, with the day when it is not today's. */
export function time(moment) {
  const at = new Date(moment);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
}

/** Date, time and zone, for whoever asks exactly. */
export const fullTime = (moment) => full.format(new Date(moment));

export const count = (number) => counts.format(number);

/** 1.2万 or 12K: for figures that change while one looks. */
export const compact = (number) => compacts.format(number);

/** Gold seeds as CNY: 1000 = 1. */
export const cny = (gold) => say("cny", { amount: amounts.format(gold / 1000) });

/** The same for a mark at an axis: short. */
export const cnyMark = (gold) => say("cny", { amount: compacts.format(gold / 1000) });

/** Gold seeds as batteries, what the site's own app shows: 100 = 1. */
export const batteries = (gold) => say("battery", { amount: counts.format(gold / 100) });
