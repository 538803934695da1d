"""Counts and gold by room: what a simulator sent beside what is in SQL."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from django.db.models import Count, QuerySet

from live_data.models import DanmakuData, GiftData, GuardPurchase, RedPacketData, SuperChatData
from live_data.queries import moment
from live_data.revenue import revenue_by_kind

_GOLD = "gold"
KINDS = ("danmaku", "gift", "super_chat", "guard", "red_packet", _GOLD)

#: Room -> kind -> how many.
Figures: TypeAlias = dict[int, dict[str, int]]


def stored(room_ids: Iterable[int]) -> Figures:
    """What is in SQL; mirrored danmaku are in no count, guards are purchases, gold is revenue."""
    wanted = list(room_ids)
    tables: dict[str, Callable[[], QuerySet]] = {  # type: ignore[type-arg]  # five tables, same columns
        "danmaku": lambda: DanmakuData.objects.filter(is_mirror=False),
        "gift": GiftData.objects.all,
        "super_chat": SuperChatData.objects.all,
        "guard": GuardPurchase.objects.all,
        "red_packet": RedPacketData.objects.all,
    }
    figures: Figures = {room_id: dict.fromkeys(KINDS, 0) for room_id in wanted}
    with moment.one_moment():
        for kind, rows in tables.items():
            found = rows().filter(room_id__in=wanted).order_by().values_list("room_id")
            for room_id, count in found.annotate(Count("pk")):
                figures[room_id][kind] = count
        for room_id, gold in revenue_by_kind(wanted).items():
            figures[room_id][_GOLD] = sum(gold.values())
    return figures


#: {room: {kind: {"ledger": n, "sql": n}}}
Comparison: TypeAlias = dict[str, dict[str, dict[str, int]]]


def compared(ledger: Figures) -> Comparison:
    ours = stored(ledger)
    return {
        str(room_id): {kind: {"ledger": sent.get(kind, 0), "sql": ours[room_id][kind]} for kind in KINDS}
        for room_id, sent in ledger.items()
    }


class Difference(NamedTuple):
    """How far both are apart; what one has too many does not make up for what it lacks elsewhere."""

    rooms: int  #: with any difference
    events: int
    gold: int


def difference(rooms: Comparison) -> Difference:
    apart = [
        {kind: abs(each["ledger"] - each["sql"]) for kind, each in kinds.items()} for kinds in rooms.values()
    ]
    gold = sum(each.get(_GOLD, 0) for each in apart)
    return Difference(
        rooms=sum(any(each.values()) for each in apart),
        events=sum(sum(each.values()) for each in apart) - gold,
        gold=gold,
    )


def events_stored(rooms: Comparison) -> int:
    return sum(each["sql"] for kinds in rooms.values() for kind, each in kinds.items() if kind != _GOLD)


def are_equal(rooms: Comparison) -> bool:
    return all(each["ledger"] == each["sql"] for kinds in rooms.values() for each in kinds.values())
