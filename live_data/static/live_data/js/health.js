// The line of health, in the words of the server.

import { element } from "./elements.js";

export class Health {
  #list;
  #shown = "";

  constructor(list) {
    this.#list = list;
  }

  show(signs) {
    const said = JSON.stringify(signs);
    if (said === this.#shown) return; // a screen reader hears changes only
    this.#shown = said;
    this.#list.replaceChildren(...signs.map(({ level, text }) => element("li", `health-sign is-${level}`, text)));
  }
}
