// The line of health, in the words of the server.

import { element, foreign } from "./elements.js";

function sign({ level, text, detail }) {
  const item = element("li", `health-sign is-${level}`, text);
  if (detail) {
    const said = foreign(detail, "health-detail");
    said.translate = false; // technical: the same in every language
    item.append(" ", said);
  }
  return item;
}

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
    this.#list.replaceChildren(...signs.map(sign));
  }
}
