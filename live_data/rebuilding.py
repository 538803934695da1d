"""The rollups computed anew from the rows, in pieces, while the sync may run beside it.

A piece is some days of one room, the people of one room, or some people's names: it is read, compared and put
right in one transaction that the sync waits for, so that rows and rollups are in step before and behind it.
What is right is not written.

Below the retention floor of a kind, rows may be gone on purpose while their counts stay: minutes and days
that begin before the floor keep what is stored of that kind, and names the days they had there. In other
days (STATS_TIMEZONE, DAY_START) such counts stay under the dates they were counted under.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db import models, transaction

from live_data.days import MINUTE, Days
from live_data.instants import epoch_ms, moment
from live_data.models import (
    DanmakuData,
    GiftData,
    GuardPurchase,
    LiveRoom,
    PersonName,
    PersonRoom,
    RetentionFloor,
    RollupCalendar,
    SuperChatData,
)
from live_data.storing import calendar, counted, increments, person_names, person_rooms, rollups
from live_data.storing.counted import Counted, counted_row
from live_data.storing.exclusion import lock_out_syncs
from live_data.storing.rollups import Rollup
from live_data.storing.sums import PLACES, Figures, summed

PIECE = 50_000  #: rows of one kind, about; a single day of a room may have more
_PEOPLE = 500
_DAY = timedelta(days=1)

#: kind -> its rows that are counted.
_SOURCES: dict[str, "models.QuerySet[Any]"] = {
    counted.DANMAKU: DanmakuData.objects.filter(is_mirror=False),
    counted.GIFT: GiftData.objects.all(),
    counted.SUPER_CHAT: SuperChatData.objects.all(),
    counted.GUARD: GuardPurchase.objects.all(),
}

#: kind -> the places in COUNTS of what is its own.
_OWN: dict[str, tuple[int, ...]] = {**PLACES, counted.DANMAKU: PLACES[counted.DANMAKU][:1]}
#: Rollup -> kind -> the places in its sums of what stays below the floor of the kind.
_KEPT: dict[Rollup, dict[str, tuple[int, ...]]] = {
    rollups.MINUTES: _OWN,
    rollups.DAYS: _OWN,
    rollups.PEOPLE: _OWN,
    rollups.GIFTS: {counted.GIFT: tuple(range(len(rollups.GIFTS.sums)))},
}

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be rebuilt: one room or all, of times in [since, until), which is widened to days."""

    room_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return self == Part()


@dataclass(slots=True)
class Differences:
    """How many were wrong, and are right now."""

    minutes: int = 0
    days: int = 0
    people: int = 0  #: days of people in rooms
    gifts: int = 0  #: days of gifts in rooms
    rooms: int = 0  #: of people
    names: int = 0

    def add(self, other: "Differences") -> None:
        self.minutes += other.minutes
        self.days += other.days
        self.people += other.people
        self.gifts += other.gifts
        self.rooms += other.rooms
        self.names += other.names

    @property
    def total(self) -> int:
        return self.minutes + self.days + self.people + self.gifts + self.rooms + self.names


class OtherDays(Exception):
    """The settings ask for other days than the rollups have: only a whole rebuild can change them."""


def rebuild(part: Part, piece: int = PIECE) -> Iterator[tuple[str, Differences]]:
    """Yields (what it was about, what differed) after each piece. Raises OtherDays before the first."""
    days = _begin(part)
    floors = dict(RetentionFloor.objects.values_list("kind", "floor"))
    rooms = LiveRoom.objects.order_by("room_id").values_list("room_id", flat=True)
    for room_id in [part.room_id] if part.room_id is not None else list(rooms):
        rebuilder = _Room(room_id, days, floors)
        for first, last in rebuilder.pieces(part, piece):
            yield f"room {room_id}, {first} to {last}", rebuilder.rebuild(first, last)
        yield f"people of room {room_id}", Differences(rooms=_rebuild_people(room_id))
    for people in _people(part, days):
        yield f"names from {people[0]}", Differences(names=_rebuild_names(people, days, floors))
    if part.is_whole:
        RollupCalendar.objects.update(is_whole=True)


