"""What the journal's tail says of the run before: until when each room was surely watched.

Reads once, at the start, and a bounded number of segments. Knows neither Redis nor the site.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collector.attention import LONGEST_LAG, Attention
from collector.evidence import Evidence, is_auth_reply
from collector.records import BLIND, Kind, coverage_note, decode_record
from journal.reader import intact_records
from journal.record import Record
from journal.segments import segments

#: ms of journal that are looked at: more than two heartbeats, so that a quiet room has a sign in it.
TAIL = 120_000
_MOST_SEGMENTS = 3
_FRAMES_OPENED = 2  # of each room, the newest: most hold an event with a time of its own


@dataclass(frozen=True, slots=True)
class LastSigns:
    """Of the run before; all of it 0 when there was none."""

    newest: int = 0  #: ms, of the newest record
    begins: int = 0  #: ms, of the oldest record that was looked at
    rooms: dict[int, int] = field(default_factory=dict)
    watched: frozenset[int] = frozenset()  #: those of them that were connected, as far as is known
    proven: int = 0  #: ms that our clock is behind of, by what the site said before; 0 = of nothing

    def of(self, room_id: int) -> int:
        """ms until which the room was surely watched. One without a sign was not seen in all of the tail."""
        return self.rooms.get(room_id, self.begins)


class _Connection:
    """One connection's frames, in order."""

    def __init__(self, attention: Attention) -> None:
        self.evidence = Evidence(attention)
        self.begins: int | None = None  #: ms; 0 = before the tail
        self._frames: deque[Record] = deque(maxlen=_FRAMES_OPENED)

    def add(self, record: Record) -> None:
        if self.begins is None:
            self.begins = record.received_at if is_auth_reply(record.payload) else 0
        self.evidence.frame(record.payload, record.received_at, record.connection)
        self._frames.append(record)

    def open(self) -> Evidence:
        """With what the newest frames held."""
        for record in self._frames:
            self.evidence.events(decode_record(record).events, record.received_at)
        return self.evidence


class _Room:
    """One room's records, in order."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention
        self._connections: list[_Connection] = []
        self._newest: dict[int, _Connection] = {}  #: by number, which each run counts from 1
        self._state = ""
        self._since = 0
        self.own_time = 0  #: of the newest event, by the site's clock; known once the sign is

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

    def sign(self, newest: int, now: int) -> int | None:
        """None: there is none."""
        if self._state == BLIND:
            return min(max(newest, self._since), now)  # whatever it was, it is no worse since then
        if not self._connections:
            return self._since or None
        self.own_time = max(connection.open().own_time for connection in self._connections)
        sign = self._covered_until(newest)
        if sign <= now or _is_proven(newest, self.own_time, now):
            return sign
        # Our clock was set back meanwhile; the site's has not been.
        return self.own_time if 0 < self.own_time <= now else now

    def _covered_until(self, newest: int) -> int:
        """Since its state began (ms), by connections of which each began before those before it ended.

        A gap between two ends it, even though one that was half open hid it: nobody has told of that gap.
        """
        in_order = sorted(self._connections, key=lambda each: each.begins or 0)
        until = self._since or in_order[0].begins or 0
        for connection in in_order:
            if (connection.begins or 0) > until:
                break
            until = max(until, min(connection.evidence.sent_by, newest))
        return until


def read(folder: Path, newest: int, now: int) -> LastSigns:
    """``newest``: ms of the journal's newest record, 0 = it is empty. Raises OSError."""
    if not newest:
        return LastSigns()
    begins = newest
    rooms: dict[int, _Room] = {}
    attention = Attention()
    for record in _tail(folder, newest - TAIL):
        attention.at(record.received_at)
        if record.received_at < newest - TAIL:
            continue
        begins = min(begins, record.received_at)
        room = rooms.get(record.room_id)
        if room is None:
            room = rooms[record.room_id] = _Room(attention)
        room.add(record)
    signs = {room_id: room.sign(newest, now) for room_id, room in rooms.items()}
    known = {room_id: sign for room_id, sign in signs.items() if sign is not None}
    watched = frozenset(room_id for room_id in known if not rooms[room_id].is_blind)
    own_times = (room.own_time for room in rooms.values())
    proven = newest if any(_is_proven(newest, own_time, now) for own_time in own_times) else 0
    return LastSigns(newest, min(begins, now), known, watched, proven)


def _is_proven(newest: int, own_time: int, now: int) -> bool:
    """The site agreed with the clock of the run before, and ours is far behind of both."""
    return now + LONGEST_LAG < newest and abs(newest - own_time) <= LONGEST_LAG + TAIL


def _tail(folder: Path, since: int) -> Iterator[Record]:
    """Records received since then (ms), oldest first; and before them the last that is older."""
    chosen = []
    before: Record | None = None
    for segment in reversed(segments(folder)[-_MOST_SEGMENTS:]):
        chosen.append(segment)
        first = next((found.record for found in intact_records(segment, segment.base)), None)
        if first is not None and first.received_at < since:
            break
    for segment in reversed(chosen):
        for found in intact_records(segment, segment.base):
            if found.record.received_at < since:
                before = found.record
                continue
            if before is not None:
                yield before
                before = None
            yield found.record
