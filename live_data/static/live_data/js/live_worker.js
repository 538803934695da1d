// One stream for all tabs: a browser allows six connections to a server, and twelve tabs are soon open.
// Each tab says from which place on it wants to hear of which rooms, and gets just that.

import { eventsAfter, LiveSource } from "./stream.js";

const AGAIN = 2000; // ms
const PROTOCOL = 1; // of the messages; a worker of an older page may live on for a while

const tabs = new Map(); // port -> {rooms, after}
let isIdle = true; // nothing is read: the next tab says from where on
let state = "connecting";

const source = new LiveSource({
  onPiece(piece) {
    for (const [port, tab] of tabs) deliver(port, tab, piece);
  },
  onReset() {
    isIdle = true;
    for (const port of tabs.keys()) port.postMessage({ reset: true });
  },
  onState(name) {
    state = name;
    for (const port of tabs.keys()) port.postMessage({ state });
  },
});

/** Whether the piece lies behind the place that the tab has already. */
function isNews(cursor, after) {
  const [log, id] = cursor.split(".");
  const [seenLog, seenId] = after.split(".");
  if (log !== seenLog) return true;
  const [time, number] = id.split("-").map(Number);
  const [seenTime, seenNumber] = seenId.split("-").map(Number);
  return time > seenTime || (time === seenTime && number > seenNumber);
}

function deliver(port, { rooms, after }, { cursor, events }) {
  if (after && !isNews(cursor, after)) return;
  const isWanted = (item) => !rooms.length || rooms.includes(item.room_id);
  const chosen = Object.entries(events).map(([kind, items]) => [kind, items.filter(isWanted)]);
  port.postMessage({ cursor, events: Object.fromEntries(chosen) });
}

/** The rooms that any tab wants; none stands for all. */
function wanted() {
  const lists = [...tabs.values()].map((tab) => tab.rooms);
  return lists.some((rooms) => !rooms.length) ? [] : [...new Set(lists.flat())].sort((one, other) => one - other);
}

let heard = []; // the rooms that the stream is of

function join(port, cursor, rooms) {
  const tab = { rooms, after: cursor };
  tabs.set(port, tab);
  port.postMessage({ state });
  const all = wanted();
  if (isIdle) {
    isIdle = false;
    heard = all;
    source.start(cursor, all);
    return;
  }
  if (all.join() !== heard.join()) {
    heard = all;
    source.start(source.cursor, all);
  }
  catchUp(port, tab);
}

/** What lies between the tab's place and the stream's. It hears the stream already: nothing falls between. */
async function catchUp(port, tab) {
  let place = tab.after;
  while (tabs.get(port) === tab && place && source.cursor && isNews(source.cursor, place)) {
    try {
      const answer = await eventsAfter(place, tab.rooms);
      if (answer.reset) {
        port.postMessage({ reset: true });
        return;
      }
      if (answer.error) throw new Error(answer.error);
      if (answer.cursor === place) return;
      deliver(port, { rooms: tab.rooms, after: place }, answer);
      place = answer.cursor;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

function leave(port) {
  tabs.delete(port);
  if (tabs.size) return;
  source.stop();
  isIdle = true;
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.leave) leave(port);
    else join(port, data.start, data.rooms);
  };
  port.postMessage({ hello: PROTOCOL });
};
