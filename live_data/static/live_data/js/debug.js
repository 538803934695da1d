// The page about the system looks again by itself: it fetches itself and takes over the parts that live.

import { fullTime, say } from "./words.js";

const EVERY = 5000; // ms
const said = document.getElementById("debug-said");
let looked = Date.now();
let isLooking = false;

/** Whoever reads with the keyboard, or marks text, must not lose the place. */
function isInUse(part) {
  const selection = document.getSelection();
  return part.contains(document.activeElement)
    || (!selection.isCollapsed && selection.containsNode(part, true));
}

/** The server's own elements, parsed without running anything; what was unfolded stays so. */
function takeOver(part, fresh) {
  if (!fresh || fresh.innerHTML === part.innerHTML || isInUse(part)) return;
  const open = new Set([...part.querySelectorAll("details[open]")].map(({ id }) => id));
  for (const details of fresh.querySelectorAll("details")) details.open = open.has(details.id);
  const places = [...part.querySelectorAll(".table-scroll")].map(({ scrollLeft }) => scrollLeft);
  part.replaceChildren(...fresh.childNodes);
  for (const [number, table] of [...part.querySelectorAll(".table-scroll")].entries()) {
    table.scrollLeft = places[number] ?? 0;
  }
}

async function look() {
  const response = await fetch(window.location.href, { cache: "no-store" });
  if (!response.ok && response.status !== 400) throw new Error(String(response.status)); // 400: the whole page, too
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) takeOver(part, fresh.getElementById(part.id));
}

async function refresh() {
  if (document.hidden || isLooking) return;
  isLooking = true;
  try {
    await look();
    looked = Date.now();
    said.textContent = "";
  } catch {
    said.textContent = say("debug_interrupted", { time: fullTime(looked) });
  }
  isLooking = false;
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
