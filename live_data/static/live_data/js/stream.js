// Events as they happen: pushed where the server can, else polled. It keeps its place and loses nothing;
// what may come twice, the feeds know by event_id. Runs in pages and in workers: knows no document.

const STREAM = "/live/api/stream";
const EVENTS = "/live/api/events";
const OPENS_WITHIN = 8000; // ms; a proxy that holds the stream back never opens it
const POLL_EVERY = 1000; // ms
const POLL_FOR = 30000; // ms, then pushing is tried again
const SLOWEST = 30000; // ms between two reloads
const POLL_SLOWEST = 5000; // ms between two tries
const HOPELESS = 4; // resets in a row

const canPush = () => typeof EventSource === "function";

function address(url, cursor, rooms) {
  const query = new URLSearchParams({ after: cursor });
  for (const room of rooms) query.append("room_id", room);
  return `${url}?${query}`;
}

/** What follows the cursor, as `{cursor, events}`, `{reset}` or `{error}`. Throws when the server is away. */
export async function eventsAfter(cursor, rooms) {
  const response = await fetch(address(EVENTS, cursor, rooms), { cache: "no-store" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

export class LiveSource {
  #on;
  #cursor = "";
  #rooms = [];
  #source = null;
  #timer = 0;
  #resets = 0;
  #failures = 0;
  #pollUntil = 0;
  #life = 0; // a poll that is under way ends with the life it began in

  /** `{onPiece({cursor, events}), onReset(), onState(name)}`; name: streaming, polling, interrupted. */
  constructor(on) {
    this.#on = on;
  }

  get cursor() {
    return this.#cursor;
  }

  /** Go on after this cursor, with the events of these rooms; of all, when there are none. */
  start(cursor, rooms = []) {
    this.stop();
    // A sync that stands still never names a place that the log still has: then at least from now on.
    this.#cursor = this.#resets < HOPELESS ? cursor : "";
    this.#rooms = rooms;
    if (canPush()) this.#open();
    else this.#poll();
  }

  stop() {
    this.#source?.close();
    this.#source = null;
    this.#life += 1;
    clearTimeout(this.#timer);
  }

  #open() {
    const source = new EventSource(address(STREAM, this.#cursor, this.#rooms));
    this.#source = source;
    this.#timer = setTimeout(() => this.#fallBack(), OPENS_WITHIN);
    source.onopen = () => {
      clearTimeout(this.#timer);
      this.#on.onState("streaming");
    };
    source.onmessage = (message) => this.#receive(JSON.parse(message.data));
    source.addEventListener("reset", () => this.#reset());
    source.onerror = () => {
      // While it is CONNECTING the browser tries again by itself, from the last id.
      if (source.readyState === EventSource.CLOSED) this.#fallBack();
      else this.#on.onState("interrupted");
    };
  }

  #fallBack() {
    this.stop();
    this.#pollUntil = Date.now() + POLL_FOR;
    this.#poll();
  }

  async #poll() {
    let wait = POLL_EVERY;
    const [cursor, life] = [this.#cursor, this.#life];
    try {
      const answer = await eventsAfter(cursor, this.#rooms);
      if (life !== this.#life) return;
      if (answer.error) throw new Error(answer.error);
      this.#failures = 0;
      this.#on.onState("polling");
      if (answer.reset) {
        this.#reset();
        return;
      }
      if (answer.cursor !== cursor) this.#receive(answer);
    } catch {
      if (life !== this.#life) return;
      this.#on.onState("interrupted");
      wait = Math.min(POLL_EVERY * 2 ** this.#failures++, POLL_SLOWEST);
    }
    const isTimeToPush = canPush() && Date.now() > this.#pollUntil;
    this.#timer = setTimeout(() => (isTimeToPush ? this.#open() : this.#poll()), wait);
  }

  #receive(piece) {
    this.#resets = 0;
    this.#cursor = piece.cursor;
    this.#on.onPiece(piece);
  }

  #reset() {
    // The page reloads from SQL. Not in a tight loop: the sync may not know the new log yet.
    this.stop();
    const wait = this.#resets === 0 ? 0 : Math.min(1000 * 2 ** this.#resets, SLOWEST);
    this.#resets += 1;
    this.#timer = setTimeout(() => this.#on.onReset(), wait);
  }
}
