// Gifts and red packets in one feed, super chats and guards in another: each purchase once, at the price that was paid.

import { Feed } from "./feed.js";
import { paidLine } from "./lines.js";
import { Purchases } from "./purchases.js";
import { RedPackets } from "./red_packets.js";

const REMEMBERED = 500; // super chats that may still be taken down

const byTime = (one, other) => one.timestamp.localeCompare(other.timestamp);

export class PaidFeeds {
  #gifts;
  #honours;
  #purchases = new Purchases();
  #redPackets = new RedPackets();
  #superChats = new Map(); // super_chat_id -> item, to mark what is taken down

  constructor(gifts, honours, nameOf) {
    const draw = (item) => paidLine(item, nameOf);
    this.#gifts = new Feed(gifts, draw);
    this.#honours = new Feed(honours, draw);
  }

  get feeds() {
    return [this.#gifts, this.#honours];
  }

  /** Lists as the database has them, newest first. */
  load({ gifts, super_chats: superChats, guards, red_packets: redPackets }) {
    for (const known of [this.#gifts, this.#honours, this.#purchases, this.#redPackets]) known.clear();
    this.#superChats.clear();
    const given = [
      ...gifts.map((item) => ({ ...item, kind: "gifts" })),
      ...redPackets.map((item) => this.#redPackets.fold(item)),
    ];
    this.#gifts.append(given.sort((one, other) => byTime(other, one)));
    const honours = [
      ...superChats.map((item) => ({ ...item, kind: "super_chats" })),
      ...guards.map((item) => ({ ...item, kind: "guards" })),
    ];
    for (const item of honours.sort(byTime)) {
      if (item.kind === "guards") this.#putGuard(this.#purchases.know(item));
      else this.#addSuperChat(item);
    }
  }

  /** What was just pushed. */
  happen({ gifts, super_chats: superChats, guards, red_packets: redPackets, states }) {
    this.#gifts.add(gifts.map((item) => ({ ...item, kind: "gifts" })));
    for (const item of superChats) this.#addSuperChat({ ...item, kind: "super_chats" });
    for (const packet of redPackets.map((report) => this.#redPackets.fold(report)).filter(Boolean)) {
      this.#gifts.put(packet.event_id, packet);
    }
    for (const report of guards) {
      const purchase = this.#purchases.fold(report);
      if (purchase) this.#putGuard(purchase);
    }
    for (const state of states) this.#takeDown(state.super_chat_ids ?? []);
  }

  #putGuard({ key, item }) {
    this.#honours.put(key, { ...item, kind: "guards" });
  }

  #addSuperChat(item) {
    if (!this.#honours.add([item]).length) return;
    this.#superChats.set(item.super_chat_id, item);
    if (this.#superChats.size > REMEMBERED) this.#superChats.delete(this.#superChats.keys().next().value);
  }

  #takeDown(ids) {
    for (const item of ids.map((id) => this.#superChats.get(id)).filter(Boolean)) {
      item.deleted_at = new Date().toISOString();
      this.#honours.redraw(item.event_id, item);
    }
  }
}
