// A bounded list, newest first and without a gap, that knows what it has shown and draws in batches.

const MOST = 200; // lines in the page
const MOST_HELD = 2000; // lines that wait while the list is held
const EVERY = 100; // ms between two drawings, at most ten a second
const REMEMBERED = 20000; // events known by id: what came twice is shown and counted once

export class Feed {
  #list;
  #draw;
  #most;
  #seen = new Set();
  #waiting = new Map(); // key -> item, oldest first
  #lines = new Map(); // key -> element
  #frame = 0;
  #timer = 0;
  #drawnAt = 0;
  #holds = new Set(); // why nothing is drawn
  #onWaiting = () => {};
  #onDrop;

  /** `draw(item)` makes the element of one line; `onDrop()` hears that the last ones were pushed out. */
  constructor(list, draw, { most = MOST, onDrop = () => {} } = {}) {
    this.#onDrop = onDrop;
    this.#list = list;
    this.#draw = draw;
    this.#most = most;
  }

  /** The event_id of the last line, behind which the database has the older ones; "" without a line. */
  get oldest() {
    return this.#list.lastElementChild?.dataset.key ?? "";
  }

  /** The items that were not here before; they are drawn with the next frame. Oldest first. */
  add(items) {
    const fresh = items.filter((item) => this.#isNew(item.event_id));
    for (const item of fresh) this.put(item.event_id, item);
    return fresh;
  }

  /** A line under a key of the caller's; one that is there already is drawn anew in its place. */
  put(key, item) {
    this.#waiting.set(key, item);
    if (this.#waiting.size > this.#bound) this.#waiting.delete(this.#waiting.keys().next().value);
    if (this.#holds.size) this.#onWaiting(this.#waiting.size);
    else this.#later();
  }

  /** What changed of a line, if it is still there. */
  redraw(key, item) {
    if (this.#lines.has(key) || this.#waiting.has(key)) this.put(key, item);
  }

  /** Older items below all others, newest first. The list may be longer from now on. */
  append(items) {
    // By what is there, not by what was seen: a line that was pushed out comes back.
    for (const item of items) {
      if (this.#lines.has(item.event_id) || this.#waiting.has(item.event_id)) continue;
      this.#isNew(item.event_id);
      this.#list.append(this.#line(item.event_id, item));
    }
    this.#most = Math.max(this.#most, this.#lines.size);
  }

  /** Draw nothing until it is released for every reason: whoever reads must not lose his place. */
  hold(reason) {
    this.#holds.add(reason);
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = 0;
    this.#onWaiting(this.#waiting.size);
  }

  release(reason) {
    if (!this.#holds.delete(reason) || this.#holds.size) return;
    // What waited is shown whole; what it pushes out is the oldest, which the database has.
    this.#most = Math.max(this.#most, Math.min(this.#waiting.size, MOST_HELD));
    this.#flush();
    this.#onWaiting(0);
  }

  /** `listener(count)` while it is held, 0 when it is released. */
  onWaiting(listener) {
    this.#onWaiting = listener;
  }

  /** Forget everything: the page begins again. */
  clear() {
    this.#seen.clear();
    this.#waiting.clear();
    this.#lines.clear();
    this.#list.replaceChildren();
    this.#onWaiting(0);
  }

  get #bound() {
    return this.#holds.size ? MOST_HELD : this.#most;
  }

  #isNew(id) {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value);
    return true;
  }

  #line(key, item) {
    const line = this.#draw(item);
    line.dataset.key = key;
    this.#lines.set(key, line);
    return line;
  }

  // With the next frame; in a flood less often, for each time the whole list moves and is painted anew.
  #later() {
    if (this.#frame || this.#timer) return;
    const wait = this.#drawnAt + EVERY - performance.now();
    if (wait <= 0) this.#frame = requestAnimationFrame(() => this.#flush());
    else this.#timer = setTimeout(() => this.#onTime(), wait);
  }

  #onTime() {
    this.#timer = 0;
    if (!this.#holds.size) this.#frame = requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    this.#frame = 0;
    this.#drawnAt = performance.now();
    const fresh = [];
    for (const [key, item] of this.#waiting) {
      const known = this.#lines.get(key);
      const line = this.#line(key, item);
      if (known) known.replaceWith(line);
      else fresh.push(line);
    }
    this.#waiting.clear();
    this.#list.prepend(...fresh.reverse());
    const extra = this.#lines.size - this.#most;
    for (let number = 0; number < extra; number++) this.#dropLast();
    if (extra > 0) this.#onDrop();
  }

  #dropLast() {
    const last = this.#list.lastElementChild;
    this.#lines.delete(last.dataset.key);
    last.remove();
  }
}
