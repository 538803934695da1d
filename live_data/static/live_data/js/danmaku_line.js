// One danmaku among its neighbours.

import { given } from "./asking.js";
import { Feed } from "./feed.js";
import { danmakuLine } from "./lines.js";

const { results, names, line } = given("given");
const list = document.getElementById("danmaku");
const feed = new Feed(list, (item) => danmakuLine(item, (roomId) => names[roomId] || String(roomId)));

document.body.classList.add("has-one-room");
feed.append(results);
const chosen = list.querySelector(`[data-key="${line}"]`);
chosen?.classList.add("is-chosen");
chosen?.setAttribute("aria-current", "true");