def _begin(part: Part) -> Days:
    """The days to build; kept from here on, so that the sync beside it counts in them too."""
    with transaction.atomic():
        lock_out_syncs()
        row = calendar.kept()
        if not calendar.is_as_set(row):
            if not part.is_whole:
                raise OtherDays(str(row))
            row = calendar.as_set()
            row.is_whole = False
            row.save(force_update=True)
        return Days(ZoneInfo(row.zone), row.day_start)


class _Room:
    """One room's minutes, days, people and gifts."""

    def __init__(self, room_id: int, days: Days, floors: Mapping[str, datetime]) -> None:
        self._room_id = room_id
        self._days = days
        self._floors = {kind: epoch_ms(floor) for kind, floor in floors.items()}

    def pieces(self, part: Part, rows: int) -> Iterator[tuple[date, date]]:
        """First and last day of each."""
        span = self._span()
        if span is None:
            return
        first, last = span
        if part.since is not None:
            first = max(first, self._days.of(epoch_ms(part.since)))
        if part.until is not None:
            last = min(last, self._days.of(epoch_ms(part.until) - 1))
        while first <= last:
            end = min(last, self._filled(first, rows))
            yield first, end
            first = end + _DAY

    def _span(self) -> tuple[date, date] | None:
        """Of all that the room has or is said to have."""
        found: list[date] = []
        told: list[tuple[Any, str]] = [(rows, "timestamp") for rows in _SOURCES.values()]
        told += [(rollup.table._default_manager, rollup.keys[1]) for rollup in _KEPT]
        for table, column in told:
            # By its index: SQLite walks through all of them for a least and a most at once.
            ends = table.filter(room_id=self._room_id).order_by(column).values_list(column, flat=True)
            found += [self._day(end) for end in (ends.first(), ends.last()) if end is not None]
        return (min(found), max(found)) if found else None

    def _day(self, end: date | datetime) -> date:
        return self._days.of(epoch_ms(end)) if isinstance(end, datetime) else end

    def _filled(self, first: date, rows: int) -> date:
        """The last day that still fits into a piece of so many rows; ``first`` itself always does."""
        ends = [date.max]
        for source in _SOURCES.values():
            # With mirrored danmaku: the index alone knows how many there are.
            every = source.model._default_manager
            later = every.filter(room_id=self._room_id, timestamp__gte=moment(self._days.begins(first)))
            times = later.order_by("timestamp").values_list("timestamp", flat=True)
            ends += [self._days.of(epoch_ms(time)) - _DAY for time in times[rows : rows + 1]]
        return max(first, min(ends))

    def rebuild(self, first: date, last: date) -> Differences:
        begin, end = self._days.begins(first), self._days.begins(last + _DAY)
        with transaction.atomic():
            lock_out_syncs()
            sums = summed(self._counted(begin, end), (), self._days)
            of_room = {"room_id": self._room_id}
            in_days = {**of_room, "day__range": (first, last)}
            in_time = {**of_room, "minute__gte": moment(begin), "minute__lt": moment(end)}
            minutes = {(room, moment(minute * MINUTE)): each for (room, minute), each in sums.minutes.items()}
            differing = [
                self._put_right(rollups.MINUTES, in_time, minutes),
                self._put_right(rollups.DAYS, in_days, sums.days),
                people := self._put_right(rollups.PEOPLE, in_days, sums.people),
                self._put_right(rollups.GIFTS, in_days, sums.gifts),
            ]
            person_rooms.write(people)
            return Differences(*map(len, differing))

    def _counted(self, begin: int, end: int) -> Iterator[Counted]:
        for kind, source in _SOURCES.items():
            rows = source.filter(
                room_id=self._room_id, timestamp__gte=moment(begin), timestamp__lt=moment(end)
            )
            if kind != counted.DANMAKU:
                yield from filter(None, map(counted_row, rows.iterator()))
                continue
            for time, uid, username in rows.values_list("timestamp", "uid", "username").iterator():
                yield Counted(kind, self._room_id, epoch_ms(time), uid, username, 0)

    def _put_right(
        self, rollup: Rollup, within: dict[str, Any], wanted: dict[Any, Figures]
    ) -> dict[Any, Figures]:
        """By key of those that differed, what they lacked; negative is what they had too much."""
        table, keys = rollup.table._default_manager, rollup.keys
        rows = table.filter(**within).values_list("pk", *keys, *rollup.sums)
        stored = {row[1 : 1 + len(keys)]: (row[0], list(row[1 + len(keys) :])) for row in rows.iterator()}
        for key, (_, figures) in stored.items():
            self._keep(rollup, key, figures, wanted)
        changed = {
            key: figures
            for key, figures in wanted.items()
            if any(figures) and (key not in stored or stored[key][1] != figures)
        }
        gone = {key: pk for key, (pk, _) in stored.items() if not any(wanted.get(key, ()))}
        pks = list(gone.values())
        for start in range(0, len(pks), _PEOPLE):
            table.filter(pk__in=pks[start : start + _PEOPLE]).delete()
        merged = {column: f"excluded.{column}" for column in rollup.sums}
        increments.merge(rollup.table, keys, merged, [(*key, *figures) for key, figures in changed.items()])
        nothing = [0] * len(rollup.sums)
        return {
            key: list(
                map(int.__sub__, changed.get(key, nothing), stored[key][1] if key in stored else nothing)
            )
            for key in changed.keys() | gone.keys()
        }

    def _keep(self, rollup: Rollup, key: Key, stored: Figures, wanted: dict[Any, Figures]) -> None:
        """What is below the floor of its kind."""
        begins = epoch_ms(key[1]) if isinstance(key[1], datetime) else self._days.begins(key[1])
        for kind, places in _KEPT[rollup].items():
            if begins < self._floors.get(kind, begins):
                figures = wanted.setdefault(key, [0] * len(stored))
                for place in places:
                    figures[place] = stored[place]


