"""Revenue of a stretch of time by room and by hour, day or month; what each kind had. Exact, in gold.

Whole days of statistics are read from their rollup where none of them is in two parts, else and at the ends
whole minutes from theirs, which a year of gifts is not. Only what is left, and what one person paid, is
added up from the rows.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from live_data.models import DayCount, GiftData, GuardPurchase, MinuteCount, SuperChatData
from live_data.queries import lists, whole_days
from live_data.queries.lists import Chosen

Paid: TypeAlias = GiftData | SuperChatData | GuardPurchase

TABLES: tuple[type[Paid], ...] = (GiftData, SuperChatData, GuardPurchase)
_ROLLED = ("gift_gold", "super_chat_gold", "guard_gold")
_MINUTE = timedelta(minutes=1)

#: (room, part of the time, gold by kind).
_Row: TypeAlias = tuple[int, int, int, int, int]


class Gold(NamedTuple):
    """Revenue by kind, in the order of TABLES."""

    gift: int = 0
    super_chat: int = 0
    guard: int = 0

    @property
    def total(self) -> int:
        return sum(self)


class SuperChats(NamedTuple):
    lines: int
    gold: int
    deleted: int  #: lines of these


class Guards(NamedTuple):
    """Purchases of one level."""

    level: int  #: 1 governor, 2 admiral, 3 captain
    lines: int
    num: int  #: what they add up to, mostly months
    gold: int


class Revenue(NamedTuple):
    """The same gold added up in two ways."""

    by_room: dict[int, Gold]  #: rooms that had some
    by_time: list[Gold]  #: of each part of the time


def revenue(chosen: Chosen, begins: Sequence[datetime]) -> Revenue:
    """``begins``: of the parts of the chosen time, as calendar.divided() gives them, at least one."""
    rooms: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    parts = [[0, 0, 0] for _ in begins]
    for room_id, part, *gold in _rows(chosen, begins):
        _add(rooms[room_id], gold)
        _add(parts[part], gold)
    return Revenue({room_id: Gold(*gold) for room_id, gold in rooms.items()}, [Gold(*gold) for gold in parts])


def super_chats(chosen: Chosen) -> SuperChats:
    sums = lists.within(SuperChatData, chosen).aggregate(
        lines=Count("pk"), gold=Sum("gold"), deleted=Count("pk", filter=Q(deleted_at__isnull=False))
    )
    return SuperChats(**{name: figure or 0 for name, figure in sums.items()})


def guards(chosen: Chosen) -> list[Guards]:
    """By level, the dearest first."""
    rows = lists.within(GuardPurchase, chosen).values_list("guard_level")
    return [
        Guards(*row) for row in rows.annotate(Count("pk"), Sum("num"), Sum("gold")).order_by("guard_level")
    ]


def _rows(chosen: Chosen, begins: Sequence[datetime]) -> Iterator[_Row]:
    """Sums by room and part, from rollups and from rows: the same of them may come several times."""
    minutes = _whole_minutes(chosen)
    if minutes:
        yield from _of_rollups(minutes, begins)
    for rest in lists.beside(chosen, minutes.since, minutes.until) if minutes else (chosen,):
        for place, table in enumerate(TABLES):
            rows = lists.within(table, rest).filter(gold__gt=0)
            rows = rows.annotate(part=_part_within(rest, "timestamp", begins))
            for room_id, part, gold in rows.values_list("room_id", "part").annotate(Sum("gold")):
                by_kind = [0, 0, 0]
                by_kind[place] = gold
                yield room_id, part, *by_kind


def _of_rollups(minutes: Chosen, begins: Sequence[datetime]) -> Iterator[_Row]:
    days = minutes.since and minutes.until and whole_days.within(minutes.since, minutes.until, begins)
    if not days:
        yield from _of_minutes(minutes, begins)
        return
    counts = DayCount.objects.filter(day__gte=days.first, day__lt=days.behind)
    yield from _sums(counts, minutes, _part("day", days.of_parts))
    for rest in lists.beside(minutes, days.since, days.until):
        yield from _of_minutes(rest, begins)


def _of_minutes(minutes: Chosen, begins: Sequence[datetime]) -> Iterator[_Row]:
    counts = MinuteCount.objects.all()
    if minutes.since is not None:
        counts = counts.filter(minute__gte=minutes.since)
    if minutes.until is not None:
        counts = counts.filter(minute__lt=minutes.until)
    return _sums(counts, minutes, _part_within(minutes, "minute", begins))


def _sums(counts: "QuerySet[Any]", chosen: Chosen, part: Case | Value) -> Iterator[_Row]:
    # In the words of idx_minute_count_gold, which has these minutes only. By room first: the order of
    # many rooms and few parts is found with fewer comparisons.
    counts = counts.filter(gold__gt=0).order_by()
    if chosen.room_ids:
        counts = counts.filter(room_id__in=chosen.room_ids)
    parts = counts.annotate(part=part).values_list("room_id", "part")
    yield from parts.annotate(*(Sum(name) for name in _ROLLED))


def _part_within(chosen: Chosen, column: str, begins: Sequence[datetime]) -> Case | Value:
    """The number of the part, told by those alone that the chosen time is in: what is left at an end is
    mostly in one, and Django copies each comparison several times."""
    first = max(0, bisect_right(begins, chosen.since) - 1) if chosen.since else 0
    behind = max(first + 1, bisect_left(begins, chosen.until)) if chosen.until else len(begins)
    return _part(column, begins[first:behind], first)


def _part(column: str, begins: Sequence[date], first: int = 0) -> Case | Value:
    """The number of the part that a time is in, from ``first`` on; what is earlier than all is in the first.

    By halves: of a year's days a row is compared with nine. Trunc would be Python on SQLite.
    """
    if len(begins) == 1:
        return Value(first, output_field=IntegerField())
    half = len(begins) // 2
    earlier = When(**{f"{column}__lt": begins[half]}, then=_part(column, begins[:half], first))
    later = _part(column, begins[half:], first + half)
    return Case(earlier, default=later, output_field=IntegerField())


def _add(sums: list[int], gold: Sequence[int]) -> None:
    for place, more in enumerate(gold):
        sums[place] += more


def _whole_minutes(chosen: Chosen) -> Chosen | None:
    """Those within the chosen time; None when there are none, or when the rollup cannot tell whose."""
    since = chosen.since and _minute_of(chosen.since + _MINUTE - timedelta(microseconds=1))
    until = chosen.until and _minute_of(chosen.until)
    is_empty = since is not None and until is not None and since >= until
    if is_empty or chosen.uid is not None or chosen.name:
        return None
    return replace(chosen, since=since, until=until)


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
