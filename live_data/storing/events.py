"""Events into SQL, each exactly once, with everything that follows from it. Knows no log and no cursor.

The caller holds a transaction: what is done here is committed or undone as a whole.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bilibili_live.events import AnyEvent, Gauge, GuardReport, RoomInfo, RoomState
from live_data.instants import moment
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    GiftData,
    GuardReportData,
    LiveRoom,
    SuperChatData,
    SuperChatDeletionData,
)
from live_data.models.event_row import EventRow
from live_data.revenue import COPY
from live_data.storing import deletions, purchases, rollups, room_rows, spans
from live_data.storing.counts import Counts, Outcome
from live_data.storing.refusals import Refusals
from live_data.storing.rollups import MinuteDeltas
from live_data.storing.rows import ROWS, Source, row_of

_CHUNK = 500  # event_ids of one query


class Arrival(NamedTuple):
    """An event as it came out of the log."""

    event: AnyEvent
    parser_version: int


@dataclass(slots=True)
class Stored:
    """What became of the events."""

    counts: Counts = field(default_factory=Counter)
    #: New rows by room, as monitoring tasks count them; mirrored danmaku are in no count.
    danmaku: Counter[int] = field(default_factory=Counter)
    gifts: Counter[int] = field(default_factory=Counter)

    def count(self, event: AnyEvent, outcome: Outcome, name: str = "") -> None:
        self.counts[event.room_id, outcome.value, name] += 1

    def add(self, other: "Stored") -> None:
        self.counts.update(other.counts)
        self.danmaku.update(other.danmaku)
        self.gifts.update(other.gifts)


def store(arrivals: Sequence[Arrival], now: datetime) -> Stored:
    """Every event is counted as stored, duplicate, sampled or rejected (erased, expired).

    Raises OverflowError, ValueError or django.db.Error when a value fits no column.
    """
    stored, deltas = Stored(), MinuteDeltas()
    rooms = room_rows.rooms_of({arrival.event.room_id for arrival in arrivals})
    wanted = _sampled_or_wanted(arrivals, stored)
    said = (arrival.event for arrival in arrivals)
    told = [event for event in said if isinstance(event, RoomInfo | RoomState)]
    room_rows.fold(rooms, told, now, deltas)
    by_type: dict[type, list[Arrival]] = defaultdict(list)
    for arrival in wanted:
        by_type[type(arrival.event)].append(arrival)
    for event_type, some in by_type.items():
        table = ROWS[event_type][0]
        news = _news(event_type, some, stored)
        old = _take_out(table, news.superseded, deltas)
        rows = _insert(table, news.arrivals, old, rooms, now, deltas=deltas)
        _count_collected(rows, old, stored)
        _follow_up(rows, old, deltas)
    deltas.write()
    return stored


def _sampled_or_wanted(arrivals: Sequence[Arrival], stored: Stored) -> list[Arrival]:
    """Folds gauges, refuses what must not be stored; the rest shall have a row."""
    refusals = Refusals(getattr(arrival.event, "uid", None) for arrival in arrivals)
    gauges, wanted = [], []
    for arrival in arrivals:
        event = arrival.event
        if isinstance(event, Gauge | RoomInfo):
            stored.count(event, Outcome.SAMPLED)
            if isinstance(event, Gauge):
                gauges.append(event)
        elif reason := refusals.reason(event.kind, moment(event.at), getattr(event, "uid", None)):
            stored.count(event, Outcome.REJECTED, reason)
        else:
            wanted.append(arrival)
    rollups.fold_gauges(gauges)
    return wanted


@dataclass(slots=True)
class _News:
    """What has to be inserted, and which rows it takes the place of."""

    arrivals: list[Arrival]
    superseded: list[bytes]


def _news(event_type: type, arrivals: Sequence[Arrival], stored: Stored) -> _News:
    """Without what is in SQL already, or comes twice: that is counted as duplicate."""
    fresh: dict[bytes, Arrival] = {}
    for arrival in arrivals:
        known = fresh.setdefault(arrival.event.event_id, arrival)
        if known is not arrival:
            stored.count(arrival.event, Outcome.DUPLICATE)
            if _supersedes(arrival, known.parser_version, getattr(known.event, "source", 0)):
                fresh[arrival.event.event_id] = arrival
    superseded = []
    for event_id, version, source in _existing(ROWS[event_type][0], list(fresh)):
        arrival = fresh[event_id]
        stored.count(arrival.event, Outcome.DUPLICATE)
        if _supersedes(arrival, version, source):
            superseded.append(event_id)
        else:
            del fresh[event_id]
    for event_id in fresh.keys() - set(superseded):
        stored.count(fresh[event_id].event, Outcome.STORED)
    return _News(list(fresh.values()), superseded)


def _existing(table: type[EventRow], event_ids: Sequence[bytes]) -> list[tuple[bytes, int, int]]:
    """(event_id, parser_version, source) of the rows; only guard reports have a source."""
    columns = ["event_id", "parser_version", *(["source"] if table is GuardReportData else [])]
    found: list[tuple[bytes, int, int]] = []
    for start in range(0, len(event_ids), _CHUNK):
        rows = table._default_manager.filter(event_id__in=event_ids[start : start + _CHUNK])
        for event_id, version, *source in rows.values_list(*columns):
            found.append((bytes(event_id), version, *(source or [0])))
    return found


def _supersedes(arrival: Arrival, version: int, source: int) -> bool:
    """Parsed by newer code; or the purchase itself after the copy of it that opens none."""
    if arrival.parser_version != version:
        return arrival.parser_version > version
    return isinstance(arrival.event, GuardReport) and source == COPY and arrival.event.source != COPY


def _insert(
    table: type[EventRow],
    arrivals: Iterable[Arrival],
    old: dict[bytes, EventRow],
    rooms: dict[int, LiveRoom],
    now: datetime,
    *,
    deltas: MinuteDeltas,
) -> list[EventRow]:
    """The new rows; those that take an old one's place keep its id."""
    rows = []
    for event, version in arrivals:
        row = row_of(event, Source(version, now, rooms[event.room_id].uid))
        if event.event_id in old:
            row.pk = old[event.event_id].pk
        deltas.add(row)
        rows.append(row)
    table._default_manager.bulk_create(rows)
    return rows


