// What the first page and the page of one room have: figures, charts, what is said and given, whether all is
// well. What the database had, then what happens, from the same place on.

import { ask, given } from "./asking.js";
import { MinuteCharts } from "./charts.js";
import { Feed } from "./feed.js";
import { Health } from "./health.js";
import { makePause } from "./hold.js";
import { danmakuLine } from "./lines.js";
import { liveEvents } from "./live.js";
import { PaidFeeds } from "./paid_feeds.js";
import { StreamState } from "./stream_state.js";
import { showTiles } from "./tiles.js";

const REFRESH_EVERY = 5000; // ms
const AFTER_STATE = 1500; // ms until the database knows what was just pushed

// What the figures, rooms and signs above the feeds depend on; the rest of what happens to rooms is frequent.
const CHANGES = new Set(["live", "preparing", "change", "coverage", "room_info"]);

const byId = (id) => document.getElementById(id);

export class Board {
  #showRooms;
  #only;
  #danmaku;
  #paid;
  #charts = new MinuteCharts(byId("danmaku-chart"), byId("revenue-chart"));
  #health = new Health(byId("health"));
  #state = new StreamState(byId("stream-state"));
  #tiles = document.querySelectorAll(".tile");
  #source;
  #onStates;

  /**
   * `showRooms(items)` shows the rooms, `nameOf(room_id)` names one; `roomId` when the page is of one alone;
   * `onStates()` is told when the database knows what happened to rooms.
   */
  constructor({ showRooms, nameOf, roomId = null, onStates = () => {} }) {
    this.#showRooms = showRooms;
    this.#onStates = onStates;
    this.#only = roomId === null ? {} : { room_id: roomId };
    this.#danmaku = new Feed(byId("danmaku"), (item) => danmakuLine(item, nameOf));
    this.#paid = new PaidFeeds(byId("gifts"), byId("honours"), nameOf);
    for (const button of document.querySelectorAll("[data-pauses]")) this.#pausable(button);
    this.#source = liveEvents({
      rooms: roomId === null ? [] : [roomId],
      onEvents: (events) => this.#happen(events),
      onReset: () => this.#reload(),
      onState: (name) => this.#state.source(name),
    });
    this.#load(given("overview"));
    setInterval(() => this.refresh(), REFRESH_EVERY);
    document.addEventListener("visibilitychange", () => this.refresh());
  }

  /** Read what is not pushed: rooms, figures, health. */
  async refresh() {
    if (document.hidden) return;
    try {
      const [figures, rooms, status] = await Promise.all([
        ask("figures", this.#only), ask("rooms", this.#roomsWanted()), ask("status")]);
      showTiles(this.#tiles, figures.figures);
      this.#charts.refresh(figures.minutes);
      this.#showRooms(rooms.results);
      this.#showStatus(status);
    } catch {
      this.#state.source("interrupted");
    }
  }

  #roomsWanted() {
    return "room_id" in this.#only ? this.#only : { watched: 1, limit: 100 };
  }

  #pausable(button) {
    const [gifts, honours] = this.#paid.feeds;
    const feed = { danmaku: this.#danmaku, gifts, honours }[button.dataset.pauses];
    makePause(button, feed, byId(button.dataset.pauses));
  }

  #load(overview) {
    this.#showRooms(overview.rooms);
    this.#showStatus(overview.status);
    showTiles(this.#tiles, overview.figures);
    this.#danmaku.clear();
    this.#danmaku.append(overview.danmaku);
    this.#paid.load(overview);
    this.#charts.load(overview.minutes);
    this.#source.start(overview.cursor);
  }

  #happen(events) {
    this.#charts.count(this.#danmaku.add(events.danmaku));
    this.#paid.happen(events);
    if (events.states.some(({ what }) => CHANGES.has(what))) setTimeout(() => this.refresh(), AFTER_STATE);
    if (events.states.length) setTimeout(this.#onStates, AFTER_STATE);
  }

  #showStatus({ health, redis }) {
    this.#health.show(health);
    this.#state.redis(redis.ok);
  }

  async #reload() {
    try {
      this.#load(await ask("overview", this.#only));
    } catch {
      this.#state.source("interrupted");
      setTimeout(() => this.#reload(), REFRESH_EVERY);
    }
  }
}
