"""The ledger line by line: gifts, super chats, purchases of guards and red packets, each once; and what
chosen lines add up to. So every figure can be opened down to its events.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Sum

from live_data.models import GiftData, GuardPurchase, RedPacketData, SuperChatData
from live_data.queries import lists
from live_data.queries.lists import Chosen, Listed
from live_data.revenue import SORTS, gift_sort

KINDS: dict[str, type[Listed]] = {
    "gifts": GiftData,
    "super_chats": SuperChatData,
    "guards": GuardPurchase,
    "red_packets": RedPacketData,
}
PAID = "paid"


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines; what is empty does not choose."""

    kind: str = ""  #: one of KINDS
    sort: str = ""  #: one of revenue.SORTS; "paid" is what is revenue, of any kind
    gift_id: int | None = None  #: gifts that came in no blind box
    box_id: int | None = None  #: what came out of this blind box
    guard_level: int | None = None
    is_taken_down: bool = False  #: super chats that the site took down
    masked: str = ""  #: the whole name that is shown of people without a uid

    @property
    def is_narrow(self) -> bool:
        """Whether more is chosen than a kind."""
        return self != Lines(kind=self.kind)


class Line(NamedTuple):
    kind: str
    row: Listed


class Total(NamedTuple):
    lines: int
    gold: int  #: revenue


def newest(chosen: Chosen, lines: Lines, before: bytes | None, limit: int) -> list[Line]:
    """Up to ``limit`` lines of all kinds among each other, newest first, older than the event ``before``."""
    found = [
        Line(kind, row)
        for kind, rows in _rows(lines)
        for row in lists.newest(KINDS[kind], chosen, before, limit, rows)
    ]
    found.sort(key=lambda line: bytes(line.row.event_id), reverse=True)
    return found[:limit]


def total(chosen: Chosen, lines: Lines) -> Total:
    """Of all of them, however many pages they fill."""
    sums = [_total(kind, lists.within(KINDS[kind], chosen, rows)) for kind, rows in _rows(lines)]
    return Total(sum(each.lines for each in sums), sum(each.gold for each in sums))


def _total(kind: str, rows: "QuerySet[Listed]") -> Total:
    if kind == "red_packets":  # no revenue
        return Total(rows.count(), 0)
    found = rows.aggregate(lines=Count("pk"), gold=Sum("gold"))
    return Total(found["lines"], found["gold"] or 0)


def _rows(lines: Lines) -> Iterator[tuple[str, "QuerySet[Listed]"]]:
    """The kinds that can have such lines, and their rows."""
    for kind in [lines.kind] if lines.kind else KINDS:
        wanted = _wanted(kind, lines)
        if wanted is not None:
            rows: QuerySet[Listed] = KINDS[kind]._default_manager.all()
            if kind == "gifts" and lines.sort:
                rows = rows.alias(sort=gift_sort())
            yield kind, rows.filter(**wanted)


def _wanted(kind: str, lines: Lines) -> dict[str, Any] | None:
    """What a row of this kind must have; None: there is no such row."""
    own = {
        "gifts": lines.gift_id is not None or lines.box_id is not None or lines.sort not in ("", PAID),
        "guards": lines.guard_level is not None,
        "super_chats": lines.is_taken_down,
        "red_packets": False,
    }
    if any(is_asked for other, is_asked in own.items() if other != kind):
        return None
    if lines.sort and kind == "red_packets":
        return None
    wanted: dict[str, Any] = {}
    if lines.masked:
        wanted |= {"uid": None, "username": lines.masked}
    if lines.sort:
        wanted |= {"sort": SORTS.index(lines.sort)} if kind == "gifts" else {"gold__gt": 0}
    if lines.gift_id is not None:
        wanted |= {"gift_id": lines.gift_id, "blind_box_id": None}
    if lines.box_id is not None:
        wanted |= {"blind_box_id": lines.box_id}
    if lines.guard_level is not None:
        wanted |= {"guard_level": lines.guard_level}
    if lines.is_taken_down:
        wanted |= {"deleted_at__isnull": False}
    return wanted
