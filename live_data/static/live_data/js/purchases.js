// One guard purchase is told by up to three messages; the column shows it once, at the price paid.
// The sync decides in SQL by the same rules.

const APART = 30000; // ms within which a report of the list price belongs to a toast
const REMEMBERED = 200;

export class Purchases {
  #known = [];

  /** The purchase that the report tells of, as {key, item}; null when it tells nothing to show. */
  fold(report) {
    const found = this.#find(report);
    if (!found && report.source === 2) return null;
    const purchase = found ?? this.#open(report);
    const isToast = report.report === "toast";
    if (isToast && !purchase.hasToast) purchase.item = report;
    purchase.hasToast ||= isToast;
    purchase.hasBought ||= !isToast;
    purchase.payflow ||= report.payflow_id;
    return { key: purchase.key, item: purchase.item };
  }

  /** A purchase as the database has it. */
  know(item) {
    const purchase = this.#open(item);
    purchase.hasToast = Boolean(item.payflow_id);
    purchase.hasBought = !purchase.hasToast;
    purchase.payflow = item.payflow_id;
    return { key: purchase.key, item };
  }

  clear() {
    this.#known = [];
  }

  #find(report) {
    const named = report.payflow_id && this.#known.find((one) => one.payflow === report.payflow_id);
    if (named) return named;
    const slot = report.report === "toast" ? "hasToast" : "hasBought";
    const at = Date.parse(report.timestamp);
    const distance = (one) => Math.abs(Date.parse(one.item.timestamp) - at);
    return this.#known
      .filter((one) => !one[slot] && isSameBuyer(one.item, report) && distance(one) <= APART)
      .sort((one, other) => distance(one) - distance(other))[0];
  }

  #open(item) {
    const purchase = { key: item.event_id, item, hasToast: false, hasBought: false, payflow: "" };
    this.#known.push(purchase);
    if (this.#known.length > REMEMBERED) this.#known.shift();
    return purchase;
  }
}

function isSameBuyer(one, other) {
  return one.room_id === other.room_id && one.guard_level === other.guard_level && mayBeOne(one, other);
}

/** By uid; where one of them hides it, by the name or by the mask that guests are shown of it. */
function mayBeOne(one, other) {
  if ((one.uid === null) === (other.uid === null)) return one.uid === null ? one.username === other.username : one.uid === other.uid;
  const [known, hidden] = one.uid === null ? [other, one] : [one, other];
  return [known.username, `${[...known.username][0] ?? ""}***`].includes(hidden.username) && known.username !== "";
}
