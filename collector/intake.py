"""Where everything that was received comes in: journaled first, then decoded and handed on."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence

from bilibili_live.events import Decoded
from bilibili_live.protocol.fields import Json
from bilibili_live.rooms import RoomSnapshot
from collector import records
from collector.attention import Attention
from collector.backlog import Backlog
from collector.on_air import OnAir
from collector.publisher import Publisher
from collector.records import ClockNote, CoverageNote, Kind, decode_record
from journal.record import Record

log = logging.getLogger(__name__)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Intake:
    """All rooms of this collector share one.

    What the disk refuses waits in the backlog and is published from the journal once it is there.
    """

    def __init__(self, backlog: Backlog, publisher: Publisher) -> None:
        self._backlog = backlog
        self._publisher = publisher
        self._is_journaled = True  # the newest frame
        self._read_to = backlog.written  # of its count, those that the publisher knows of
        self.on_air = OnAir()
        self.attention = Attention()

    def frame(self, room_id: int, frame: bytes, received_at: int, connection: int) -> None:
        """A frame as received. What it held follows by decoded(), before any other task runs.

        Raises JournalRefused when neither disk nor memory takes it.
        """
        self.attention.at(received_at)
        record = Record(Kind.FRAME, received_at, room_id, connection, frame)
        self._is_journaled = self._journal(record)

    def decoded(self, room_id: int, decoded: Decoded) -> None:
        """Of a frame that waits nothing is shown yet: it is decoded again when it is in the journal."""
        self.on_air.heard(decoded.events)
        if self._is_journaled:
            self._publisher.take(room_id, decoded)

    def coverage(self, room_id: int, at: int, note: CoverageNote) -> None:
        """``at`` in ms: since when it is so, which may be a while ago."""
        self._note(records.coverage(room_id, at, note, now_ms()))

    def numbered_until(self, noted: int) -> None:
        """``noted``: ms that no note of coverage is numbered later than."""
        self._note(records.numbered_until(noted, now_ms()))

    def clock(self, at: int, note: ClockNote) -> None:
        self._note(records.clock(at, note))

    def room_info(self, snapshot: RoomSnapshot) -> None:
        """Raises JournalRefused as frame() does."""
        self.on_air.told(snapshot)
        self._keep(records.room_info(snapshot, now_ms()))

    def figures(self, room_id: int, values: Mapping[str, int]) -> None:
        """Gauges of the moment that the site told over HTTP. Raises JournalRefused as frame() does."""
        self._keep(records.figures(room_id, now_ms(), values))

    def super_chats(self, room_id: int, listed: Sequence[Json]) -> None:
        """Those that the site shows now. Raises JournalRefused as frame() does."""
        self._keep(records.super_chats(room_id, now_ms(), listed))

    def read_again(self) -> None:
        """What came of the newest frames is unknown: nothing is lost, it is published from the journal."""
        self._publisher.read_again()

    async def write_out(self) -> None:
        """Journal what waits, as far as the disk takes it."""
        while len(self._backlog):
            try:
                goes_on = self._backlog.write_out()
            finally:
                self._tell_publisher()
            if not goes_on:
                return
            await asyncio.sleep(0)

    def _keep(self, record: Record) -> None:
        if self._journal(record):
            self._publisher.take(record.room_id, decode_record(record))

    def _note(self, record: Record) -> None:
        """Has its place when frames have none any more."""
        try:
            is_journaled = self._backlog.journal_note(record, now_ms())
        finally:
            self._tell_publisher()
        if is_journaled:
            self._publisher.take(record.room_id, decode_record(record))

    def _journal(self, record: Record) -> bool:
        """Whether it is in the journal now."""
        try:
            return self._backlog.journal(record, now_ms())
        finally:
            self._tell_publisher()

    def _tell_publisher(self) -> None:
        """What left the backlog was never decoded: it is read from the journal.

        Its length does not tell: what is refused in the same step takes the place of what was written.
        """
        if self._read_to != self._backlog.written:
            self._read_to = self._backlog.written
            self._publisher.read_again()
