// The page of one room.

import { given } from "./asking.js";
import { Board } from "./board.js";
import { element, foreign } from "./elements.js";
import { refreshHappenings } from "./happenings.js";
import { OverTime } from "./over_time.js";
import { connection, status } from "./rooms.js";
import { compact, count, say } from "./words.js";

const { room_id: roomId } = given("room");
let name = "";

function facts(room) {
  const online = room.online > 0 ? element("span", "", say("online", { count: compact(room.online) })) : null;
  if (online) online.title = count(room.online);
  const area = [room.parent_area_name, room.area_name].filter(Boolean).join(" · ");
  return [
    room.watched ? status(room) : null, // nobody knows how it is now
    room.uname ? foreign(room.uname, "room-facts-name") : null,
    area ? foreign(area) : null,
    room.watched ? online : null,
    connection(room.connection),
  ].filter(Boolean);
}

function showRooms([room]) {
  if (!room) return;
  name = room.uname;
  document.getElementById("room-title").replaceChildren(foreign(room.title || say("room", { room: room.room_id })));
  document.getElementById("room-facts").replaceChildren(...facts(room).map((fact) => element("li", "", fact)));
  document.body.classList.add("has-one-room");
}

new OverTime(document, roomId); // both live as long as the page
new Board({ showRooms, nameOf: () => name || String(roomId), roomId, onStates: refreshHappenings });
