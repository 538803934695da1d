// Rooms added one by one, so that a person sees what becomes of each as the site is asked.

import { element, foreign } from "./elements.js";
import { count, say } from "./words.js";

const KINDS = ["accepted", "unverified", "refused"];

async function post(form, address, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  return { isGood: response.ok, answer: await response.json() };
}

function line({ typed }) {
  const answer = element("span", "added-answer", say("add_waiting"));
  return { answer, made: element("li", "added-room", foreign(typed.slice(0, 200), "foreign added-typed"), answer) };
}

function settle({ made, answer }, kind, ...said) {
  made.classList.add(`is-${KINDS[kind]}`);
  answer.replaceChildren(...said.filter(Boolean));
}

const refused = ({ error, problem, detail }) => [problem ?? error, detail && foreign(detail, "note foreign")];

function accepted({ title, uname, room_id: roomId, problem, detail }) {
  const name = foreign(`${title || uname} ${roomId}`.trim(), "foreign");
  return [name, problem && ` ${problem} `, detail && foreign(detail, "note foreign")];
}

export function makeAddRooms(form, list, progress, onAdded) {
  const said = form.querySelector("#rooms-said");
  const button = form.querySelector("button");

  async function add(shown, { typed, problem }) {
    if (problem) return settle(shown, 2, problem);
    const task = form.elements.task?.value ?? "";
    const { isGood, answer } = await post(form, form.dataset.add, { room: typed, task });
    if (!isGood) return settle(shown, 2, ...refused(answer));
    settle(shown, answer.problem ? 1 : 0, ...accepted(answer));
    return onAdded();
  }

  async function addAll(rooms) {
    const lines = rooms.map(line);
    list.replaceChildren(...lines.map(({ made }) => made));
    for (const [done, room] of rooms.entries()) {
      progress.textContent = say("add_progress", { done: count(done), all: count(rooms.length) });
      await add(lines[done], room);
    }
    const good = lines.filter(({ made }) => !made.classList.contains("is-refused")).length;
    progress.textContent = say("add_done", { accepted: count(good), all: count(rooms.length) });
    return good;
  }

  async function send() {
    const { isGood, answer } = await post(form, form.dataset.split, { rooms: form.elements.rooms.value });
    said.textContent = isGood ? "" : answer.error;
    form.elements.rooms.classList.toggle("is-invalid", !isGood);
    if (isGood && (await addAll(answer.rooms))) form.elements.rooms.value = "";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await send();
    } catch {
      progress.textContent = "";
      said.textContent = say("add_failed");
    }
    button.disabled = false;
    form.elements.rooms.focus();
  });
}
