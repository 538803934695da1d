// The rooms: on air or not, how they are connected, how much is said.

import { element, foreign } from "./elements.js";
import { count, say, time } from "./words.js";

const STATUS = { 0: "offline", 1: "live", 2: "replay" };

function address(room) {
  const link = element("a", "room-title", foreign(room.title || say("room", { room: room.room_id })));
  link.href = `https://live.bilibili.com/${encodeURIComponent(room.room_id)}`;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.title = room.title;
  return link;
}

function connection({ state, text, detail, since, retry_at: retryAt }) {
  const said = [text];
  if (since && state === "blind") said.push(say("since", { time: time(since) }));
  if (retryAt && state === "blind") said.push(say("next_try", { time: time(retryAt) }));
  const made = element("span", `room-connection is-${state}`, said.join(" · "));
  made.title = detail;
  return made;
}

// The site has not been heard of it yet: neither on air nor off air would be true.
function unseenCard(room) {
  return element("li", "room is-unseen", address(room), connection(room.connection));
}

function card(room) {
  if (!room.title && !room.uname) return unseenCard(room);
  const status = STATUS[room.status] ?? "offline";
  return element("li", `room is-${status}`,
    element("span", `room-status is-${status}`, say(status)),
    address(room),
    element("span", "room-rate", say("per_minute", { count: count(room.danmaku_last_minute) })),
    element("span", "room-streamer",
      foreign(room.uname || say("room", { room: room.room_id })), ` · ${room.room_id}`),
    connection(room.connection));
}

export class Rooms {
  #list;
  #names = new Map(); // room_id -> name of the streamer

  constructor(list) {
    this.#list = list;
    this.nameOf = (roomId) => this.#names.get(roomId) || String(roomId);
  }

  show(rooms) {
    this.#names = new Map(rooms.map((room) => [room.room_id, room.uname]));
    const cards = rooms.length ? rooms.map(card) : [element("li", "room-none", say("no_rooms"))];
    this.#list.replaceChildren(...cards);
    document.body.classList.toggle("has-one-room", rooms.length === 1);
  }
}
