"""What a page in the pseudo-locale says outside of ⟦ ⟧, and so in English to everybody."""

from playwright.sync_api import Page

from tests.browser.pseudo_locale import CLOSING, OPENING

_SCRIPT = r"""
([opening, closing]) => {
  const SKIPPED = "script, style, noscript, template, textarea, time";
  const ATTRIBUTES = ["title", "placeholder", "alt", "aria-label", "aria-description", "aria-valuetext"];
  const SAYING_BUTTONS = "input[type=submit], input[type=button], input[type=reset]";
  const LETTERS = /\p{L}/u;
  const found = [];
  let depth = 0;

  // A sentence may go on in other elements: its depth goes on with it.
  const outside = (text) => {
    let rest = "";
    for (const character of text) {
      if (character === opening) depth += 1;
      else if (character === closing) depth -= 1;
      else if (depth <= 0) rest += character;
      if (depth < 0) {
        found.push(`${text.trim()}: ends what never began`);
        depth = 0;
      }
    }
    return rest.trim();
  };
  const note = (where, text) => {
    const rest = outside(text);
    if (LETTERS.test(rest)) found.push(`${where}: ${rest}`);
  };
  const alone = (where, text) => {
    const before = depth;
    depth = 0;
    note(where, text);
    if (depth > 0) found.push(`${where}: never ends: ${text}`);
    depth = before;
  };
  const name = (element) => element.localName + (element.id ? `#${element.id}` : "");
  const isData = (element) => element.closest("[translate]")?.getAttribute("translate") === "no";

  const attributes = (element) => {
    if (isData(element)) return;
    const own = element.matches("option, optgroup, track") ? [...ATTRIBUTES, "label"] : ATTRIBUTES;
    for (const attribute of own) {
      const value = element.getAttribute(attribute);
      if (value) alone(`${attribute} of ${name(element)}`, value);
    }
    if (element.matches(SAYING_BUTTONS)) alone(`value of ${name(element)}`, element.value);
  };
  const walk = (element) => {
    if (element.matches(SKIPPED) || getComputedStyle(element).display === "none") return;
    attributes(element);
    for (const child of element.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE) walk(child);
      else if (child.nodeType === Node.TEXT_NODE && !isData(element)) note(name(element), child.data);
    }
  };

  const title = document.querySelector("title");
  if (title && !isData(title)) alone("title", document.title);
  walk(document.body);
  if (depth > 0) found.push(`body: ${depth} of its sentences never end`);
  return found;
}
"""


def untranslated(page: Page) -> list[str]:
    """ "where: text" of all that was never marked for translation, in the order of the page.

    Looked at are texts that are displayed (also in a closed <details>, and for screen readers only), title,
    placeholder, aria-label and alt, the words of buttons and options, and the title of the page. Not looked
    at is what stands within translate="no" (or a <time>): data, code, numbers.
    """
    found: list[str] = page.evaluate(_SCRIPT, [OPENING, CLOSING])
    return found
