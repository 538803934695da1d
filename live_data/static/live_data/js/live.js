// How a page hears what happens: by the worker that all tabs share, or by itself where there is none.

import { LiveSource } from "./stream.js";

const ANSWERS_WITHIN = 3000; // ms
const PROTOCOL = 1; // as live_worker.js has it

/** Where in-app browsers have no SharedWorker, or an old one speaks another protocol. */
class OwnStream {
  #source;
  #rooms;

  constructor({ rooms, onEvents, onReset, onState }) {
    this.#rooms = rooms;
    this.#source = new LiveSource({ onPiece: ({ events }) => onEvents(events), onReset, onState });
  }

  start(cursor) {
    this.#source.start(cursor, this.#rooms);
  }

  leave() {
    this.#source.stop();
  }
}

class SharedStream {
  #on;
  #port;
  #cursor = null; // null: not started yet
  #own = null; // what took over when the worker did not answer
  #timer;

  constructor(on) {
    this.#on = on;
    const worker = new SharedWorker(new URL("./live_worker.js", import.meta.url), { type: "module", name: "live" });
    worker.onerror = () => this.#takeOver();
    this.#timer = setTimeout(() => this.#takeOver(), ANSWERS_WITHIN);
    this.#port = worker.port;
    this.#port.onmessage = ({ data }) => this.#receive(data);
  }

  start(cursor) {
    this.#cursor = cursor;
    if (this.#own) this.#own.start(cursor);
    else this.#port.postMessage({ start: cursor, rooms: this.#on.rooms });
  }

  leave() {
    this.#own?.leave();
    this.#port.postMessage({ leave: true });
  }

  #receive({ hello, state, reset, cursor, events }) {
    if (this.#own) return;
    clearTimeout(this.#timer);
    if (hello && hello !== PROTOCOL) this.#takeOver();
    if (state) this.#on.onState(state);
    if (reset) this.#on.onReset();
    if (events) {
      this.#cursor = cursor;
      this.#on.onEvents(events);
    }
  }

  #takeOver() {
    if (this.#own) return;
    this.#port.postMessage({ leave: true });
    this.#own = new OwnStream(this.#on);
    if (this.#cursor !== null) this.#own.start(this.#cursor);
  }
}

function opened(on) {
  try {
    return new SharedStream(on);
  } catch {
    return new OwnStream(on);
  }
}

/**
 * `{rooms, onEvents(events), onReset(), onState(name)}`: events of these rooms, of all when there are none;
 * after a reset the page reads the database again and calls `start(cursor)` with what it then knows.
 */
export function liveEvents(on) {
  const stream = opened({ rooms: [], ...on });
  window.addEventListener("pagehide", () => stream.leave());
  // Back from the browser's page cache: what happened meanwhile was not heard.
  window.addEventListener("pageshow", (event) => event.persisted && on.onReset());
  return stream;
}
