"""The rooms that people were in, kept in step with their days there, which they are derived from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Case, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, When

from live_data.models import DayCount, PersonDay, PersonRoom
from live_data.models.counts import CHATTED, COUNTS, PAID
from live_data.storing import increments
from live_data.storing.sums import Figures

#: (room, uid).
Pair: TypeAlias = tuple[int, int]
#: First and last day, first day with danmaku, first day with revenue: the columns of PersonRoom.
Stay: TypeAlias = tuple[date, date, date | None, date | None]

_CHUNK = 500
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
    settle(less)


def settle(pairs: Iterable[Pair]) -> None:
    """After some of their days went, makes their stays what is left, which lies within what is stored."""
    rooms: dict[int, list[int]] = defaultdict(list)
    for room_id, uid in sorted(set(pairs)):
        rooms[room_id].append(uid)
    for room_id, uids in rooms.items():
        for start in range(0, len(uids), _CHUNK):
            some = PersonRoom.objects.filter(room_id=room_id, uid__in=uids[start : start + _CHUNK])
            _replace(room_id, _stored(some), _left(some))


def rebuild(room_id: int) -> int:
    """Makes all stays in a room what its days of people say; returns how many differed. Within the caller's
    transaction that syncs wait for."""
    days = PersonDay.objects.filter(room_id=room_id).order_by().values_list("uid")
    stays = days.annotate(
        Min("day"),
        Max("day"),
        chat=Min(Case(When(CHATTED, then="day"))),
        paid=Min(Case(When(PAID, then="day"))),
    )
    wanted = {uid: stay for uid, *stay in stays.iterator()}
    return _replace(room_id, _stored(PersonRoom.objects.filter(room_id=room_id)), wanted)


def _together(one: Stay, other: Stay) -> Stay:
    return min(one[0], other[0]), max(one[1], other[1]), _first(one[2], other[2]), _first(one[3], other[3])


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _stored(rows: "QuerySet[PersonRoom]") -> dict[int, list[Any]]:
    return {uid: stay for uid, *stay in rows.values_list("uid", *_EXTENDED).iterator()}


def _left(rows: "QuerySet[PersonRoom]") -> dict[int, list[Any]]:
    """By uid, of those who have any day left."""
    stays = rows.order_by().values_list(
        "uid", _day("day"), _day("-day"), _day("day", CHATTED), _day("day", PAID)
    )
    return {uid: stay for uid, *stay in stays if stay[0] is not None}


def _day(order: str, *which: Q) -> Subquery:
    """The first of a stay in this order, by way of the room's days: no index has those of one person."""
    theirs = PersonDay.objects.filter(
        *which, room_id=OuterRef("room_id"), day=OuterRef("day"), uid=OuterRef(OuterRef("uid"))
    )
    within = (OuterRef("first_day"), OuterRef("last_day"))
    days = DayCount.objects.filter(Exists(theirs), room_id=OuterRef("room_id"), day__range=within)
    return Subquery(days.order_by(order).values("day")[:1])


def _replace(room_id: int, stored: Mapping[int, list[Any]], wanted: Mapping[int, list[Any]]) -> int:
    changed = [(room_id, uid, *stay) for uid, stay in wanted.items() if stored.get(uid) != stay]
    gone = [uid for uid in stored if uid not in wanted]
    for start in range(0, len(gone), _CHUNK):
        PersonRoom.objects.filter(room_id=room_id, uid__in=gone[start : start + _CHUNK]).delete()
    increments.merge(PersonRoom, _KEYS, {column: f"excluded.{column}" for column in _EXTENDED}, changed)
    return len(changed) + len(gone)
