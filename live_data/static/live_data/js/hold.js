// Pausing a feed: by its button, and by scrolling down in it; the button says how much waits.

import { count, say } from "./words.js";

const NEAR_TOP = 40; // px

export function makePause(button, feed, scroller) {
  let isPaused = false;
  let waiting = 0;

  function show() {
    const text = isPaused ? say("resume") : say("pause");
    button.textContent = waiting ? `${text} (${say("waiting_lines", { count: count(waiting) })})` : text;
    button.setAttribute("aria-pressed", String(isPaused));
    button.classList.toggle("is-waiting", waiting > 0);
  }

  feed.onWaiting((number) => {
    waiting = number;
    show();
  });

  button.addEventListener("click", () => {
    isPaused = !isPaused && !waiting;
    if (isPaused) feed.hold("paused");
    else {
      scroller.scrollTo({ top: 0, behavior: "instant" });
      feed.release("scrolled");
      feed.release("paused");
    }
    show();
  });

  const listened = scroller === document.documentElement ? window : scroller;
  listened.addEventListener("scroll", () => {
    if (scroller.scrollTop > NEAR_TOP) feed.hold("scrolled");
    else feed.release("scrolled");
  }, { passive: true });
  show();
}
