// The form that adds a room: the answer of the site stands where the room was typed.

import { say } from "./words.js";

export function makeAddRoom(form, onAdded) {
  const said = form.querySelector("#add-room-said");
  const input = form.elements.room;
  const button = form.querySelector("button");

  function show(text, isWrong) {
    said.textContent = text;
    said.classList.toggle("text-danger", isWrong);
    input.classList.toggle("is-invalid", isWrong);
  }

  async function send() {
    const body = new FormData(form);
    const headers = { Accept: "application/json" };
    const response = await fetch(form.action, { method: "POST", body, headers });
    const answer = await response.json();
    if (!response.ok) return show(answer.error, true);
    form.reset();
    show(answer.added, false);
    return onAdded();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    show(say("adding"), false);
    try {
      await send();
    } catch {
      show(say("add_failed"), true);
    }
    button.disabled = false;
    input.focus();
  });
}
