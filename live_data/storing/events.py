"""Events into SQL, each exactly once, with everything that follows from it. Knows no log and no cursor.

The caller holds a transaction: what is done here is committed or undone as a whole.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from bilibili_live.events import (
    AnyEvent,
    Clock,
    Coverage,
    Gauge,
    GuardReport,
    RedPacket,
    RoomInfo,
    RoomState,
    SuperChat,
    SuperChatDeletion,
)
from live_data.models import (
    CoverageSpan,
    GuardReportData,
    RedPacketReportData,
    SuperChatData,
    SuperChatDeletionData,
)
from live_data.models.event_row import EventRow
from live_data.search import index
from live_data.storing import (
    clock_readings,
    counted,
    deletions,
    descriptions,
    inserting,
    late_rows,
    polled_states,
    purchases,
    red_packets,
    rollups,
    room_rows,
    spans,
    worth,
)
from live_data.storing.counted import Counted, counted_event, counted_row
from live_data.storing.counts import Counts, Outcome
from live_data.storing.dead_letters import limits_are_of_values
from live_data.storing.refusals import Refusals
from live_data.storing.rollups import Deltas
from live_data.storing.rows import ROWS, RowForm

_CHUNK = 500  # event_ids of one query


class Arrival(NamedTuple):
    """An event as it came out of the log."""

    event: AnyEvent
    parser_version: int


#: In the order in which they came.
ByType: TypeAlias = dict[type[AnyEvent], list[Arrival]]
Anchors: TypeAlias = dict[int, int | None]  #: room -> uid; None = not known yet

#: What new rows of these mean for other rows is read from the rows. They are rare.
_FOLLOWED = (Coverage, GuardReport, RedPacket, SuperChat, SuperChatDeletion)


@dataclass(slots=True)
class Stored:
    """What became of the events."""

    counts: Counts = field(default_factory=Counter)
    #: New rows by room, as monitoring tasks count them; mirrored danmaku are in no count.
    danmaku: Counter[int] = field(default_factory=Counter)
    gifts: Counter[int] = field(default_factory=Counter)

    def count(self, arrivals: Iterable[Arrival], outcome: Outcome, name: str = "") -> None:
        rooms = Counter(event.room_id for event, _ in arrivals)
        for room_id, count in rooms.items():
            self.counts[room_id, outcome.value, name] += count

    def add(self, other: "Stored") -> None:
        self.counts.update(other.counts)
        self.danmaku.update(other.danmaku)
        self.gifts.update(other.gifts)


@limits_are_of_values()
def store(arrivals: Sequence[Arrival], now: datetime) -> Stored:
    """Every event is counted as stored, duplicate, sampled or rejected (erased, expired).

    Raises what dead_letters.POISON names when an event cannot be stored, and django.db.OperationalError.
    """
    stored, deltas = Stored(), Deltas()
    by_type = _by_type(arrivals)
    _store_clocks(by_type.pop(Clock, []), stored)
    rooms = room_rows.rooms_of({event.room_id for some in by_type.values() for event, _ in some})
    told = [event for event, _ in arrivals if isinstance(event, RoomInfo | RoomState)]
    room_rows.fold(rooms, told, now, deltas)
    descriptions.keep(told)
    polled_states.keep([*told, *(event for event, _ in by_type.get(Coverage, []))])
    _sample(by_type.pop(Gauge, []), by_type.pop(RoomInfo, []), stored)
    anchors = {room_id: room.uid for room_id, room in rooms.items()}
    for event_type, some in _permitted(by_type, stored).items():
        form = ROWS[event_type]
        news = _news(form, some, stored)
        old = _take_out(form.table, news.superseded)
        index.remove(form.table, old.values())
        _insert(form, news.arrivals, {event_id: row.pk for event_id, row in old.items()}, anchors, now)
        index.add(form.table, (event for event, _ in news.arrivals))
        _count(_counted(news.arrivals, anchors), stored, deltas)
        _count([*filter(None, map(counted_row, old.values()))], stored, deltas, -1)
        if event_type in _FOLLOWED:
            _follow_up(_rows(form.table, news.arrivals), list(old.values()), deltas)
    late_rows.mark(deltas.touched, now)
    deltas.write()
    return stored


def _by_type(arrivals: Iterable[Arrival]) -> ByType:
    by_type: ByType = defaultdict(list)
    for arrival in arrivals:
        by_type[type(arrival.event)].append(arrival)
    return by_type


def _store_clocks(arrivals: Sequence[Arrival], stored: Stored) -> None:
    """They belong to no room."""
    readings = [event for event, _ in arrivals if isinstance(event, Clock)]
    for arrival, is_new in zip(arrivals, clock_readings.store(readings), strict=True):
        stored.count([arrival], Outcome.STORED if is_new else Outcome.DUPLICATE)


def _sample(gauges: Sequence[Arrival], infos: Sequence[Arrival], stored: Stored) -> None:
    """What is folded, and has no row of its own."""
    for some in (gauges, infos):
        stored.count(some, Outcome.SAMPLED)
    rollups.fold_gauges(event for event, _ in gauges if isinstance(event, Gauge))


def _permitted(by_type: ByType, stored: Stored) -> ByType:
    """Without what must not be stored."""
    refusals = Refusals(_uid(event) for some in by_type.values() for event, _ in some)
    permitted: ByType = {}
    for event_type, some in by_type.items():
        permitted[event_type] = some
        if refusals.may_concern(event_type.kind):
            permitted[event_type] = [arrival for arrival in some if _is_permitted(arrival, refusals, stored)]
    return permitted


def _is_permitted(arrival: Arrival, refusals: Refusals, stored: Stored) -> bool:
    event = arrival.event
    if reason := refusals.reason(event.kind, event.at, _uid(event)):
        stored.count([arrival], Outcome.REJECTED, reason)
    return not reason


def _uid(event: AnyEvent) -> int | None:
    uid: int | None = getattr(event, "uid", None)
    return uid


@dataclass(slots=True)
class _News:
    """What has to be inserted, and which rows it takes the place of."""

    arrivals: list[Arrival]
    superseded: list[bytes]


def _news(form: RowForm, arrivals: Sequence[Arrival], stored: Stored) -> _News:
    """Without what is in SQL already, or comes twice: that is counted as duplicate."""
    fresh: dict[bytes, Arrival] = {}
    duplicates: list[Arrival] = []
    for arrival in arrivals:
        known = fresh.setdefault(arrival.event.event_id, arrival)
        if known is not arrival:
            duplicates.append(arrival)
            if worth.worth(*arrival) > worth.worth(*known):
                fresh[arrival.event.event_id] = arrival
    superseded = []
    for event_id, its_worth in worth.stored(form.table, fresh):
        arrival = fresh[event_id]
        duplicates.append(arrival)
        if worth.worth(*arrival) > its_worth:
            superseded.append(event_id)
        else:
            del fresh[event_id]
    stored.count(duplicates, Outcome.DUPLICATE)
    replacing = set(superseded)
    stored.count((each for event_id, each in fresh.items() if event_id not in replacing), Outcome.STORED)
    return _News(list(fresh.values()), superseded)


def _take_out(table: type[EventRow], event_ids: Sequence[bytes]) -> dict[bytes, EventRow]:
    """Rows that others take the place of, by event_id."""
    taken: dict[bytes, EventRow] = {}
    for start in range(0, len(event_ids), _CHUNK):
        found = table._default_manager.filter(event_id__in=event_ids[start : start + _CHUNK])
        taken |= {bytes(row.event_id): row for row in found}
        found.delete()
    return taken


def _insert(
    form: RowForm, arrivals: Sequence[Arrival], keys: Mapping[bytes, int], anchors: Anchors, now: datetime
) -> None:
    """``keys``: of rows that were taken out, by event_id; what takes their place keeps them."""
    new = [arrival for arrival in arrivals if arrival.event.event_id not in keys] if keys else arrivals
    inserting.insert(form.table, form.columns, form.rows(new, anchors, now))
    again = [arrival for arrival in arrivals if arrival.event.event_id in keys] if keys else []
    rows = zip(again, form.rows(again, anchors, now), strict=True)
    keyed = [(keys[arrival.event.event_id], *row) for arrival, row in rows]
    inserting.insert(form.table, ("id", *form.columns), keyed)


def _counted(arrivals: Iterable[Arrival], anchors: Anchors) -> list[Counted]:
    found = (counted_event(event, anchors[event.room_id]) for event, _ in arrivals)
    return [each for each in found if each is not None]


def _count(things: Sequence[Counted], stored: Stored, deltas: Deltas, sign: int = 1) -> None:
    """``sign`` -1 for what goes."""
    deltas.add(things, sign)
    for kind, collected in ((counted.DANMAKU, stored.danmaku), (counted.GIFT, stored.gifts)):
        for room_id, count in Counter(each.room_id for each in things if each.kind == kind).items():
            collected[room_id] += sign * count


def _rows(table: type[EventRow], arrivals: Sequence[Arrival]) -> list[EventRow]:
    """As they are in SQL now."""
    event_ids = [arrival.event.event_id for arrival in arrivals]
    chunks = (event_ids[start : start + _CHUNK] for start in range(0, len(event_ids), _CHUNK))
    return [row for some in chunks for row in table._default_manager.filter(event_id__in=some)]


def _follow_up(new: Sequence[EventRow], old: Sequence[EventRow], deltas: Deltas) -> None:
    """What new rows, and those that went, mean for other rows."""
    reports = [row for row in (*new, *old) if isinstance(row, GuardReportData)]
    purchases.settle(reports, deltas)
    red_packets.settle(row for row in (*new, *old) if isinstance(row, RedPacketReportData))
    deletions.take_back(row for row in old if isinstance(row, SuperChatDeletionData))
    deletions.mark(row for row in new if isinstance(row, SuperChatDeletionData))
    deletions.mark_new(row for row in new if isinstance(row, SuperChatData))
    spans.join(row for row in new if isinstance(row, CoverageSpan))
