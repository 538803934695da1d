// Browsing what is said: the newest lines that were chosen, live on top, older ones on demand.

import { ask, given } from "./asking.js";
import { Feed } from "./feed.js";
import { makePause } from "./hold.js";
import { danmakuLine } from "./lines.js";
import { liveEvents } from "./live.js";
import { Olders } from "./olders.js";
import { StreamState } from "./stream_state.js";

const PAGE = 100;
const AGAIN = 5000; // ms

const first = given("given");
const { chosen } = first;
const names = new Map(Object.entries(first.names));
const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const feed = new Feed(byId("danmaku"), (item) => danmakuLine(item, (roomId) => names.get(String(roomId)) || String(roomId)), {
  most: 400, onDrop: () => olders.isMore(true),
});
const olders = new Olders(byId("older"), byId("older-said"), feed, older);

function parameters(more) {
  const wanted = new URLSearchParams([...query].filter(([name, value]) => value && name !== "cursor"));
  for (const [name, value] of Object.entries(more)) wanted.set(name, value);
  return wanted;
}

function older(cursor) {
  return ask("danmaku", parameters({ limit: PAGE, cursor }));
}

/** ASCII in any case, everything else exactly: as the database compares. */
const folded = (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const contains = (text, part) => folded(text).includes(folded(part));

function isChosen(item) {
  return (!chosen.word || contains(item.message, chosen.word))
    && (chosen.uid === null || item.uid === chosen.uid)
    && (!chosen.name || contains(item.username, chosen.name))
    && (!chosen.since || item.timestamp >= chosen.since);
}

function show(page) {
  feed.clear();
  feed.append(page.results);
  olders.isMore(page.next !== null);
}

function listen(state) {
  const source = liveEvents({
    rooms: chosen.room_ids,
    onEvents: (events) => feed.add(events.danmaku.filter(isChosen)),
    onReset: reload,
    onState: (name) => state.source(name),
  });

  async function reload() {
    try {
      const page = await ask("danmaku", parameters({ limit: PAGE }));
      show(page);
      source.start(page.live);
    } catch {
      state.source("interrupted");
      setTimeout(reload, AGAIN);
    }
  }

  source.start(first.live);
  makePause(byId("pause"), feed, document.documentElement);
}

show(first);
if (first.is_live) listen(new StreamState(byId("stream-state")));