def _take_out(
    table: type[EventRow], event_ids: Sequence[bytes], deltas: MinuteDeltas
) -> dict[bytes, EventRow]:
    """Rows that others take the place of, by event_id."""
    taken: dict[bytes, EventRow] = {}
    for start in range(0, len(event_ids), _CHUNK):
        found = table._default_manager.filter(event_id__in=event_ids[start : start + _CHUNK])
        some = list(found)
        found.delete()
        for row in some:
            deltas.add(row, -1)
            taken[bytes(row.event_id)] = row
    return taken


def _count_collected(rows: Iterable[EventRow], old: dict[bytes, EventRow], stored: Stored) -> None:
    for row in rows:
        if row.event_id in old:
            continue
        if isinstance(row, DanmakuData):
            stored.danmaku[row.room_id] += not row.is_mirror
        elif isinstance(row, GiftData):
            stored.gifts[row.room_id] += 1


def _follow_up(rows: Sequence[EventRow], old: dict[bytes, EventRow], deltas: MinuteDeltas) -> None:
    """What new rows mean for other rows."""
    reports = [row for row in (*rows, *old.values()) if isinstance(row, GuardReportData)]
    purchases.settle(reports, deltas)
    deletions.mark(row for row in rows if isinstance(row, SuperChatDeletionData))
    deletions.mark_new(row for row in rows if isinstance(row, SuperChatData))
    spans.join(row for row in rows if isinstance(row, CoverageSpan))
