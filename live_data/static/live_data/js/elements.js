// Building elements. Text from outside only ever gets in as textContent.

/** An element with classes and children; strings among the children become text. */
export function element(tag, classes = "", ...children) {
  const made = document.createElement(tag);
  made.className = classes;
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

/** Text from a stranger: kept apart in direction, so that an override in it turns nothing else around. */
export function foreign(text, classes = "") {
  const made = element("bdi", classes, text);
  made.dir = "auto";
  made.translate = false;
  return made;
}
