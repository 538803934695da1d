// The older part of a list, a page at a time: behind the last line that is shown, so that nothing is left out.

import { say } from "./words.js";

/** A place in a list as the API writes it: the 16 bytes of the event_id in base64url. */
function placeOf(eventId) {
  const bytes = eventId.match(/../g).map((pair) => String.fromCharCode(parseInt(pair, 16)));
  return btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export class Olders {
  #link;
  #said;
  #feed;
  #isBusy = false;

  /** `load(cursor)` answers `{results, next}`. */
  constructor(link, said, feed, load) {
    this.#link = link;
    this.#said = said;
    this.#feed = feed;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#more(load);
    });
  }

  /** Whether the database has any behind the last line. */
  isMore(isThere) {
    this.#link.hidden = !isThere;
    this.#said.textContent = "";
    if (isThere) this.#show();
  }

  // The address is a page of its own, too: for a new tab, and to be passed on.
  #show() {
    const query = new URLSearchParams(location.search);
    query.set("cursor", placeOf(this.#feed.oldest));
    this.#link.href = `?${query}`;
  }

  async #more(load) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#said.textContent = say("loading");
    try {
      const page = await load(placeOf(this.#feed.oldest));
      this.#feed.append(page.results);
      this.isMore(page.next !== null);
      if (page.next === null) this.#said.textContent = say("no_older");
    } catch {
      this.#said.textContent = say("older_failed");
    }
    this.#isBusy = false;
  }
}
