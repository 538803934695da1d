// A bounded list, newest first, that knows what it has shown and draws once per frame.

const MOST = 200; // lines in the page
const REMEMBERED = 20000; // events known by id: what came twice is shown and counted once

export class Feed {
  #list;
  #draw;
  #seen = new Set();
  #waiting = new Map(); // key -> item, oldest first
  #lines = new Map(); // key -> element
  #frame = 0;

  /** `draw(item)` makes the element of one line. */
  constructor(list, draw) {
    this.#list = list;
    this.#draw = draw;
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
    if (this.#waiting.size > MOST) this.#waiting.delete(this.#waiting.keys().next().value);
    this.#frame ||= requestAnimationFrame(() => this.#flush());
  }

  /** Forget everything: the page begins again. */
  clear() {
    this.#seen.clear();
    this.#waiting.clear();
    this.#lines.clear();
    this.#list.replaceChildren();
  }

  #isNew(id) {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value);
    return true;
  }

  #flush() {
    this.#frame = 0;
    const fragment = document.createDocumentFragment();
    for (const [key, item] of this.#waiting) {
      const line = this.#draw(item);
      const known = this.#lines.get(key);
      if (known) known.replaceWith(line);
      else fragment.prepend(line);
      this.#lines.set(key, line);
    }
    this.#waiting.clear();
    this.#list.prepend(fragment);
    for (const key of [...this.#lines.keys()].slice(0, Math.max(0, this.#lines.size - MOST))) {
      this.#lines.get(key).remove();
      this.#lines.delete(key);
    }
  }
}
