// The word beside the pages' names that says whether what happens arrives.

import { say } from "./words.js";

export class StreamState {
  #shown;
  #source = "connecting";
  #isRedisThere = true;

  constructor(element) {
    this.#shown = element;
  }

  /** "streaming", "polling", "connecting" or "interrupted". */
  source(name) {
    this.#source = name;
    this.#show();
  }

  /** An open stream brings nothing while Redis is away, and must not look as if all were quiet. */
  redis(isThere) {
    this.#isRedisThere = isThere;
    this.#show();
  }

  #show() {
    const name = this.#source === "interrupted" || this.#isRedisThere ? this.#source : "waiting";
    this.#shown.dataset.state = name;
    if (this.#shown.textContent !== say(name)) this.#shown.textContent = say(name);
  }
}
