// The rooms as cards: on air or not, how they are connected, how much is said.

import { element, foreign } from "./elements.js";
import { sparkline } from "./sparkline.js";
import { compact, count, say, time } from "./words.js";

const STATUS = { 0: "offline", 1: "live", 2: "replay" };

const pageOf = (room) => `/live/rooms/${encodeURIComponent(room.room_id)}/`;

function title(room) {
  const link = element("a", "room-title", foreign(room.title || say("room", { room: room.room_id })));
  link.href = pageOf(room);
  link.title = room.title;
  link.translate = false;
  return link;
}

/** How the room is connected, in the words of the server. */
export function connection({ state, cause, text, detail, since, retry_at: retryAt }) {
  const said = [text];
  const isMissing = state === "blind" || cause === "starved";
  if (since && isMissing) said.push(say("since", { time: time(since) }));
  if (retryAt && state === "blind") said.push(say("next_try", { time: time(retryAt) }));
  const made = element("span", `room-connection is-${state}`, said.join(" · "));
  if (detail && isMissing) made.append(" ", technical(detail));
  return made;
}

function technical(detail) {
  const made = element("span", "room-detail", detail);
  made.translate = false;
  return made;
}

export function status(room) {
  const name = STATUS[room.status] ?? "offline";
  return element("span", `room-status is-${name}`, say(name));
}

function streamer(room) {
  const number = element("span", "", String(room.room_id));
  number.translate = false;
  const parts = [room.uname ? foreign(room.uname) : null, room.area_name ? foreign(room.area_name) : null, number];
  const made = element("span", "room-streamer");
  parts.filter(Boolean).forEach((part, place) => made.append(place ? " · " : "", part));
  return made;
}

// The site has not been heard of it yet: neither on air nor off air would be true.
function unseenCard(room) {
  return element("li", "room is-unseen", title(room), connection(room.connection));
}

function figures(room) {
  const rate = element("span", "room-rate", say("per_minute", { count: count(room.danmaku_last_minute) }));
  const online = room.online > 0 && room.status === 1
    ? element("span", "room-online", say("online", { count: compact(room.online) })) : null;
  if (online) online.title = count(room.online);
  return element("span", "room-figures", rate, online ? " " : "", online);
}

function card(room) {
  if (!room.title && !room.uname) return unseenCard(room);
  return element("li", `room is-${STATUS[room.status] ?? "offline"}`,
    status(room), title(room), streamer(room), figures(room), sparkline(room.danmaku_by_minute), connection(room.connection));
}

const byActivity = (one, other) => (
  Number(other.status === 1) - Number(one.status === 1)
  || other.danmaku_last_minute - one.danmaku_last_minute
  || one.room_id - other.room_id);

export class Rooms {
  #list;
  #most;
  #names = new Map(); // room_id -> name of the streamer

  /** Of more than ``most`` rooms the most active ones are shown. */
  constructor(list, most = Infinity) {
    this.#list = list;
    this.#most = most;
    this.nameOf = (roomId) => this.#names.get(roomId) || String(roomId);
  }

  show(rooms) {
    this.#names = new Map(rooms.map((room) => [room.room_id, room.uname]));
    document.body.classList.toggle("has-one-room", rooms.length === 1);
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
    this.#list.replaceChildren(...[...rooms].sort(byActivity).slice(0, this.#most).map(card));
    if (focused) this.#list.querySelector(`a[href="${focused}"]`)?.focus();
  }
}
