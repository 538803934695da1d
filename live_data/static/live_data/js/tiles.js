// Figures on top of a page: today's, and the last minute's beside them.

import { compact, count, cny, say } from "./words.js";

const MOST = 1e7; // beyond it a figure is wider than a tile of a phone

function write(tile, name, today, now) {
  const word = name === "gold" ? cny : (number) => (number < MOST ? count(number) : compact(number));
  const figure = tile.querySelector(".tile-today");
  figure.textContent = word(today);
  figure.title = name === "gold" ? "" : count(today);
  tile.querySelector(".tile-now").textContent = say("in_the_last_minute", { figure: word(now) });
}

/** `tiles` are elements with data-figure: danmaku, gifts, gold or people. */
export function showTiles(tiles, { today, last_minute: lastMinute }) {
  for (const tile of tiles) write(tile, tile.dataset.figure, today[tile.dataset.figure], lastMinute[tile.dataset.figure]);
}