def _people(part: Part, days: Days) -> Iterator[list[int]]:
    """Uids, some at a time: of those who may have been in the part, or of all who have a room or a name."""
    seen = (
        PersonRoom.objects.all() if part.room_id is None else PersonRoom.objects.filter(room_id=part.room_id)
    )
    if part.since is not None:
        seen = seen.filter(last_day__gte=days.of(epoch_ms(part.since)))
    if part.until is not None:
        seen = seen.filter(first_day__lte=days.of(epoch_ms(part.until) - 1))
    sources: list[models.QuerySet[Any]] = [seen, PersonName.objects.all()] if part.is_whole else [seen]
    behind = -(2**63)
    while found := sorted({uid for source in sources for uid in _next(source, behind)})[:_PEOPLE]:
        yield found
        behind = found[-1]


def _next(people: "models.QuerySet[Any]", behind: int) -> Iterable[int]:
    uids: Iterable[int] = people.filter(uid__gt=behind).order_by("uid").values_list("uid", flat=True)
    return uids.distinct()[:_PEOPLE]  # type: ignore[attr-defined, no-any-return]


def _rebuild_people(room_id: int) -> int:
    with transaction.atomic():
        lock_out_syncs()
        return person_rooms.rebuild(room_id)


def _rebuild_names(uids: list[int], days: Days, floors: Mapping[str, datetime]) -> int:
    with transaction.atomic():
        lock_out_syncs()
        wanted = person_names.of_rows(uids, days)
        known = [floors[kind] for kind in PLACES if kind in floors]
        if known:
            until = days.of(epoch_ms(max(known)))
            for key, span in person_names.stored(uids).items():
                # One that ends behind the floor has its end from rows, or had it from what is no more.
                kept = [day for day in span if day <= until]
                both = [*kept, *wanted.get(key, ())]
                if both:
                    wanted[key] = (min(both), max(both))
        return person_names.replace(uids, wanted)
