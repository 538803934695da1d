// The list of what happened to the room: HTML of the server, fetched again when something does.

const PAUSE = 2000; // ms between two requests of a room in which much happens

const list = document.getElementById("happenings");
let isLooking = false;
let isAgain = false; // something happened while the answer was on its way, or shortly after

/** Never throws: what cannot be had now comes with what happens next. */
export async function refreshHappenings() {
  isAgain = isLooking;
  if (isLooking) return;
  isLooking = true;
  try {
    const response = await fetch(list.dataset.from, { cache: "no-store" });
    if (response.ok) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      list.replaceChildren(...fresh.body.children);
    }
  } catch {
    // the board says that the page is cut off
  }
  setTimeout(() => {
    isLooking = false;
    if (isAgain) refreshHappenings();
  }, PAUSE);
}
