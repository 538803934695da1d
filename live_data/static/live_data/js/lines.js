// One line of a feed from one item of the API.

import { element, foreign } from "./elements.js";
import { batteries, cny, fullTime, say, time } from "./words.js";

const LONGEST = 600; // characters of a text in the page; the whole is in the database

function shortened(text) {
  const characters = text.length > LONGEST ? [...text.slice(0, LONGEST)] : null;
  return characters ? `${characters.join("")}…` : text;
}

function moment(item) {
  const made = element("time", "line-time", time(item.timestamp));
  made.dateTime = item.timestamp;
  made.title = fullTime(item.timestamp);
  return made;
}

function person(item) {
  const name = foreign(shortened(item.username) || say("unknown_name"), "line-name");
  name.classList.toggle("is-guard", item.guard_level > 0);
  return name;
}

function medal(item) {
  return item.medal_name ? element("span", "line-medal", foreign(shortened(item.medal_name)), ` ${item.medal_level}`) : "";
}

function mark(text) {
  return element("span", "line-mark", text);
}

function line(kind, item, roomName, ...content) {
  const room = foreign(roomName(item.room_id), "line-room");
  room.title = roomName(item.room_id);
  const spaced = content.filter(Boolean).flatMap((part) => [part, " "]);
  return element("li", `line line-${kind}`, moment(item), room, element("span", "line-body", ...spaced));
}

function price(gold) {
  const made = element("strong", "line-money", cny(gold));
  made.append(" ", element("span", "line-battery", batteries(gold)));
  made.classList.toggle("is-large", gold >= 100000);
  return made;
}

export function danmakuLine(item, roomName) {
  const made = line("danmaku", item, roomName,
    medal(item),
    item.is_admin ? mark(say("admin")) : "",
    person(item),
    item.is_mirror ? mark(say("mirrored")) : "",
    item.dm_type === 1 ? mark(say("sticker")) : "",
    foreign(shortened(item.message), "line-text"));
  made.classList.toggle("is-mirror", item.is_mirror);
  return made;
}

function unpaid(item) {
  if (item.is_backpack) return mark(say("backpack"));
  return mark(item.coin_type === "gold" && item.total_coin > 0 ? say("cny", { amount: item.total_price }) : say("free"));
}

function giftLine(item, roomName) {
  const made = line("gift", item, roomName,
    medal(item),
    person(item),
    foreign(say("gift", { name: shortened(item.gift_name), num: item.num }), "line-text"),
    item.gold > 0 ? price(item.gold) : unpaid(item));
  made.classList.toggle("is-free", item.gold === 0);
  return made;
}

function superChatLine(item, roomName) {
  const made = line("super-chat", item, roomName,
    mark(say("super_chat")),
    person(item),
    price(item.gold),
    foreign(shortened(item.message), "line-text"),
    item.deleted_at ? mark(say("deleted")) : "");
  made.classList.toggle("is-deleted", Boolean(item.deleted_at));
  return made;
}

function guardLine(item, roomName) {
  const level = say(`guard_${item.guard_level}`);
  return line("guard", item, roomName,
    person(item),
    element("span", "line-text", say("guard", { level, num: item.num })),
    price(item.gold));
}

/** A gift, a super chat or a guard purchase; `item.kind` says which. */
export function paidLine(item, roomName) {
  return { gifts: giftLine, super_chats: superChatLine, guards: guardLine }[item.kind](item, roomName);
}
