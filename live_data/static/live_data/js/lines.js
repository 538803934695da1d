// One line of a feed from one item of the API.

import { element, foreign } from "./elements.js";
import { batteries, cny, fullTime, say, time } from "./words.js";

const LONGEST = 600; // characters of a text in the page; the whole is in the database

function shortened(text) {
  const characters = text.length > LONGEST ? [...text.slice(0, LONGEST)] : null;
  return characters ? `${characters.join("")}…` : text;
}

function moment(item) {
  const made = element("time", "", time(item.timestamp));
  made.dateTime = item.timestamp;
  made.title = fullTime(item.timestamp);
  return made;
}

/** A link for the mouse: a wall of chat must not be a wall of tab stops. */
function aside(href, classes, ...children) {
  const made = element("a", classes, ...children);
  made.href = href;
  made.tabIndex = -1;
  return made;
}

/** Leads to the page of the person; of whom the site hides the uid, to the lines under that name. */
function person(item, page) {
  const name = foreign(shortened(item.username) || say("unknown_name"));
  const classes = item.guard_level > 0 ? "line-name is-guard" : "line-name";
  if (item.uid !== null) return aside(`/live/people/${encodeURIComponent(item.uid)}/`, classes, name);
  if (!item.username) return element("span", classes, name);
  const user = `@${item.username.slice(0, 90)}`;
  return aside(`/live/${page}/?${new URLSearchParams({ user })}`, classes, name);
}

function medal(item) {
  if (!item.medal_name) return "";
  const made = element("span", "line-medal", foreign(shortened(item.medal_name)), ` ${item.medal_level}`);
  made.translate = false;
  return made;
}

function mark(text) {
  return element("span", "line-mark", text);
}

function line(kind, item, roomName, when, ...content) {
  const name = roomName(item.room_id);
  const room = aside(`/live/rooms/${encodeURIComponent(item.room_id)}/`, "line-room", foreign(name));
  room.title = name;
  room.translate = false;
  const spaced = content.filter(Boolean).flatMap((part) => [part, " "]);
  return element("li", `line line-${kind}`, element("span", "line-time", when), room, element("span", "line-body", ...spaced));
}

function price(gold) {
  const made = element("strong", "line-money", cny(gold));
  made.append(" ", element("span", "line-battery", batteries(gold)));
  made.classList.toggle("is-large", gold >= 100000);
  return made;
}

export function danmakuLine(item, roomName) {
  const permalink = element("a", "line-permalink", moment(item));
  permalink.href = `/live/danmaku/${encodeURIComponent(item.event_id)}/`;
  const made = line("danmaku", item, roomName, permalink,
    medal(item),
    item.is_admin ? mark(say("admin")) : "",
    person(item, "danmaku"),
    item.is_mirror ? mark(say("mirrored")) : "",
    item.dm_type === 1 ? mark(say("sticker")) : "",
    foreign(shortened(item.message), "line-text"));
  made.classList.toggle("is-mirror", item.is_mirror);
  return made;
}

function unpaid(item) {
  if (item.is_backpack) return mark(say("backpack"));
  if (item.coin_type !== "gold" || item.total_coin === 0) return mark(say("free"));
  return mark(`${say("for_another")} ${cny(item.total_coin)}`);
}

/** Of a blind box, what came out; of what was reduced, what it costs else. */
function worth(item) {
  if (item.revealed_gold !== null) {
    const box = shortened(item.blind_box_name) || say("blind_box");
    return mark(say("out_of_box", { box, amount: cny(item.revealed_gold) }));
  }
  return item.gold > 0 && item.list_gold > item.paid_gold ? listPrice(item) : "";
}

function listPrice(item) {
  return mark(say("list_price", { amount: cny(item.list_gold) }));
}

function giftLine(item, roomName) {
  const made = line("gift", item, roomName, moment(item),
    medal(item),
    person(item, "gifts"),
    foreign(say("gift", { name: shortened(item.gift_name), num: item.num }), "line-text"),
    item.gold > 0 ? price(item.gold) : unpaid(item),
    worth(item));
  made.classList.toggle("is-free", item.gold === 0);
  return made;
}

function superChatLine(item, roomName) {
  const made = line("super-chat", item, roomName, moment(item),
    mark(say("super_chat")),
    person(item, "gifts"),
    price(item.gold),
    foreign(shortened(item.message), "line-text"),
    item.deleted_at ? mark(say("deleted")) : "");
  made.classList.toggle("is-deleted", Boolean(item.deleted_at));
  return made;
}

function guardLine(item, roomName) {
  const level = say(`guard_${item.guard_level}`);
  return line("guard", item, roomName, moment(item),
    person(item, "gifts"),
    element("span", "line-text", say("guard", { level, num: item.num })),
    price(item.gold),
    item.list_gold > item.gold ? listPrice(item) : "");
}

function redPacketLine(item, roomName) {
  const inside = item.gifts_gold === null ? "" : mark(say("gifts_inside", { amount: cny(item.gifts_gold) }));
  const gifts = Object.entries(item.gifts).map(([name, num]) => say("gift", { name, num }));
  if (inside) inside.title = say("gifts_named", { gifts: gifts.join(", ") });
  const made = line("gift", item, roomName, moment(item),
    person(item, "gifts"),
    element("span", "line-text", say("red_packet")),
    item.paid_gold === null ? "" : mark(cny(item.paid_gold)),
    inside);
  made.classList.add("is-free"); // outside revenue, as gifts that nobody pays for
  return made;
}

/** A gift, a super chat, a guard purchase or a red packet; `item.kind` says which. */
export function paidLine(item, roomName) {
  const draw = { gifts: giftLine, super_chats: superChatLine, guards: guardLine, red_packets: redPacketLine };
  return draw[item.kind](item, roomName);
}
