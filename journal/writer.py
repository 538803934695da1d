"""Append records. One writer a folder; what append() returned from survives the process."""

import os
import secrets
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from journal.reader import first_position, read_segment
from journal.record import MAGIC, Record, encode
from journal.segments import Segment, new_segment, segments

SEGMENT_BYTES = 64 << 20


class JournalBusy(Exception):
    """Another process writes this journal."""


class JournalWriter:
    """Appends to the newest segment; a torn tail is cut off when it is opened.

    ``append`` raises OSError when the disk refuses; the journal then is as it was before.
    """

    def __init__(self, folder: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Raises JournalBusy, OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._lock = _lock(folder / "lock")
        self.name = _name(folder / "name")
        self.cut_off = 0  #: bytes of a torn tail that were cut off
        self.last_received_at = 0  #: ms, of the newest record; 0 = none
        found = segments(folder)
        self._recover(found) if found else self._begin(0)

    def __enter__(self) -> "JournalWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def position(self) -> int:
        """Behind the last record."""
        return self._base + self._size

    @property
    def first(self) -> int:
        """Of the oldest record kept."""
        return first_position(self.folder)

    def append(self, record: Record) -> int:
        """Returns the position behind the record."""
        if self._size >= self._segment_bytes:
            self._roll(self.position)
        data = encode(record)
        try:
            written = self._file.write(data)
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes could be written: is the disk full?")
        except OSError:
            self._file.truncate(len(MAGIC) + self._size)
            raise
        self._size += len(data)
        self.last_received_at = record.received_at
        return self.position

    def flush_to_disk(self) -> None:
        """Wait until the disk has it; may be called from a thread. Raises OSError."""
        file = self._file
        try:
            os.fsync(file.fileno())
        except ValueError:
            if not file.closed:
                raise
            # Closed meanwhile by a roll or the end, and flushed there.

    def skip_to(self, position: int) -> None:
        """Go on at a later position: what lay between is lost, and must not be taken for something else."""
        if position > self.position:
            self._roll(position)

    def drop_before(self, position: int, keep_seconds: float) -> int:
        """Delete whole segments that end before ``position`` and are older; returns how many."""
        old = time.time() - keep_seconds
        dropped = 0
        for segment in segments(self.folder):
            if segment.base == self._base or segment.end > position or segment.last_written > old:
                break
            segment.path.unlink()
            dropped += 1
        return dropped

    def close(self) -> None:
        if not self._file.closed:
            self.flush_to_disk()
            self._file.close()
        self._lock.close()

    def _roll(self, base: int) -> None:
        """Go on in a new segment; when it cannot be begun, the old one stays in use."""
        old = self._file
        self._begin(base)
        os.fsync(old.fileno())
        old.close()

    def _begin(self, base: int) -> None:
        segment = new_segment(self.folder, base)
        try:
            segment.path.write_bytes(MAGIC)
        except OSError:
            segment.path.unlink(missing_ok=True)
            raise
        self._open(segment)

    def _open(self, segment: Segment) -> None:
        # Unbuffered: what append() has returned from is the kernel's, and survives this process.
        self._file = segment.path.open("ab", buffering=0)
        self._base = segment.base
        self._size = segment.end - segment.base

    def _recover(self, found: list[Segment]) -> None:
        """Cut off what follows the last intact record: a write that the crash interrupted."""
        newest = found[-1]
        intact = self._last_record(newest)
        self.cut_off = newest.end - intact
        if intact == newest.base:  # perhaps not even the magic was written
            self._begin(newest.base)
            if len(found) > 1:
                self._last_record(found[-2])  # says when the last record was received
            return
        self._open(newest)
        self._file.truncate(len(MAGIC) + intact - newest.base)
        self._size = intact - newest.base

    def _last_record(self, segment: Segment) -> int:
        """The position behind the segment's last intact record; its base if there is none."""
        intact = segment.base
        for item in read_segment(segment, segment.base):
            if item.record is not None:
                intact = item.position
                self.last_received_at = item.record.received_at
        return intact


def _name(file: Path) -> str:
    """The journal's own name: another journal in the same place is another collector's."""
    name = file.read_text(encoding="ascii").strip() if file.exists() else ""
    if not name:
        name = secrets.token_hex(8)
        file.write_text(name, encoding="ascii")
    return name


def _lock(file: Path) -> BinaryIO:
    """Held until the file is closed, also by a crash."""
    handle = file.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  # exists on Windows only

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  # exists elsewhere only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise JournalBusy(f"another collector writes the journal in {file.parent}") from error
    return handle
