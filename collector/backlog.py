"""Records that the disk refuses wait here, in order and within bounds, until it takes them."""

import logging
import time
from collections import deque

from journal.errors import JournalRefused
from journal.record import Record
from journal.writer import JournalWriter

log = logging.getLogger(__name__)

MOST_BYTES = 64 << 20
_MORE_FOR_NOTES = 8 << 20  # why a room is blind has to be known when it is not any more
_OVERHEAD = 200  # bytes of a record beside its payload, in memory
_TRY_AGAIN = 0.25  # s
_SLICE = 4 << 20  # bytes that are written before others get their turn


class Backlog:
    """In front of the journal; empty while all is well."""

    def __init__(self, journal: JournalWriter, most_bytes: int = MOST_BYTES) -> None:
        self._journal = journal
        self._most_bytes = most_bytes
        self._records: deque[Record] = deque()
        self._bytes = 0
        self._tried_at = 0.0  # monotonic s
        self._reason = ""
        self.since = 0  #: ms; when the oldest record that waits was refused; 0 = none waits
        self.lost = 0  #: notes that found no place any more
        self.written = 0  #: records that waited and are in the journal now; only grows

    def __len__(self) -> int:
        return len(self._records)

    @property
    def problem(self) -> str:
        """One line; "" while all is well."""
        if not self._records:
            return ""
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.since / 1000))
        waiting = f"{len(self._records)} records ({self._bytes >> 10} KiB) wait in memory"
        full = "; memory for them is full, and frames are refused" if self._bytes >= self._most_bytes else ""
        lost = f"; {self.lost} notes found no place and are lost" if self.lost else ""
        return f"the disk refuses the journal since {at} UTC ({self._reason}); {waiting}{full}{lost}"

    def journal(self, record: Record, now: int) -> bool:
        """Whether it is in the journal; else it waits. ``now`` in ms. Raises JournalRefused when full."""
        if self._is_free():
            try:
                self._journal.append(record)
                return True
            except JournalRefused as error:
                self._refused(error)
        if self._bytes >= self._most_bytes:
            raise JournalRefused(self._reason)
        self._hold(record, now)
        return False

    def journal_note(self, record: Record, now: int) -> bool:
        """The same of a record that has its place when frames have none any more. Raises nothing."""
        try:
            return self.journal(record, now)
        except JournalRefused as error:
            if self._bytes < self._most_bytes + _MORE_FOR_NOTES:
                self._hold(record, now)
            else:
                self.lost += 1
                log.error("a note of room %d is lost: %s", record.room_id, error)
            return False

    def write_out(self) -> bool:
        """Journal what waits, a few MiB of it; whether more may be written at once."""
        self._tried_at = time.monotonic()
        written = 0
        while self._records and written < _SLICE:
            try:
                self._journal.append(self._records[0])
            except JournalRefused as error:
                self._refused(error)
                return False
            size = _size(self._records.popleft())
            self._bytes -= size
            self.written += 1
            written += size
        if written and not self._records:
            log.warning("the disk takes the journal again; all that waited is written")
            self.since = 0
        return bool(self._records)

    def _is_free(self) -> bool:
        """Whether nothing waits, after another try now and then."""
        if self._records and time.monotonic() - self._tried_at >= _TRY_AGAIN:
            self.write_out()
        return not self._records

    def _hold(self, record: Record, now: int) -> None:
        if not self._records:
            self.since = now
            log.error("the disk refuses the journal, what is received waits in memory: %s", self._reason)
        self._records.append(record)
        self._bytes += _size(record)

    def _refused(self, error: JournalRefused) -> None:
        self._tried_at = time.monotonic()
        self._reason = str(error)


def _size(record: Record) -> int:
    return len(record.payload) + _OVERHEAD
