// The first page: all rooms.

import { makeAddRoom } from "./add_room.js";
import { Board } from "./board.js";
import { Rooms } from "./rooms.js";

const CARDS = 12;

const rooms = new Rooms(document.getElementById("rooms"), CARDS);

function showRooms(items) {
  rooms.show(items);
  document.body.classList.toggle("has-no-room", items.length === 0);
}

const board = new Board({ showRooms, nameOf: rooms.nameOf });
makeAddRoom(document.getElementById("add-room"), () => board.refresh());
