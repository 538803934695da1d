"""What counts as a room's revenue, in gold seeds (1000 = CNY 1). The only place of these rules.

Gifts by what was paid, guards at the price paid, super chats by their price: each once. Silver,
backpack gifts and gifts to another person than the anchor are no revenue of the room.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from django.db.models import Case, QuerySet, SmallIntegerField, Sum, Value, When

from bilibili_live.events import Gift, GuardReport, SuperChat
from live_data.models import GiftData, GuardPurchase, SuperChatData

GOLD_PER_CNY = 1000
#: Gold of one line: what would cost more has a price that makes no sense, and might be no 64-bit number.
DEAREST = 10**15
#: The source of a toast that the site's own chat leaves out: it never opens a purchase.
COPY = 2

ByKind: TypeAlias = dict[str, int]


def of_gift(gift: Gift | GiftData, anchor_uid: int | None = None) -> int:
    """Gold that a gift adds to its room.

    While the anchor's uid is unknown (None), a named receiver is taken for the anchor: most are, and
    revalued_gifts() puts it right as soon as the uid is known.
    """
    if gift.coin_type != "gold" or gift.is_backpack:
        return 0
    is_for_anchor = anchor_uid is None or gift.receiver_uid is None or gift.receiver_uid == anchor_uid
    return gift.total_coin if is_for_anchor else 0


#: Of stored gifts: "paid", or why a line adds nothing to its room. Silver first: another unit.
SORTS = ("paid", "backpack", "others", "free", "silver")


def gift_sort() -> Case:
    """The sort of a row of GiftData, in SQL: its place in SORTS. Numbers are grouped faster than words."""
    place = {sort: Value(number) for number, sort in enumerate(SORTS)}
    return Case(
        # Most lines, told by one comparison: of_gift() gives gold to no line of another sort.
        When(gold__gt=0, then=place["paid"]),
        When(coin_type="silver", then=place["silver"]),
        When(is_backpack=True, then=place["backpack"]),
        When(total_coin=0, then=place["free"]),
        When(gold=0, then=place["others"]),
        default=place["paid"],
        output_field=SmallIntegerField(),
    )


def sort_of(gift: Gift | GiftData, gold: int) -> str:
    """The same of one line, whose revenue is ``gold``."""
    if gift.coin_type == "silver":
        return "silver"
    if gift.is_backpack:
        return "backpack"
    if gift.total_coin == 0:
        return "free"
    return "paid" if gold else "others"


class Values(NamedTuple):
    """What a line is worth, in gold; None where the site does not say, or there is no such thing."""

    listed: int | None  #: what it costs without any reduction
    paid: int  #: what was paid, to whomever
    revealed: int | None  #: what came out of a blind box would cost


def values_of_gift(gift: Gift | GiftData, unit_coin: int) -> Values:
    """``unit_coin``: the price of one as sent, of a blind box that of what came out of it."""
    if gift.coin_type != "gold":
        return Values(None, 0, None)
    paid = 0 if gift.is_backpack else gift.total_coin
    if gift.blind_box_id is None:
        return Values(unit_coin * gift.num, paid, None)
    box = gift.blind_box_price * gift.num or None  # 0: the site did not name the price of the box
    return Values(box, paid, unit_coin * gift.num)


def revealed_sum(gift: Gift | GiftData, unit_coin: int) -> int:
    """What a line adds to the worth of what came out of boxes; 0 where nothing did, or nobody said what it
    would cost."""
    revealed = values_of_gift(gift, unit_coin).revealed or 0
    return revealed if revealed <= DEAREST else 0


def of_super_chat(super_chat: SuperChat) -> int:
    return super_chat.price * GOLD_PER_CNY


def of_guard(report: str, price: int, num: int) -> int:
    """A toast says what was paid, GUARD_BUY ("bought") the list price of one month; a number of 0 was left
    out by somebody, for nobody buys nothing."""
    return price if report == "toast" else price * max(1, num)


def of_guard_report(report: GuardReport) -> int:
    """What one report says that was paid; a copy opens no purchase."""
    return 0 if report.source == COPY else of_guard(report.report, report.price, report.num)


def revalued_gifts(room_id: int, anchor_uid: int) -> list[GiftData]:
    """Stored gifts of a room whose gold is another now that the anchor is known; not saved."""
    named = GiftData.objects.filter(room_id=room_id, coin_type="gold", is_backpack=False)
    return [gift for gift in named.exclude(receiver_uid=None) if gift.gold != of_gift(gift, anchor_uid)]


def revenue_by_kind(
    room_ids: Iterable[int], since: datetime | None = None, until: datetime | None = None
) -> dict[int, ByKind]:
    """By room: {"gift", "guard", "super_chat"} -> gold of events from ``since`` until before ``until``."""
    wanted = list(room_ids)
    sums: dict[int, ByKind] = {room_id: {"gift": 0, "guard": 0, "super_chat": 0} for room_id in wanted}
    sources: list[tuple[str, QuerySet[GiftData] | QuerySet[GuardPurchase] | QuerySet[SuperChatData]]] = [
        ("gift", GiftData.objects.all()),
        ("guard", GuardPurchase.objects.all()),
        ("super_chat", SuperChatData.objects.all()),
    ]
    for kind, rows in sources:
        found = rows.filter(room_id__in=wanted)
        found = found if since is None else found.filter(timestamp__gte=since)
        found = found if until is None else found.filter(timestamp__lt=until)
        for room_id, gold in found.order_by().values_list("room_id").annotate(Sum("gold")):
            sums[room_id][kind] = int(gold)
    return sums
