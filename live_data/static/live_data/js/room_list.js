// /live/rooms/: the list is fetched anew every few seconds, found in while one types, acted on in place.

import { makeAddRooms } from "./add_rooms.js";
import { patchElement, patchRows } from "./table_patch.js";
import { say } from "./words.js";

const REFRESH_EVERY = 4000; // ms
const AFTER_TYPING = 250;

const byId = (id) => document.getElementById(id);
const address = document.querySelector("script[data-table]").dataset.table;
const action = byId("room-action");
const filter = byId("room-filter");
const said = byId("filter-said");
let asked = 0; // the newest request; an answer that was overtaken is not shown

async function refresh() {
  const mine = ++asked;
  const chosen = new URLSearchParams({ q: action.elements.q.value, page: action.elements.page.value });
  try {
    const response = await fetch(`${address}?${chosen}`, { cache: "no-store", headers: { Accept: "text/html" } });
    const text = await response.text();
    if (mine !== asked) return;
    if (response.status >= 500) throw new Error(response.status);
    show(new DOMParser().parseFromString(text, "text/html"));
    said.textContent = "";
  } catch {
    if (mine === asked) said.textContent = say("list_failed");
  }
}

function show(fresh) {
  for (const id of ["rooms-body", "tasks-body"]) patchRows(byId(id), fresh.getElementById(id));
  for (const id of ["rooms-count", "rooms-pages"]) patchElement(byId(id), fresh.getElementById(id));
}

function find() {
  action.elements.q.value = filter.elements.q.value;
  action.elements.page.value = 1;
  const query = filter.elements.q.value ? `?${new URLSearchParams(new FormData(filter))}` : "";
  history.replaceState(null, "", filter.action + query);
  return refresh();
}

let typing = 0;
filter.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(find, AFTER_TYPING);
});
filter.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});

/** What the button does is done in place: the page neither jumps nor forgets what is typed in it. */
action.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  const body = new FormData(action);
  button.closest("details")?.removeAttribute("open");
  button.blur();
  let isDone = false;
  try {
    const response = await fetch(button.formAction, { method: "POST", body, redirect: "manual" });
    isDone = response.ok || response.type === "opaqueredirect"; // a refusal is a page of its own
  } catch {
    // told below
  }
  await refresh();
  if (!isDone) said.textContent = say("list_failed");
});

makeAddRooms(byId("add-rooms"), byId("added"), byId("add-progress"), refresh);
setInterval(() => document.hidden || refresh(), REFRESH_EVERY);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
