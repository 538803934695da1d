"""What was given, as JSON: gold everywhere, whole numbers; a uid is a string."""

from typing import Any

from live_data import payloads
from live_data.queries.calendar import Stretch
from live_data.queries.gift_items import Item
from live_data.queries.payers import Payer
from live_data.queries.takings import Gold
from live_data.views.takings import Takings

Answer = dict[str, Any]  # the JSON boundary


def takings_json(found: Takings, stretch: Stretch, zone: str) -> Answer:
    """Each table has its first rows; how many there are more stands in "more"."""
    return {
        **_stretch(stretch),
        "zone": zone,
        "gold": found.gold.total,
        "gifts": {"lines": found.gift_lines, "gold": found.gold.gift},
        "super_chats": found.super_chats._asdict(),
        "guards": {
            "lines": found.guard_lines,
            "gold": found.gold.guard,
            "levels": [level._asdict() for level in found.guards],
        },
        "outside_revenue": [sort._asdict() for sort in found.outside],
        "payers": {"known": found.known_payers, "masked": found.masked_payers},
        "by_time": [{**_stretch(part.stretch), **_gold(part.gold)} for part in found.parts],
        "by_room": [
            {"room_id": room.room_id, "uname": room.name, **_gold(room.gold)} for room in found.rooms.rows
        ],
        "by_gift": [_item(item) for item in (*found.paid.rows, *found.unpaid.rows)],
        "by_payer": [_payer(payer) for payer in found.payers.rows],
        "blind": [
            {"room_id": blind.room_id, "uname": blind.name, "seconds": int(blind.lasted.total_seconds())}
            for blind in found.blind.rows
        ],
        "more": {
            "by_room": found.rooms.more,
            "by_gift": found.paid.more + found.unpaid.more,
            "by_payer": found.payers.more,
            "blind": found.blind.more,
        },
    }


def _stretch(stretch: Stretch) -> Answer:
    return {"since": payloads.rfc3339(stretch.since), "until": payloads.rfc3339(stretch.until)}


def _gold(gold: Gold) -> Answer:
    return {**gold._asdict(), "gold": gold.total}


def _item(item: Item) -> Answer:
    kind = {"blind_box_id": item.number} if item.is_box else {"gift_id": item.number}
    figures = {"lines": item.lines, "num": item.num, "coins": item.coins, "gold": item.gold}
    revealed = {"revealed_gold": item.revealed} if item.is_box else {}
    return {"sort": item.sort, **kind, "name": item.name, **figures, **revealed}


def _payer(payer: Payer) -> Answer:
    uid = None if payer.uid is None else str(payer.uid)
    return {"uid": uid, "username": payer.name, "purchases": payer.purchases, **_gold(payer.gold)}
