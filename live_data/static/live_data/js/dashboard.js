// The first page: what the database had, then what happens, from the same place on.

import { makeAddRoom } from "./add_room.js";
import { MinuteChart } from "./charts.js";
import { Feed } from "./feed.js";
import { Health } from "./health.js";
import { danmakuLine, paidLine } from "./lines.js";
import { Purchases } from "./purchases.js";
import { Rooms } from "./rooms.js";
import { LiveSource } from "./stream.js";
import { say } from "./words.js";

const API = "/live/api/";
const REFRESH_EVERY = 5000; // ms
const AFTER_STATE = 1500; // ms until the database knows what was just pushed
const PAID = ["gifts", "super_chats", "guards"];

const byId = (id) => document.getElementById(id);
const rooms = new Rooms(byId("rooms"));
const health = new Health(byId("health"));
const danmaku = new Feed(byId("danmaku"), (item) => danmakuLine(item, rooms.nameOf));
const paid = new Feed(byId("gifts"), (item) => paidLine(item, rooms.nameOf));
const purchases = new Purchases();
const superChats = new Map(); // super_chat_id -> item, to mark what is taken down
const chart = new MinuteChart(byId("danmaku-chart"));

const byTime = (one, other) => one.timestamp.localeCompare(other.timestamp);
const ofKind = (items, kind) => items.map((item) => ({ ...item, kind }));

function putGuard({ key, item }) {
  paid.put(key, { ...item, kind: "guards" });
}

function remember(item) {
  superChats.set(item.super_chat_id, item);
  if (superChats.size > 500) superChats.delete(superChats.keys().next().value);
}

function takeDown(ids) {
  for (const item of ids.map((id) => superChats.get(id)).filter(Boolean)) {
    item.deleted_at = new Date().toISOString();
    paid.put(item.event_id, item);
  }
}

function showPaid(events) {
  const others = [...ofKind(events.gifts, "gifts"), ...ofKind(events.super_chats, "super_chats")];
  for (const item of paid.add(others.sort(byTime))) if (item.kind === "super_chats") remember(item);
}

function onEvents(events) {
  chart.count(danmaku.add(events.danmaku));
  showPaid(events);
  for (const report of events.guards) {
    const purchase = purchases.fold(report);
    if (purchase) putGuard(purchase);
  }
  for (const state of events.states) takeDown(state.super_chat_ids ?? []);
  if (events.states.length) setTimeout(refresh, AFTER_STATE);
}

function load(overview) {
  rooms.show(overview.rooms);
  showStatus(overview.status);
  for (const known of [danmaku, paid, purchases]) known.clear();
  superChats.clear();
  danmaku.add(overview.danmaku.slice().reverse());
  const items = PAID.flatMap((kind) => ofKind(overview[kind], kind)).sort(byTime);
  for (const item of items) {
    if (item.kind === "guards") putGuard(purchases.know(item));
    else if (paid.add([item]).length && item.kind === "super_chats") remember(item);
  }
  chart.load(overview.minutes);
  source.start(overview.cursor);
}

async function ask(path) {
  const response = await fetch(API + path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function refresh() {
  if (document.hidden) return;
  try {
    const [listed, status] = await Promise.all([ask("rooms?watched=1&limit=100"), ask("status")]);
    rooms.show(listed.results);
    showStatus(status);
  } catch {
    onState("interrupted");
  }
}

async function reload() {
  try {
    load(await ask("overview"));
  } catch {
    onState("interrupted");
    setTimeout(reload, REFRESH_EVERY);
  }
}

let sourceState = "connecting";
let isRedisThere = true;

function onState(name) {
  sourceState = name;
  showState();
}

function showStatus(status) {
  health.show(status.health);
  isRedisThere = status.redis.ok;
  showState();
}

/** An open stream brings nothing while Redis is away, and must not look as if all were quiet. */
function showState() {
  const name = sourceState === "interrupted" || isRedisThere ? sourceState : "waiting";
  const shown = byId("stream-state");
  shown.dataset.state = name;
  if (shown.textContent !== say(name)) shown.textContent = say(name);
}

const source = new LiveSource({
  streamUrl: `${API}stream`, eventsUrl: `${API}events`, onEvents, onReset: reload, onState,
});

makeAddRoom(byId("add-room"), refresh);
load(JSON.parse(byId("overview").textContent));
setInterval(refresh, REFRESH_EVERY);
document.addEventListener("visibilitychange", refresh);
