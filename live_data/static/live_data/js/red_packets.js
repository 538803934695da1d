// One red packet is told by several messages; the column shows it once, with all that they tell.
// The sync decides in SQL by the same rules.

const REMEMBERED = 200;

export class RedPackets {
  #known = new Map(); // room and lot -> item

  /** The packet that a report or row tells of, as an item; null while nobody told of its beginning. */
  fold(told) {
    const key = `red-packet-${told.room_id}-${told.lot_id}`;
    const known = this.#known.get(key);
    if (!known && told.report === "drawn") return null;
    const item = { ...known, ...heard(known, told), kind: "red_packets", event_id: key };
    this.#known.set(key, item);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value);
    return item;
  }

  clear() {
    this.#known.clear();
  }
}

/** What is new of it: the first word counts, but for the time, which is that of the start. */
function heard(known, told) {
  if (!known) return told;
  const isNew = ([name, value]) => isEmpty(known[name]) && !isEmpty(value);
  const isStart = told.report === "started";
  return { ...Object.fromEntries(Object.entries(told).filter(isNew)), ...(isStart && { timestamp: told.timestamp }) };
}

function isEmpty(value) {
  return value === null || value === undefined || value === "" || Object.keys(Object(value)).length === 0 && typeof value === "object";
}
