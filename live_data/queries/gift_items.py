"""Which gifts were given, paid ones and those outside revenue."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from django.db.models import BooleanField, Case, Count, F, Max, Q, Sum, TextField, When
from django.db.models.functions import Coalesce

from live_data.models import GiftData
from live_data.queries import lists
from live_data.queries.lists import Chosen
from live_data.revenue import SORTS, gift_sort

_Row: TypeAlias = tuple[str, bool, int, str, int, int, int, int, datetime]

_IS_BOX = Q(blind_box_id__isnull=False)


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


class Outside(NamedTuple):
    """Lines of one sort that add nothing to their rooms."""

    sort: str  #: one of revenue.SORTS, or "red_packet"
    lines: int
    num: int
    coins: int  #: what they would cost, or did: silver seeds of silver gifts, else gold


def items(chosen: Chosen) -> list[Item]:
    """The dearest first."""
    latest: dict[tuple[str, bool, int], tuple[datetime, Item]] = {}
    for sort, is_box, number, name, lines, num, coins, gold, at in _rows(chosen):
        found = Item(sort, is_box, number, name, lines, num, coins, gold)
        key = (sort, is_box, number)
        latest[key] = _merged(latest[key], (at, found)) if key in latest else (at, found)
    return sorted((item for _, item in latest.values()), key=_dearest_first)


def _rows(chosen: Chosen) -> Iterable[_Row]:
    """By sort, gift and name: one gift may have had several names."""
    rows = lists.within(GiftData, chosen).annotate(
        sort=gift_sort(),
        is_box=Case(When(_IS_BOX, then=True), default=False, output_field=BooleanField()),
        number=Coalesce("blind_box_id", "gift_id"),
        # A box may have come without its name; it still is not the gift that was in it.
        name=Case(When(_IS_BOX, then=F("blind_box_name")), default=F("gift_name"), output_field=TextField()),
    )
    figures = (Count("pk"), Sum("num"), Sum("total_coin"), Sum("gold"), Max("timestamp"))
    found: Iterable[_Row] = rows.values_list("sort", "is_box", "number", "name").annotate(*figures)
    return found


def _merged(one: tuple[datetime, Item], other: tuple[datetime, Item]) -> tuple[datetime, Item]:
    """Two names of one gift: the later one stays."""
    at, item = max(one, other)
    return at, item._replace(
        lines=one[1].lines + other[1].lines,
        num=one[1].num + other[1].num,
        coins=one[1].coins + other[1].coins,
        gold=one[1].gold + other[1].gold,
    )


def _dearest_first(item: Item) -> tuple[int, int, int, bool, int]:
    return -item.gold, -item.coins, -item.lines, item.is_box, item.number


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
