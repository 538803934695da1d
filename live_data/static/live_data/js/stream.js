// Events as they happen: pushed where the server can, else polled. It keeps its place and loses nothing;
// what may come twice, the feeds know by event_id.

const OPENS_WITHIN = 8000; // ms; a proxy that holds the stream back never opens it
const POLL_EVERY = 1000; // ms
const POLL_FOR = 30000; // ms, then pushing is tried again
const SLOWEST = 30000; // ms between two reloads
const POLL_SLOWEST = 5000; // ms between two tries
const HOPELESS = 4; // resets in a row

export class LiveSource {
  #options;
  #cursor = "";
  #source = null;
  #timer = 0;
  #resets = 0;
  #failures = 0;
  #pollUntil = 0;

  /** `{streamUrl, eventsUrl, onEvents(events), onReset(), onState(name)}`; name: streaming, polling, interrupted. */
  constructor(options) {
    this.#options = options;
  }

  /** Go on after this cursor. */
  start(cursor) {
    this.stop();
    // A sync that stands still never names a place that the log still has: then at least from now on.
    this.#cursor = this.#resets < HOPELESS ? cursor : "";
    if (window.EventSource) this.#open();
    else this.#poll();
  }

  stop() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#timer);
  }

  #address(url) {
    return `${url}?after=${encodeURIComponent(this.#cursor)}`;
  }

  #open() {
    const source = new EventSource(this.#address(this.#options.streamUrl));
    this.#source = source;
    this.#timer = setTimeout(() => this.#fallBack(), OPENS_WITHIN);
    source.onopen = () => {
      clearTimeout(this.#timer);
      this.#options.onState("streaming");
    };
    source.onmessage = (message) => this.#receive(JSON.parse(message.data));
    source.addEventListener("reset", () => this.#reset());
    source.onerror = () => {
      // While it is CONNECTING the browser tries again by itself, from the last id.
      if (source.readyState === EventSource.CLOSED) this.#fallBack();
      else this.#options.onState("interrupted");
    };
  }

  #fallBack() {
    this.stop();
    this.#pollUntil = Date.now() + POLL_FOR;
    this.#poll();
  }

  async #poll() {
    let wait = POLL_EVERY;
    try {
      const response = await fetch(this.#address(this.#options.eventsUrl), { cache: "no-store" });
      if (!response.ok) throw new Error(`${response.status}`);
      const answer = await response.json();
      if (answer.error) throw new Error(answer.error);
      this.#failures = 0;
      this.#options.onState("polling");
      if (answer.reset) return this.#reset();
      if (answer.cursor !== this.#cursor) this.#receive(answer);
    } catch {
      this.#options.onState("interrupted");
      wait = Math.min(POLL_EVERY * 2 ** this.#failures++, POLL_SLOWEST);
    }
    const isTimeToPush = window.EventSource && Date.now() > this.#pollUntil;
    this.#timer = setTimeout(() => (isTimeToPush ? this.#open() : this.#poll()), wait);
    return undefined;
  }

  #receive(answer) {
    this.#resets = 0;
    this.#cursor = answer.cursor;
    this.#options.onEvents(answer.events);
  }

  #reset() {
    // The page reloads from SQL. Not in a tight loop: the sync may not know the new log yet.
    this.stop();
    const wait = this.#resets === 0 ? 0 : Math.min(1000 * 2 ** this.#resets, SLOWEST);
    this.#resets += 1;
    this.#timer = setTimeout(() => this.#options.onReset(), wait);
  }
}
