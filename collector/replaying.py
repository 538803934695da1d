"""Journaled records once more into the event log, paced by the sync. Moves no position and no live page."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bilibili_live.events import Decoded
from collector.gathering import Gathering
from collector.records import decode_record
from collector.settings import BATCH_EVENTS
from event_store import sync_lives
from event_store.bounds import LogIsLong
from event_store.codec import Batch
from event_store.connect import AsyncRedis
from event_store.cursor import stream_key
from event_store.writer import Appended, LogWriter
from journal.reader import intact_records, read_segments
from journal.record import Record
from journal.segments import Segment, journal_name, segments

MOST_IN_FLIGHT = 10  #: entries, of 1,000 events or 1 MiB of journal each
_BATCH_BYTES = 1 << 20
_POLL = 0.1  # s
_TELL_AFTER = 5.0  # s of waiting
_CLOCKS = 86_400_000  # ms by which the clock may have been set meanwhile


class NothingToReplay(Exception):
    """There is no journal in this data folder."""


class LogWasLost(Exception):
    """Redis lost its log meanwhile, and perhaps what was written into it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records."""

    room_ids: frozenset[int] = frozenset()  #: none = all
    since: int = 0  #: ms
    until: int = 1 << 62  #: ms; the first that is not meant any more

    def has(self, record: Record) -> bool:
        is_in_time = self.since <= record.received_at < self.until
        return is_in_time and (not self.room_ids or record.room_id in self.room_ids)

    def may_be_in(self, segment: Segment) -> bool:
        """By the times of its first record and of its last writing, give or take a clock.

        A clock that was ahead for the first record was set right before the last one. Raises
        JournalUnreadable.
        """
        last = segment.last_written * 1000
        if last + _CLOCKS < self.since:
            return False
        first = next(intact_records(segment, segment.base), None)
        return first is None or min(first.record.received_at, last) - _CLOCKS < self.until


@dataclass(slots=True)
class Done:
    """What was done so far."""

    size: int = 0  #: bytes of the files to read
    read: int = 0  #: bytes of them that were
    files: int = 0
    passed_over: int = 0  #: files wholly outside of the time
    records: int = 0
    events: int = 0
    entries: int = 0
    damaged: int = 0  #: parts
    first: int = 0  #: ms, of the earliest record
    last: int = 0  #: ms, of the latest one

    def count(self, record: Record, events: int) -> None:
        self.records += 1
        self.events += events
        self.first = min(self.first or record.received_at, record.received_at)
        self.last = max(self.last, record.received_at)


@dataclass
class Replay:
    """``run()`` once. ``progress`` is called now and then, ``waits`` with the reason for a long wait."""

    folder: Path
    client: AsyncRedis
    wanted: Wanted
    progress: Callable[[Done], None]
    waits: Callable[[str], None]
    done: Done = field(default_factory=Done)
    _in_flight: deque[str] = field(default_factory=deque)  # ids of own entries
    _incarnation: str = ""

    async def run(self) -> Done:
        """Raises NothingToReplay, LogWasLost, JournalError and what redis raises."""
        name, found = journal_name(self.folder), segments(self.folder)
        if not name or not found:
            raise NothingToReplay(f"there is no journal in {self.folder}")
        chosen = [segment for segment in found if self.wanted.may_be_in(segment)]
        self.done.files, self.done.passed_over = len(chosen), len(found) - len(chosen)
        self.done.size = sum(segment.end - segment.base for segment in chosen)
        writer = LogWriter(self.client)
        for batch in self._batches(Gathering(name), chosen, found[-1]):
            await self._wait_for_sync(writer)
            self._appended(await self._append(writer, batch))
            self.progress(self.done)
        return self.done

    def _batches(self, gathering: Gathering, chosen: list[Segment], newest: Segment) -> Iterator[Batch]:
        """With the range [0, 0), which moves no position and is not new to the live cache.

        Of events alone: what else the records held was counted when they were published, and news of the
        protocol told.
        """
        size = 0
        for segment in chosen:
            self.progress(self.done)
            for record in self._records(segment, is_newest=segment is newest):
                events = decode_record(record).events
                self.done.count(record, len(events))
                if events:
                    gathering.add(record.room_id, Decoded(events=events))
                    size += len(record.payload)
                if len(gathering) >= BATCH_EVENTS or size >= _BATCH_BYTES:
                    yield gathering.cut(0, 0)
                    size = 0
        if not gathering.is_empty:
            yield gathering.cut(0, 0)

    def _records(self, segment: Segment, *, is_newest: bool) -> Iterator[Record]:
        end, read = segment.end, self.done.read
        for item in read_segments([segment], segment.base, end):
            self.done.read = read + item.position - segment.base
            if item.record is None:
                # The collector may be in the midst of its newest record.
                self.done.damaged += not (is_newest and item.position == end)
            elif self.wanted.has(item.record):
                yield item.record

    async def _wait_for_sync(self, writer: LogWriter) -> None:
        """Until few enough entries of ours are not in SQL: the log in Redis must not grow without bound."""
        waiting = _Waiting(self.waits)
        while len(self._in_flight) >= MOST_IN_FLIGHT:
            self._check(await writer.incarnation())
            place = await sync_lives.place(self.client)
            if place is not None and place.incarnation == self._incarnation:
                reached = stream_key(place.stream_id)
                while self._in_flight and stream_key(self._in_flight[0]) <= reached:
                    self._in_flight.popleft()
            if len(self._in_flight) < MOST_IN_FLIGHT:
                return
            await waiting.turn(f"{len(self._in_flight)} log entries are not in the database yet")

    async def _append(self, writer: LogWriter, batch: Batch) -> Appended:
        """Waits while the log is as long as it may be, whoever wrote it."""
        waiting = _Waiting(self.waits)
        while True:
            try:
                return await writer.append(batch)
            except LogIsLong as error:
                await waiting.turn(str(error))

    def _check(self, incarnation: str) -> None:
        if self._incarnation not in ("", incarnation):
            raise LogWasLost("Redis lost its log meanwhile; replay once more")

    def _appended(self, appended: Appended) -> None:
        self._check(appended.incarnation)
        self._incarnation = appended.incarnation
        self._in_flight.append(appended.stream_id)
        self.done.entries += 1


class _Waiting:
    """One wait of many turns; told once, when it has lasted a while."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._waited = 0.0  # s

    async def turn(self, reason: str) -> None:
        if self._waited < _TELL_AFTER <= self._waited + _POLL:
            self._tell(reason)
        self._waited += _POLL
        await asyncio.sleep(_POLL)
