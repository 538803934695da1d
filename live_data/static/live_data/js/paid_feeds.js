// Gifts in one feed, super chats and guards in another: each purchase once, at the price that was paid.

import { Feed } from "./feed.js";
import { paidLine } from "./lines.js";
import { Purchases } from "./purchases.js";

const REMEMBERED = 500; // super chats that may still be taken down

const byTime = (one, other) => one.timestamp.localeCompare(other.timestamp);

export class PaidFeeds {
  #gifts;
  #honours;
  #purchases = new Purchases();
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
  load({ gifts, super_chats: superChats, guards }) {
    for (const known of [this.#gifts, this.#honours, this.#purchases]) known.clear();
    this.#superChats.clear();
    this.#gifts.append(gifts.map((item) => ({ ...item, kind: "gifts" })));
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
  happen({ gifts, super_chats: superChats, guards, states }) {
    this.#gifts.add(gifts.map((item) => ({ ...item, kind: "gifts" })));
    for (const item of superChats) this.#addSuperChat({ ...item, kind: "super_chats" });
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
