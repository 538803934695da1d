// The JSON API, asked.

const API = "/live/api/";

/** Throws when there is no answer, or none that is one. */
export async function ask(path, parameters = {}) {
  const response = await fetch(`${API}${path}?${new URLSearchParams(parameters)}`, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** What a template left in the page under this id; null without it. */
export function given(id) {
  const found = document.getElementById(id);
  return found && JSON.parse(found.textContent);
}
