"""Which gifts were given, paid ones and those outside revenue.

Whole days of statistics are read from their rollup, which a year of lines is not; what is left, and what one
person gave, is added up from the lines.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from django.db.models import BooleanField, Case, Count, F, Max, Min, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Coalesce, Left

from live_data.instants import moment
from live_data.models import GiftData, GiftDay
from live_data.models.gift_days import GIFT_SUMS, NAME_LENGTH
from live_data.queries import lists, whole_days
from live_data.queries.lists import Chosen
from live_data.queries.whole_days import WholeDays
from live_data.revenue import DEAREST, SORTS, gift_sort
from live_data.storing import calendar

_IS_BOX = Q(blind_box_id__isnull=False)
_REVEALED = F("unit_coin") * F("num")
_DAY = timedelta(days=1)

#: (number, place of the sort, whether it is a box): what tells items apart.
_Key: TypeAlias = tuple[int, int, bool]
_KEY = ("number", "sort", "is_box")
#: Of lines, in the order of GIFT_SUMS but for what came out of boxes.
_OF_LINES = (Count("pk"), Sum("num"), Sum("total_coin"), Sum("gold"))


class Item(NamedTuple):
    """All lines of one gift, or of what came out of one blind box, of one sort."""

    sort: str  #: one of revenue.SORTS
    is_box: bool
    number: int  #: the site's id of the gift or box
    name: str  #: as it was called last, as far as GiftDay has names
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


class _Part(NamedTuple):
    """What one source says of a gift."""

    key: _Key
    sums: list[int]  #: of GIFT_SUMS
    names: set[str]  #: all of them, or two


def items(chosen: Chosen) -> list[Item]:
    """The dearest first."""
    days = _whole_days(chosen)
    sums: dict[_Key, list[int]] = {}
    names: dict[_Key, set[str]] = defaultdict(set)
    for key, figures, some in _parts(chosen, days):
        sums[key] = list(map(int.__add__, sums[key], figures)) if key in sums else figures
        names[key] |= some
    last: dict[_Key, str] = {}
    if any(len(some) > 1 for some in names.values()):
        last = _last_names(chosen, days)
    found = []
    for (number, sort, is_box), (lines, num, coins, gold, revealed) in sums.items():
        # Which of them was the last one may be gone with its lines by now.
        name = last.get((number, sort, is_box), max(names[number, sort, is_box]))
        # A price of 0 was not told.
        worth = revealed or None
        found.append(Item(SORTS[sort], is_box, number, name, lines, num, coins, gold, worth))
    return sorted(found, key=_dearest_first)


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


def _whole_days(chosen: Chosen) -> WholeDays | None:
    """Those within the chosen time; None when there are none, or when their rollup cannot tell whose."""
    if chosen.since is None or chosen.until is None or chosen.uid is not None or chosen.name or chosen.word:
        return None
    return whole_days.within(chosen.since, chosen.until, ())


def _parts(chosen: Chosen, days: WholeDays | None) -> Iterator[_Part]:
    """The same gift may come several times."""
    if days is not None:
        yield from _together(_of_days(chosen, days), [Sum(column) for column in GIFT_SUMS])
    for rest in _rest(chosen, days):
        boxes = set()
        for part in _together(_lines(rest), _OF_LINES):
            boxes |= {part.key} if part.key[-1] else set()
            yield part._replace(sums=[*part.sums, 0])
        # Most rooms have none: then nobody asks. One that has come since then is in no line yet.
        for *key, revealed in _revealed(rest) if boxes else ():
            if (*key,) in boxes:
                yield _Part((*key,), [*(0 for _ in _OF_LINES), revealed], set())


def _together(rows: "QuerySet[Any]", figures: Sequence[Any]) -> Iterator[_Part]:
    # By numbers first, of which hardly any are of one sort: what SQLite sorts by differs early then.
    groups = rows.values_list(*_KEY).annotate(*figures, Min("name"), Max("name"))
    for number, sort, is_box, *sums, first, last in groups:
        yield _Part((number, sort, is_box), list(map(int, sums)), {first, last})


def _of_days(chosen: Chosen, days: WholeDays) -> "QuerySet[GiftDay]":
    counts = GiftDay.objects.filter(day__gte=days.first, day__lt=days.behind).order_by()
    return counts.filter(room_id__in=chosen.room_ids) if chosen.room_ids else counts


def _rest(chosen: Chosen, days: WholeDays | None) -> Iterator[Chosen]:
    """What is to be read from lines."""
    if days is None:
        yield chosen
    else:
        yield from lists.beside(chosen, days.since, days.until)


def _lines(chosen: Chosen) -> "QuerySet[Any]":
    # A box may have come without its name; it still is not the gift that was in it.
    name = Case(When(_IS_BOX, then=F("blind_box_name")), default=F("gift_name"), output_field=TextField())
    rows: QuerySet[Any] = lists.within(GiftData, chosen).annotate(
        sort=gift_sort(),
        is_box=Case(When(_IS_BOX, then=True), default=False, output_field=BooleanField()),
        number=Coalesce("blind_box_id", "gift_id"),
        name=Left(name, NAME_LENGTH),
    )
    return rows


def _revealed(chosen: Chosen) -> "QuerySet[Any]":
    """Of boxes."""
    priced = Q(coin_type="gold", num__gt=0, unit_coin__gt=0, unit_coin__lte=Value(DEAREST) / F("num"))
    revealed: QuerySet[Any] = (
        _lines(chosen).filter(_IS_BOX, priced).values_list(*_KEY).annotate(revealed=Sum(_REVEALED))
    )
    return revealed


def _last_names(chosen: Chosen, days: WholeDays | None) -> dict[_Key, str]:
    """Names are long to sort by: asked for when one changed."""
    last: dict[_Key, tuple[datetime, str]] = {}
    stretches = [*_rest(chosen, days)]
    if days is not None:
        for day, in_days in _last_of_days(_of_days(chosen, days)).items():
            since, until = (moment(calendar.days().begins(each)) for each in (day, day + _DAY))
            last |= {key: (since, name) for key, [name, *others] in in_days.items() if not others}
            if any(len(names) > 1 for names in in_days.values()):
                stretches.append(replace(chosen, since=since, until=until))
    for stretch in stretches:
        for *key, name, at in _lines(stretch).values_list(*_KEY, "name").annotate(Max("timestamp")):
            last[*key,] = max(last.get((*key,), (at, name)), (at, name))
    return {key: name for key, (_, name) in last.items()}


def _last_of_days(counts: "QuerySet[GiftDay]") -> dict[date, dict[_Key, list[str]]]:
    """By day, the gifts that have no later one, with the names that they had on it."""
    days: dict[_Key, date] = {}
    names: dict[_Key, list[str]] = defaultdict(list)
    for *key, name, day in counts.values_list(*_KEY, "name").annotate(Max("day")).order_by("day__max"):
        if days.get((*key,)) != day:
            names[*key,].clear()
        days[*key,] = day
        names[*key,].append(name)
    found: dict[date, dict[_Key, list[str]]] = defaultdict(dict)
    for key, day in days.items():
        found[day][key] = names[key]
    return found


def _dearest_first(item: Item) -> tuple[int, int, int, bool, int, str]:
    return -item.gold, -item.coins, -item.lines, item.is_box, item.number, item.sort
