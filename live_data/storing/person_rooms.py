"""The rooms that people were in, kept in step with their days there, which they are derived from.

What they did there is summed for the days before the room's SummedDays, which closed_days.py moves on. What
is stored before that costs nothing for it: only what changes in a day that is summed changes its sums.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When

from live_data.models import DayCount, PersonDay, PersonRoom, SummedDays
from live_data.models.counts import CHATTED, COUNTS, PAID
from live_data.storing import increments
from live_data.storing.sums import Figures

#: (room, uid).
Pair: TypeAlias = tuple[int, int]
#: First and last day, first day with danmaku, first day with revenue: the columns of PersonRoom.
Stay: TypeAlias = tuple[date, date, date | None, date | None]

_CHUNK = 500  # pairs of one statement
_GOLD = slice(COUNTS.index("gift_gold"), None)
_DANMAKU = COUNTS.index("danmaku")
_KEYS = ("room_id", "uid")
_TABLE = PersonRoom._meta.db_table
_EARLIER = (
    f"(excluded.{{column}} < {_TABLE}.{{column}}"
    f" OR {_TABLE}.{{column}} IS NULL AND excluded.{{column}} IS NOT NULL)"
)
_LATER = f"excluded.{{column}} > {_TABLE}.{{column}}"
#: Column -> what makes the day that comes take the place of the stored one.
_NEWS = {
    column: condition.format(column=column)
    for column, condition in (
        ("first_day", _EARLIER),
        ("last_day", _LATER),
        ("first_chat_day", _EARLIER),
        ("first_paid_day", _EARLIER),
    )
}
_EXTENDED = {
    column: f"CASE WHEN {is_news} THEN excluded.{column} ELSE {_TABLE}.{column} END"
    for column, is_news in _NEWS.items()
}
#: Column -> how it takes what is added to sums. Who has days has a stay, which remains as it is: its ends are
#: named only since a row that is inserted must have some.
_ADDED = {column: f"{_TABLE}.{column}" for column in ("first_day", "last_day")} | {
    column: f"{_TABLE}.{column} + excluded.{column}" for column in COUNTS
}


def write(people: Mapping[tuple[int, date, int], Figures]) -> None:
    """``people``: (room, day, uid) -> what came to COUNTS of that day, and what went if negative. The days
    of people and of rooms are written already."""
    stays: dict[Pair, Stay] = {}
    less: set[Pair] = set()
    for (room_id, day, uid), figures in people.items():
        pair = (room_id, uid)
        if max(figures) > 0:
            chatted, paid = figures[_DANMAKU] > 0, max(figures[_GOLD]) > 0
            stay = (day, day, day if chatted else None, day if paid else None)
            stays[pair] = _together(stays[pair], stay) if pair in stays else stay
        if min(figures) < 0:
            less.add(pair)
    rows = [(*pair, *stay) for pair, stay in stays.items()]
    # Who was there before on that day needs no write.
    increments.merge(PersonRoom, _KEYS, _EXTENDED, rows, where=" OR ".join(_NEWS.values()))
    _add_to_sums(people)
    settle(less)


def sum_day(room_id: int, day: date) -> int:
    """Adds what people did on a day to their sums; how many they were. Within the caller's transaction that
    syncs wait for, and which makes it one of the summed days."""
    did = PersonDay.objects.filter(room_id=room_id, day=day)
    rows = did.values_list(*_KEYS, F("day"), F("day"), *COUNTS)
    return increments.merge_selected(PersonRoom, _KEYS, _ADDED, rows)


def _add_to_sums(people: Mapping[tuple[int, date, int], Figures]) -> None:
    """What came to days that are summed, and what went. A summing beside it waits for this transaction, or
    had ended before it began."""
    oldest = min((day for _, day, _ in people), default=date.max)
    # None, unless something came late.
    summed = dict(SummedDays.objects.filter(before__gt=oldest).values_list("room_id", "before"))
    if not summed:
        return
    late: dict[Pair, Figures] = {}
    for (room_id, day, uid), figures in people.items():
        if day < summed.get(room_id, date.min):
            known = late.get((room_id, uid), [0] * len(COUNTS))
            late[room_id, uid] = list(map(int.__add__, known, figures))
    rows: list[increments.Row] = [
        (*pair, oldest, oldest, *figures) for pair, figures in late.items() if any(figures)
    ]
    increments.merge(PersonRoom, _KEYS, _ADDED, rows)


def settle(pairs: Iterable[Pair]) -> None:
    """After some of their days went, makes their stays what is left, which lies within what is stored."""
    ordered = sorted(set(pairs))
    for start in range(0, len(ordered), _CHUNK):
        some = PersonRoom.objects.filter(_any_of(ordered[start : start + _CHUNK]))
        _replace(_EXTENDED, _stays(some, *_EXTENDED), _stays(some, *_LEFT))


def rebuild(room_id: int) -> int:
    """Makes all stays in a room, and their sums, what its days of people say; returns how many differed.
    Within the caller's transaction that syncs wait for."""
    summed = SummedDays.objects.filter(room_id=room_id).values_list("before", flat=True).first()
    is_summed = Q(day__lt=summed or date.min)
    days = PersonDay.objects.filter(room_id=room_id).order_by().values_list("room_id", "uid")
    told = days.annotate(
        Min("day"),
        Max("day"),
        chat=Min(Case(When(CHATTED, then="day"))),
        paid=Min(Case(When(PAID, then="day"))),
        **{f"sum_{name}": Sum(name, filter=is_summed, default=0) for name in COUNTS},
    )
    wanted = {(room_id, uid): stay for room_id, uid, *stay in told.iterator()}
    columns = (*_EXTENDED, *COUNTS)
    return _replace(columns, _stays(PersonRoom.objects.filter(room_id=room_id), *columns), wanted)


