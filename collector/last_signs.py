"""What the journal's tail says of the run before: until when each room was surely watched.

Reads once, at the start, and a bounded number of segments. Knows neither Redis nor the site.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collector.attention import LONGEST_LAG, Attention
from collector.evidence import Evidence, is_auth_reply
from collector.records import BLIND, Kind, coverage_note, decode_record, numbered
from journal.reader import intact_records
from journal.record import Record
from journal.segments import segments

#: ms of journal that are looked at: more than two heartbeats, so that a quiet room has a sign in it.
TAIL = 120_000
_MOST_SEGMENTS = 3
_FRAMES_OPENED = 2  # of each connection, the newest: most hold an event with a time of its own
_SET_BACK = 2_000  #: ms; a record dated so long after one behind it was dated before a clock was set back


@dataclass(frozen=True, slots=True)
class LastSigns:
    """Of the run before; all of it 0 when there was none."""

    newest: int = 0  #: ms, of the newest record
    begins: int = 0  #: ms, of the oldest record that was looked at
    rooms: dict[int, int] = field(default_factory=dict)
    watched: frozenset[int] = frozenset()  #: those of them that were connected, as far as is known
    proven: int = 0  #: ms that our clock is behind of, by what the site said before; 0 = of nothing
    noted: int = 0  #: ms that no note of coverage is numbered later than

    def of(self, room_id: int) -> int:
        """ms until which the room was surely watched. One without a sign was not seen in all of the tail."""
        return self.rooms.get(room_id, self.begins)


class _Connection:
    """One connection's frames, in order."""

    def __init__(self, attention: Attention) -> None:
        self.evidence = Evidence(attention)
        self.begins: int | None = None  #: ms; 0 = before the tail
        self.lead: int | None = None  #: ms that our clock was ahead of the site's, or less; None = unknown
        self._frames: deque[Record] = deque(maxlen=_FRAMES_OPENED)

    def add(self, record: Record) -> None:
        if self.begins is None:
            self.begins = record.received_at if is_auth_reply(record.payload) else 0
        self.evidence.frame(record.payload, record.received_at, record.connection)
        self._frames.append(record)

    def open(self) -> None:
        """Look at what the newest frames held."""
        for record in self._frames:
            before = self.evidence.own_time
            self.evidence.events(decode_record(record).events, record.received_at)
            if self.evidence.own_time > before:
                self.lead = record.received_at - self.evidence.own_time


class _Room:
    """One room's records, in order."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention
        self._connections: list[_Connection] = []
        self._newest: dict[int, _Connection] = {}  #: by number, which each run counts from 1
        self._state = ""
        self._since = 0

    def add(self, record: Record) -> None:
        if record.kind == Kind.COVERAGE and (note := coverage_note(record)) is not None:
            self._state, self._since = note.state, note.since or record.received_at
        elif record.kind == Kind.FRAME:
            connection = self._newest.get(record.connection)
            if connection is None or is_auth_reply(record.payload):
                connection = self._newest[record.connection] = _Connection(self._attention)
                self._connections.append(connection)
            connection.add(record)

    @property
    def is_blind(self) -> bool:
        return self._state == BLIND

    @property
    def own_time(self) -> int:
        """ms of the site's clock, of the newest event that was looked at; 0 = there is none."""
        return max((each.evidence.own_time for each in self._connections), default=0)

    @property
    def leads(self) -> list[int]:
        return [each.lead for each in self._connections if each.lead is not None]

    def open(self) -> None:
        for connection in self._connections:
            connection.open()

    def sign(self, newest: int) -> int | None:
        """ms by the clock of the run before; None: there is none."""
        if self.is_blind:
            return newest  # whatever it was, it is no worse since then
        if not self._connections:
            return min(self._since, newest) or None
        return min(self._covered_until(), newest)

    def _covered_until(self) -> int:
        """Since its state began (ms), by connections of which each began before those before it ended.

        A gap between two ends it, even though one that was half open hid it: nobody has told of that gap.
        """
        in_order = sorted(self._connections, key=lambda each: each.begins or 0)
        until = self._since or in_order[0].begins or 0
        for connection in in_order:
            if (connection.begins or 0) > until:
                break
            until = max(until, connection.evidence.sent_by)
        return until


class _Tail:
    """The newest records, as far as they were dated by the clock of the last one."""

    def __init__(self, newest: int) -> None:
        self._newest = newest
        self._begins = newest
        self._noted = 0
        self._rooms: dict[int, _Room] = {}
        self._attention = Attention()

    def add(self, record: Record) -> None:
        self._attention.at(record.received_at)
        self._noted = max(self._noted, numbered(record))
        if record.received_at > self._newest + _SET_BACK:
            # The clock was set back since: what it said before cannot be told from what it said after.
            self._rooms.clear()
            self._begins = self._newest - TAIL
        elif record.received_at >= self._newest - TAIL:
            self._begins = min(self._begins, record.received_at)
            room = self._rooms.get(record.room_id)
            if room is None:
                room = self._rooms[record.room_id] = _Room(self._attention)
            room.add(record)

    def signs(self, last_sane: int, now: int) -> LastSigns:
        """``last_sane``: ms of the newest record that does not lie in the future; 0 = there is none."""
        newest, rooms = self._newest, self._rooms
        for room in rooms.values():
            room.open()
        is_proven = any(_is_proven(newest, room.own_time, now) for room in rooms.values())
        ahead = 0 if is_proven else self._ahead(last_sane, now)
        limit = newest if is_proven else now
        known = {}
        for room_id, room in rooms.items():
            sign = room.sign(newest)
            if sign is not None:
                own_time = room.own_time if ahead and room.own_time <= now else 0
                known[room_id] = min(max(sign - ahead, own_time), limit)
        return LastSigns(
            newest=newest,
            begins=min(self._begins - ahead, limit),
            rooms=known,
            watched=frozenset(room_id for room_id in known if not rooms[room_id].is_blind),
            proven=newest if is_proven else 0,
            noted=self._noted,
        )

    def _ahead(self, last_sane: int, now: int) -> int:
        """ms by which the clock of the run before was ahead, at least; 0 when nothing lies in the future.

        By what the site said then. If it said nothing, since the clock was set nothing is sure.
        """
        if self._newest <= now:
            return 0
        leads = [lead for room in self._rooms.values() for lead in room.leads]
        return min(leads) if leads else self._newest - (last_sane or now)


def read(folder: Path, newest: int, now: int) -> LastSigns:
    """``newest``: ms of the journal's newest record, 0 = it is empty. Raises OSError."""
    if not newest:
        return LastSigns()
    tail, last_sane = _Tail(newest), 0
    for record in _records(folder, newest - TAIL):
        tail.add(record)
        if record.received_at <= now:
            last_sane = record.received_at
    return tail.signs(last_sane, now)


def _is_proven(newest: int, own_time: int, now: int) -> bool:
    """The site agreed with the clock of the run before, and ours is far behind of both."""
    return now + LONGEST_LAG < newest and abs(newest - own_time) <= LONGEST_LAG + TAIL


def _records(folder: Path, since: int) -> Iterator[Record]:
    """Of the newest segments, back to one that begins before then (ms), oldest first."""
    chosen = []
    for segment in reversed(segments(folder)[-_MOST_SEGMENTS:]):
        chosen.append(segment)
        first = next((found.record for found in intact_records(segment, segment.base)), None)
        if first is not None and first.received_at < since:
            break
    for segment in reversed(chosen):
        for found in intact_records(segment, segment.base):
            yield found.record
