"""Where everything that was received comes in: journaled first, then decoded and handed on."""

import logging
import time

from bilibili_live.events import Decoded
from bilibili_live.rooms import RoomSnapshot
from collector import records
from collector.publisher import Publisher
from collector.records import CoverageNote, Kind, decode_record
from journal.record import Record
from journal.writer import JournalWriter

log = logging.getLogger(__name__)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Intake:
    """All rooms of this collector share one. Methods raise OSError when the journal cannot be written."""

    def __init__(self, journal: JournalWriter, publisher: Publisher) -> None:
        self._journal = journal
        self._publisher = publisher

    def frame(self, room_id: int, frame: bytes, received_at: int, connection: int) -> None:
        """A frame as received. What it held follows by decoded(), before any other task runs."""
        self._journal.append(Record(Kind.FRAME, received_at, room_id, connection, frame))

    def decoded(self, room_id: int, decoded: Decoded) -> None:
        self._publisher.take(room_id, decoded)

    def coverage(self, room_id: int, at: int, note: CoverageNote) -> None:
        self._note(records.coverage(room_id, at, note))

    def room_info(self, snapshot: RoomSnapshot) -> None:
        self._note(records.room_info(snapshot, now_ms()))

    def _note(self, record: Record) -> None:
        self._journal.append(record)
        self._publisher.take(record.room_id, decode_record(record))