def _together(one: Stay, other: Stay) -> Stay:
    return min(one[0], other[0]), max(one[1], other[1]), _first(one[2], other[2]), _first(one[3], other[3])


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _any_of(pairs: Sequence[Pair]) -> Q:
    wanted = Q()
    for room_id, some in groupby(pairs, key=itemgetter(0)):
        wanted |= Q(room_id=room_id, uid__in=[uid for _, uid in some])
    return wanted


def _day(order: str, since: str, *which: Q) -> Subquery:
    """The first of a stay in this order, by way of the room's days: no index has those of one person."""
    theirs = PersonDay.objects.filter(
        *which, room_id=OuterRef("room_id"), day=OuterRef("day"), uid=OuterRef(OuterRef("uid"))
    )
    # Where there is no such day stored, none is looked for.
    within = (OuterRef(since), OuterRef("last_day"))
    days = DayCount.objects.filter(Exists(theirs), room_id=OuterRef("room_id"), day__range=within)
    return Subquery(days.order_by(order).values("day")[:1])


_LEFT = (
    _day("day", "first_day"),
    _day("-day", "first_day"),
    _day("day", "first_chat_day", CHATTED),
    _day("day", "first_paid_day", PAID),
)


def _stays(rows: "QuerySet[PersonRoom]", *columns: str | Subquery) -> dict[Pair, list[Any]]:
    """Those that have any day."""
    stays = rows.order_by().values_list("room_id", "uid", *columns).iterator()
    return {(room_id, uid): stay for room_id, uid, *stay in stays if stay[0] is not None}


def _replace(
    columns: Iterable[str], stored: Mapping[Pair, list[Any]], wanted: Mapping[Pair, list[Any]]
) -> int:
    changed = [(*pair, *stay) for pair, stay in wanted.items() if stored.get(pair) != stay]
    gone = sorted(stored.keys() - wanted.keys())
    for start in range(0, len(gone), _CHUNK):
        PersonRoom.objects.filter(_any_of(gone[start : start + _CHUNK])).delete()
    increments.merge(PersonRoom, _KEYS, {column: f"excluded.{column}" for column in columns}, changed)
    return len(changed) + len(gone)
