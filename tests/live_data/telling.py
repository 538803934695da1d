"""One thing told by several messages: from their bytes through decoder, log and sync into SQL, in any order.

Each order has a room of its own, so that one database holds all orders side by side.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, TypeAlias

from django.db.models import Sum

from bilibili_live.events import AnyEvent, Decoded, RoomInfo
from bilibili_live.protocol.commands import decode_message
from event_store.codec import RoomCounts
from live_data import sync
from live_data.models import (
    DanmakuData,
    EventCount,
    GiftData,
    GuardPurchase,
    MinuteCount,
    RedPacketData,
    SuperChatData,
)
from live_data.queries import gift_items, red_packets
from live_data.queries.lists import Chosen
from live_data.revenue import revenue_by_kind
from live_data.storing.rollups import minute_of
from tests.bilibili_live.messages import RECEIVED, SENT_MS
from tests.live_data.conftest import Log
from tests.made import batch

ANCHOR = 99  #: whom the builders' gifts are for
FIRST_ROOM = 1_000
ORDERS = 24  #: of so many at most one room each

Wire: TypeAlias = dict[str, Any]
Said: TypeAlias = Wire | str  #: a message, or ANCHOR_KNOWN

ANCHOR_KNOWN = "the site says who the anchor is"


@dataclass(frozen=True)
class Case:
    """Messages, and what they come to in whatever order they are told."""

    said: Sequence[Said]
    gift: int = 0  #: gold of revenue
    guard: int = 0
    super_chat: int = 0
    lines: dict[str, int] = field(default_factory=dict)  #: gifts, guards, super_chats, danmaku, red_packets
    beside: dict[str, tuple[int, int]] = field(default_factory=dict)  #: sort -> (lines, coins)
    ignored: dict[str, int] = field(default_factory=dict)  #: messages by command
    rejected: dict[str, int] = field(default_factory=dict)  #: by reason
    is_anchor_known: bool = True  #: from the beginning

    @property
    def orders(self) -> list[tuple[Said, ...]]:
        """All of them, or some evenly spread ones."""
        every = list(permutations(self.said))
        return every[:: max(1, -(-len(every) // ORDERS))]


def decoded(said: Said, room_id: int, received_at: int = RECEIVED) -> Decoded:
    if isinstance(said, str):
        return Decoded(events=[anchor_known(room_id)])
    return decode_message(json.dumps(said).encode(), room_id, received_at)


def anchor_known(room_id: int) -> RoomInfo:
    return RoomInfo(
        event_id=b"",
        room_id=room_id,
        at=SENT_MS,
        received_at=SENT_MS,
        short_id=0,
        uid=ANCHOR,
        uname="主播",
        face="",
        title="",
        live_status=1,
        online=1,
    )


def append(log: Log, told: Iterable[tuple[int, Said]], received_at: int = RECEIVED) -> None:
    """One log entry of these (room, message), counted as a collector counts."""
    events: list[AnyEvent] = []
    counts: dict[int, RoomCounts] = {}
    for room_id, said in told:
        found = decoded(said, room_id, received_at)
        of_room = counts.setdefault(room_id, RoomCounts(room_id=room_id, received=0))
        of_room.tally.add(found.tally)
        nothing = sum(found.tally.ignored.values()) + sum(found.tally.rejected.values())
        of_room.received += len(found.events) + nothing
        events += found.events
    log.append(batch(events, counts=list(counts.values())))


def tell(log: Log, case: Case, way: str) -> list[int]:
    """Every order in its room; which rooms those are. ``way`` is one of WAYS."""
    rooms = {FIRST_ROOM + number: order for number, order in enumerate(case.orders)}
    if case.is_anchor_known:
        append(log, [(room_id, ANCHOR_KNOWN) for room_id in rooms])
        sync.step(log.redis)
    WAYS[way](log, rooms)
    return list(rooms)


Rooms: TypeAlias = dict[int, tuple[Said, ...]]


def _at_once(log: Log, rooms: Rooms) -> None:
    append(log, [(room_id, said) for room_id, order in rooms.items() for said in order])
    sync.step(log.redis)


def _one_by_one(log: Log, rooms: Rooms) -> None:
    for place in range(max(map(len, rooms.values()))):
        append(log, [(room_id, order[place]) for room_id, order in rooms.items()])
        sync.step(log.redis)


def _by_two_connections(log: Log, rooms: Rooms) -> None:
    """The second is a little late, and one message behind."""
    length = max(map(len, rooms.values()))
    for place in range(length + 1):
        if place < length:
            append(log, [(room_id, order[place]) for room_id, order in rooms.items()])
        if place:
            append(log, [(room_id, order[place - 1]) for room_id, order in rooms.items()], RECEIVED + 700)
        sync.step(log.redis)


def _again_after_a_restart(log: Log, rooms: Rooms) -> None:
    """The journal is read once more from its beginning."""
    _one_by_one(log, rooms)
    _at_once(log, rooms)


WAYS = {
    "at once": _at_once,
    "one by one": _one_by_one,
    "by two connections": _by_two_connections,
    "again after a restart": _again_after_a_restart,
}

_TABLES: dict[str, type[GiftData | GuardPurchase | SuperChatData]] = {
    "gifts": GiftData,
    "guards": GuardPurchase,
    "super_chats": SuperChatData,
}
_GOLD = {"gifts": "gift_gold", "guards": "guard_gold", "super_chats": "super_chat_gold"}


def assert_once(case: Case, rooms: Sequence[int], way: str) -> None:
    """In every room the same rows, revenue, minutes and figures beside it."""
    revenue = {"gift": case.gift, "guard": case.guard, "super_chat": case.super_chat}
    assert revenue_by_kind(rooms) == dict.fromkeys(rooms, revenue)
    for room_id in rooms:
        assert _lines(room_id) == Counter(case.lines)
        assert _minutes(room_id) == _minutes_of_rows(room_id)
        assert beside(room_id) == case.beside
        assert _counted(room_id, "rejected").keys() == case.rejected.keys()
        if way in ("at once", "one by one"):
            assert _counted(room_id, "ignored") == case.ignored
            assert _counted(room_id, "rejected") == case.rejected


def _lines(room_id: int) -> Counter[str]:
    tables = {**_TABLES, "red_packets": RedPacketData}
    counts = {name: table._default_manager.filter(room_id=room_id).count() for name, table in tables.items()}
    counts["danmaku"] = MinuteCount.objects.filter(room_id=room_id).aggregate(all=Sum("danmaku"))["all"] or 0
    counts["mirrored"] = DanmakuData.objects.filter(room_id=room_id, is_mirror=True).count()
    return +Counter(counts)


def _minutes(room_id: int) -> dict[tuple[Any, str], int]:
    """(minute, figure) -> value, where it is not 0."""
    figures = (*_GOLD.keys(), *_GOLD.values())
    rows = MinuteCount.objects.filter(room_id=room_id).values("minute", *figures)
    return {(row["minute"], name): row[name] for row in rows for name in figures if row[name]}


def _minutes_of_rows(room_id: int) -> dict[tuple[Any, str], int]:
    sums: Counter[tuple[Any, str]] = Counter()
    for name, table in _TABLES.items():
        for row in table._default_manager.filter(room_id=room_id):
            sums[minute_of(row.timestamp), name] += 1
            sums[minute_of(row.timestamp), _GOLD[name]] += row.gold
    return dict(+sums)


def beside(room_id: int) -> dict[str, tuple[int, int]]:
    chosen = Chosen(room_ids=(room_id,))
    found = [*gift_items.outside(gift_items.items(chosen)), *red_packets.outside(chosen)]
    return {each.sort: (each.lines, each.coins) for each in found}


def _counted(room_id: int, outcome: str) -> dict[str, int]:
    rows = EventCount.objects.filter(room_id=room_id, outcome=outcome, count__gt=0)
    return dict(rows.values_list("name", "count"))
