"""Counts by minute, kept in step with the rows. Knows rows and gauges, not where they come from."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from bilibili_live.events import Gauge
from live_data.instants import moment
from live_data.models import (
    DanmakuData,
    GaugeMinute,
    GiftData,
    GuardPurchase,
    MinuteCount,
    SuperChatData,
)
from live_data.storing import increments

_COLUMNS = ("danmaku", "gifts", "super_chats", "guards", "gift_gold", "super_chat_gold", "guard_gold")

Paid: TypeAlias = GiftData | SuperChatData | GuardPurchase
Rolled: TypeAlias = DanmakuData | Paid

_GOLD: dict[type[Rolled], int] = {
    GiftData: _COLUMNS.index("gift_gold"),
    SuperChatData: _COLUMNS.index("super_chat_gold"),
    GuardPurchase: _COLUMNS.index("guard_gold"),
}


def minute_of(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)


class MinuteDeltas:
    """What a batch of rows adds to, and takes from, MinuteCount."""

    def __init__(self) -> None:
        self._deltas: dict[tuple[int, datetime], list[int]] = {}

    def add(self, row: object, sign: int = 1) -> None:
        """One row; ``sign`` -1 for a row that goes. Rows of other kinds are in no rollup."""
        if isinstance(row, DanmakuData):
            if not row.is_mirror:
                self._at(row)[0] += sign
        elif isinstance(row, GiftData):
            self._at(row)[1] += sign
            self.add_gold(row, sign * row.gold)
        elif isinstance(row, SuperChatData):
            self._at(row)[2] += sign
            self.add_gold(row, sign * row.gold)
        elif isinstance(row, GuardPurchase):
            self._at(row)[3] += sign
            self.add_gold(row, sign * row.gold)

    def add_gold(self, row: Paid, gold: int) -> None:
        self._at(row)[_GOLD[type(row)]] += gold

    def _at(self, row: Rolled) -> list[int]:
        return self._deltas.setdefault((row.room_id, minute_of(row.timestamp)), [0] * len(_COLUMNS))

    def write(self) -> None:
        changed: list[list[increments.Cell]] = [
            [*key, *deltas] for key, deltas in self._deltas.items() if any(deltas)
        ]
        increments.add(MinuteCount, ("room_id", "minute"), _COLUMNS, changed)
        self._deltas.clear()


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
