"""Which gifts were given, paid ones and those outside revenue."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Count, F, Max, Min, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Coalesce

from live_data.models import GiftData
from live_data.queries import lists
from live_data.queries.lists import Chosen
from live_data.revenue import SORTS, gift_sort

_IS_BOX = Q(blind_box_id__isnull=False)
#: Gold of one line: what would cost more has a price that makes no sense, and might be no 64-bit number.
_DEAREST = 10**15


class Item(NamedTuple):
    """All lines of one gift, or of what came out of one blind box, of one sort."""

    sort: str  #: one of revenue.SORTS
    is_box: bool
    number: int  #: the site's id of the gift or box
    name: str  #: as it was called last
    lines: int
    num: int
    coins: int  #: as sent: silver seeds of silver gifts, else gold
    gold: int  #: revenue
    #: What came out of the boxes would cost in gold, as far as the site said; None: no box, or unknown.
    revealed: int | None = None


class Outside(NamedTuple):
    """Lines of one sort that add nothing to their rooms."""

    sort: str  #: one of revenue.SORTS, or "red_packet"
    lines: int
    num: int
    coins: int  #: what they would cost, or did: silver seeds of silver gifts, else gold


def items(chosen: Chosen) -> list[Item]:
    """The dearest first."""
    # By numbers first, of which hardly any are of one sort: what SQLite sorts by differs early then.
    rows = _rows(chosen).values_list("number", "sort", "is_box")
    figures = (Count("pk"), Sum("num"), Sum("total_coin"), Sum("gold"), Min("name"), Max("name"))
    found, renamed = [], False
    for number, sort, is_box, *sums, name, other in rows.annotate(*figures):
        found.append(Item(SORTS[sort], is_box, number, name, *sums))
        renamed |= name != other
    if renamed:
        names = _last_names(chosen)
        found = [item._replace(name=names[item[:3]]) for item in found]
    if any(item.is_box for item in found):
        revealed = _revealed(chosen)
        found = [
            item._replace(revealed=revealed.get((item.sort, item.number))) if item.is_box else item
            for item in found
        ]
    return sorted(found, key=_dearest_first)


def _rows(chosen: Chosen) -> "QuerySet[Any]":
    rows: QuerySet[Any] = lists.within(GiftData, chosen).annotate(
        sort=gift_sort(),
        is_box=Case(When(_IS_BOX, then=True), default=False, output_field=BooleanField()),
        number=Coalesce("blind_box_id", "gift_id"),
        # A box may have come without its name; it still is not the gift that was in it.
        name=Case(When(_IS_BOX, then=F("blind_box_name")), default=F("gift_name"), output_field=TextField()),
    )
    return rows


def _revealed(chosen: Chosen) -> dict[tuple[str, int], int]:
    """Of boxes by sort and number. Most rooms have none: then nobody asks."""
    priced = Q(coin_type="gold", num__gt=0, unit_coin__gt=0, unit_coin__lte=Value(_DEAREST) / F("num"))
    rows = _rows(chosen).filter(_IS_BOX, priced).values_list("number", "sort")
    sums = rows.annotate(sum=Sum(F("unit_coin") * F("num")))
    return {(SORTS[sort], number): gold for number, sort, gold in sums}


def _last_names(chosen: Chosen) -> dict[tuple[str, bool, int], str]:
    """By sort, whether it is a box, and number. Names are long to sort by: asked for when one changed."""
    last: dict[tuple[str, bool, int], tuple[datetime, str]] = {}
    rows = _rows(chosen).values_list("number", "sort", "is_box", "name")
    for number, sort, is_box, name, at in rows.annotate(Max("timestamp")):
        key = (SORTS[sort], is_box, number)
        last[key] = max(last.get(key, (at, name)), (at, name))
    return {key: name for key, (_, name) in last.items()}


def _dearest_first(item: Item) -> tuple[int, int, int, bool, int, str]:
    return -item.gold, -item.coins, -item.lines, item.is_box, item.number, item.sort


def outside(listed: Iterable[Item]) -> list[Outside]:
    """Of items, those that are no revenue, by sort."""
    sums: dict[str, Outside] = {}
    for item in listed:
        if item.sort != "paid":
            so_far = sums.get(item.sort, Outside(item.sort, 0, 0, 0))
            sums[item.sort] = Outside(
                item.sort, so_far.lines + item.lines, so_far.num + item.num, so_far.coins + item.coins
            )
    return [sums[sort] for sort in SORTS if sort in sums]
