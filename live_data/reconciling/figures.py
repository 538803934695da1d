"""Counts and gold by room: what a simulator sent beside what is in SQL."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from django.db.models import Count, QuerySet

from live_data.models import DanmakuData, GiftData, GuardPurchase, RedPacketData, SuperChatData
from live_data.queries import moment
from live_data.revenue import revenue_by_kind

KINDS = ("danmaku", "gift", "super_chat", "guard", "red_packet", "gold")

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
            figures[room_id]["gold"] = sum(gold.values())
    return figures


def compared(ledger: Figures) -> dict[str, dict[str, dict[str, int]]]:
    """{room: {kind: {"ledger": n, "sql": n}}}."""
    ours = stored(ledger)
    return {
        str(room_id): {kind: {"ledger": sent.get(kind, 0), "sql": ours[room_id][kind]} for kind in KINDS}
        for room_id, sent in ledger.items()
    }


def are_equal(rooms: dict[str, dict[str, dict[str, int]]]) -> bool:
    return all(each["ledger"] == each["sql"] for kinds in rooms.values() for each in kinds.values())
