"""What is said of rooms whose frames were in a part of the journal that is lost before the log had it.

Watches the records go by, in their order. What it says has its place in the order of notes between those
before the lost part and those behind it. Knows neither Redis nor SQL.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bilibili_live.events import AS_BEFORE, Coverage, Decoded, event_id
from collector.evidence import is_auth_reply
from collector.records import BLIND, Kind, coverage_note, numbered
from journal.reader import intact_records
from journal.record import Record
from journal.segments import segments

CAUSE = "journal damaged"
#: ms of journal before a lost part in which every room that is connected has a frame: two heartbeats.
_TAIL = 120_000
_MOST_SEGMENTS = 3
_LEAST = 1_000  #: ms that it is said to last: a file may be damaged in a thousand places


class Damage:
    """Of the journal read from one position on."""

    def __init__(self, folder: Path, start: int, dark: Mapping[int, int] | None = None) -> None:
        """``dark``: as it was at that position."""
        self._folder = folder
        self._start = start
        self._is_of_before = False  # also what lies before the start was looked at
        self._newest = 0  #: ms, of the record that went by last
        self._noted = 0  #: ms, the highest number of a note of coverage
        self._blind: set[int] = set()  # rooms that are blind by their last note
        self._frames: dict[int, int] = {}  # room that is not known to be blind -> ms, of its last frame
        #: Room -> ms, the number and the time of what was said of it here last: the notes know nothing of it.
        self._own: dict[int, tuple[int, int]] = {}
        #: Room of which nothing was heard since a lost part -> ms, of that.
        self._dark = dict(dark or {})

    @property
    def dark(self) -> dict[int, int]:
        """What the next one needs, which goes on from here."""
        return dict(self._dark)

    def pass_by(self, record: Record) -> Decoded | None:
        """What is said of the record's room, when it is the first one behind a lost part."""
        self._newest = record.received_at
        self._noted = max(self._noted, numbered(record))
        room_id, at = record.room_id, record.received_at
        if record.kind == Kind.FRAME:
            self._frames[room_id] = at
            if self._is_back(record):
                return self._said(room_id, max(at, self._dark.pop(room_id)), AS_BEFORE, "")
        elif record.kind == Kind.COVERAGE and (note := coverage_note(record)) is not None:
            self._dark.pop(room_id, None)  # the note says what is so
            if note.state == BLIND:
                self._frames.pop(room_id, None)
                self._blind.add(room_id)
            else:
                self._blind.discard(room_id)
        return None

    def lost(self) -> Iterator[tuple[int, Decoded]]:
        """By room, of the part behind the last record that went by.

        Rooms that were connected then are blind, until they are heard of. Raises JournalUnreadable.
        """
        if not self._is_of_before:
            self._look_before()
        since = self._newest
        for room_id, frame_at in self._frames.items():
            if abs(since - frame_at) <= _TAIL and room_id not in self._dark:
                self._dark[room_id] = since
                yield room_id, self._said(room_id, since, BLIND, CAUSE)

    def _is_back(self, record: Record) -> bool:
        """Whether it shows that the room is connected. The answer to our name may be a refusal."""
        since = self._dark.get(record.room_id)
        return (
            since is not None
            and not 0 <= record.received_at - since < _LEAST
            and not is_auth_reply(record.payload)
        )

    def _said(self, room_id: int, at: int, state: str, cause: str) -> Decoded:
        # While the numbers of notes lie ahead of the clock they are counted one by one, and the room's next
        # note may have this one: of equal numbers the earlier time goes first.
        own, own_at = self._own.get(room_id, (0, 0))
        at = own_at + 1 if at <= own_at < at + _LEAST else at
        noted = max(at, self._noted + 1, own + (at <= own_at))
        self._own[room_id] = noted, at
        name = event_id(at, room_id, Coverage.kind, [state, cause, noted])
        said = Coverage(event_id=name, room_id=room_id, at=at, received_at=noted, state=state, cause=cause)
        return Decoded(events=[said])

    def _look_before(self) -> None:
        """What went by since then counts more."""
        self._is_of_before = True
        earlier = Damage(self._folder, self._start)
        behind = [segment for segment in segments(self._folder) if segment.base < self._start]
        for segment in behind[-_MOST_SEGMENTS:]:
            for found in intact_records(segment, segment.base, self._start):
                earlier.pass_by(found.record)
        before = {room_id: at for room_id, at in earlier._frames.items() if room_id not in self._blind}
        self._frames = before | self._frames
        self._noted = max(self._noted, earlier._noted)
        self._newest = self._newest or earlier._newest
