"""What is said of rooms whose frames were in a part of the journal that is lost before the log had it.

Watches the records go by, in their order. What it says has its place in the order of notes between those
before the lost part and those behind it. Knows neither Redis nor SQL.
"""

from collections.abc import Iterator
from pathlib import Path

from bilibili_live.events import AS_BEFORE, Coverage, Decoded, event_id
from collector.records import BLIND, Kind, coverage_note
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

    def __init__(self, folder: Path, start: int) -> None:
        self._folder = folder
        self._start = start
        self._is_of_before = False  # also what lies before the start was looked at
        self._newest = 0  #: ms, of the record that went by last
        self._noted = 0  #: ms, of the newest note of coverage
        self._frames: dict[int, int] = {}  # room -> ms, of its last frame
        self._told_until = 0

    def pass_by(self, record: Record) -> None:
        self._newest = record.received_at
        if record.kind == Kind.FRAME:
            self._frames[record.room_id] = record.received_at
        elif record.kind == Kind.COVERAGE and (note := coverage_note(record)) is not None:
            self._noted = max(self._noted, note.noted or record.received_at)

    def lost(self, until: int) -> Iterator[tuple[int, Decoded]]:
        """By room, of the part behind the last record that went by, until the next one (ms).

        Rooms that were connected then were blind. Raises JournalUnreadable.
        """
        if not self._is_of_before:
            self._look_before()
        since = self._newest
        if not since or (until <= self._told_until and 0 <= self._told_until - since <= _LEAST):
            return
        self._told_until = max(until, since + _LEAST)
        noted = max(since, self._noted + 1)
        for room_id, frame_at in self._frames.items():
            if abs(since - frame_at) <= _TAIL:
                yield room_id, Decoded(events=[*_spans(room_id, since, self._told_until, noted)])

    def _look_before(self) -> None:
        """What went by since then counts more."""
        self._is_of_before = True
        earlier = Damage(self._folder, self._start)
        before = [segment for segment in segments(self._folder) if segment.base < self._start]
        for segment in before[-_MOST_SEGMENTS:]:
            for found in intact_records(segment, segment.base, self._start):
                earlier.pass_by(found.record)
        self._frames = earlier._frames | self._frames
        self._noted = max(self._noted, earlier._noted)
        self._newest = self._newest or earlier._newest


def _spans(room_id: int, since: int, until: int, noted: int) -> Iterator[Coverage]:
    for at, state, cause in ((since, BLIND, CAUSE), (until, AS_BEFORE, "")):
        name = event_id(at, room_id, Coverage.kind, [state, cause, noted])
        yield Coverage(event_id=name, room_id=room_id, at=at, received_at=noted, state=state, cause=cause)
