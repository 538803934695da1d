"""Counts by minute, day, person and gift, and names of people, kept in step with the rows that they are
derived from: whatever makes, changes or deletes rows tells Deltas, in the same transaction.

So a clean-up takes the counts of what it deletes with it, and a rebuild finds the same. Only below a
retention floor do counts outlive their rows (live_data/rebuilding.py). What the site deleted stays counted.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import models

from bilibili_live.events import Gauge
from live_data.days import MINUTE
from live_data.instants import moment
from live_data.models import DayCount, GaugeMinute, GiftDay, MinuteCount, PersonDay
from live_data.models.counts import COUNTS
from live_data.models.gift_days import GIFT_SUMS
from live_data.storing import calendar, increments, person_names, person_rooms
from live_data.storing.counted import Counted, counted_row
from live_data.storing.sums import Figures, summed


class Rollup(NamedTuple):
    """A table of sums by room and time."""

    table: type[models.Model]
    keys: tuple[str, ...]  #: what tells its rows apart: the room, then the minute or day
    sums: tuple[str, ...]
    counting: int  #: how many of the sums, the first ones, count things: where all are 0 there is no row


MINUTES = Rollup(MinuteCount, ("room_id", "minute"), COUNTS, 4)
DAYS = Rollup(DayCount, ("room_id", "day"), COUNTS, 4)
PEOPLE = Rollup(PersonDay, ("room_id", "day", "uid"), COUNTS, 4)
GIFTS = Rollup(GiftDay, ("room_id", "day", "sort", "is_box", "number", "name"), GIFT_SUMS, 1)


def minute_of(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)


class Deltas:
    """What a batch adds to, and takes from, the rollups. Sums nothing before it is written."""

    def __init__(self) -> None:
        self._came: list[Counted] = []
        self._went: list[Counted] = []

    def add(self, things: Iterable[Counted], sign: int = 1) -> None:
        """``sign`` -1 for what goes. What changes goes as it was, and comes as it is."""
        (self._came if sign > 0 else self._went).extend(things)

    def add_row(self, row: object, sign: int = 1) -> None:
        """Of a row of the models; those that no rollup counts change nothing."""
        if (what := counted_row(row)) is not None:
            self.add([what], sign)

    @property
    def touched(self) -> Iterable[tuple[int, int]]:
        """(room, own time in ms) of all of them, also where they add up to nothing."""
        return ((what.room_id, what.at) for what in chain(self._came, self._went))

    def write(self) -> None:
        """Within the caller's transaction and after its rows; nothing is left to write then. Raises
        OverflowError for a time beyond the calendar."""
        if not (self._came or self._went):
            return
        days = calendar.days()
        sums = summed(self._came, self._went, days)
        minutes = {(room, moment(minute * MINUTE)): each for (room, minute), each in sums.minutes.items()}
        _write(MINUTES, minutes)
        _write(DAYS, sums.days)
        _write(PEOPLE, sums.people)
        _write(GIFTS, sums.gifts)
        person_rooms.write(sums.people)
        person_names.write(sums.names, days)
        self._came.clear()
        self._went.clear()


def _write(rollup: Rollup, sums: Mapping[Any, Figures]) -> None:
    """What came to nothing has no row."""
    rows = [(*key, *each) for key, each in sums.items() if any(each)]
    increments.add(rollup.table, rollup.keys, rollup.sums, rows)
    less = [key for key, each in sums.items() if min(each[: rollup.counting]) < 0]
    increments.drop_empty(rollup.table, rollup.keys, rollup.sums, less)


_LATER = "CASE WHEN excluded.last_at >= {table}.last_at THEN excluded.{column} ELSE {table}.{column} END"
_MERGED = {
    "low": "CASE WHEN excluded.low < {table}.low THEN excluded.low ELSE {table}.low END",
    "high": "CASE WHEN excluded.high > {table}.high THEN excluded.high ELSE {table}.high END",
    "last": _LATER,
    "last_at": _LATER,
    "samples": "{table}.samples + excluded.samples",
}


def fold_gauges(gauges: Iterable[Gauge]) -> None:
    """Into their minutes. A redelivered gauge changes nothing but the number of samples.

    Raises OverflowError for a time beyond the calendar.
    """
    table = GaugeMinute._meta.db_table
    merged = {column: sql.format(table=table, column=column) for column, sql in _MERGED.items()}
    increments.merge(GaugeMinute, ("room_id", "minute", "name"), merged, _by_minute(gauges))


def _by_minute(gauges: Iterable[Gauge]) -> list[tuple[increments.Cell, ...]]:
    minutes: dict[tuple[int, datetime, str], list[Gauge]] = {}
    for gauge in gauges:
        minutes.setdefault((gauge.room_id, minute_of(moment(gauge.at)), gauge.name), []).append(gauge)
    return [(*key, *_summary(samples)) for key, samples in minutes.items()]


def _summary(samples: list[Gauge]) -> tuple[int, int, int, datetime, int]:
    values = [gauge.value for gauge in samples]
    last = max(samples, key=lambda gauge: gauge.at)
    return min(values), max(values), last.value, moment(last.at), len(samples)
