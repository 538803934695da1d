"""Append records. One writer a folder; what append() returned from survives the process."""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NoReturn

from journal.errors import JournalBusy, JournalError, JournalRefused
from journal.reader import first_position, intact_records
from journal.record import MAGIC, Record, encode
from journal.retention import LARGEST_SEGMENT, Kept, Limits, Verdict, judge
from journal.segments import Segment, journal_name, look, new_segment, segments


class JournalWriter:
    """Appends to the newest segment; a torn tail is cut off when it is opened.

    ``append`` raises JournalRefused when the disk refuses; the journal then is as it was before.
    """

    def __init__(self, folder: Path, segment_bytes: int = LARGEST_SEGMENT) -> None:
        """Raises JournalError."""
        self.folder = folder
        self._segment_bytes = segment_bytes
        self.cut_off = 0  #: bytes of a torn tail that were cut off
        self.last_received_at = 0  #: ms, of the newest record; 0 = none
        self._is_torn = False  # a part of a record could not be taken back
        with _told(f"the journal in {folder} cannot be opened"):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder / "lock")
            try:
                self._open_newest()
            except OSError:
                self._lock.close()
                raise

    def _open_newest(self) -> None:
        self.name = journal_name(self.folder) or _new_name(self.folder)
        found = look(self.folder)
        self.foreign = found.foreign  #: files that no journal wrote; they are left alone
        self._recover(found.segments) if found.segments else self._begin(0)

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
        """Returns the position behind the record. Raises JournalRefused, RecordTooLong."""
        data = memoryview(encode(record))
        size = len(data)
        try:
            if self._is_torn:
                self._take_back()
            if self._size >= self._segment_bytes:
                self._roll(self.position)
            while data:  # a disk that fills takes a part, and says why only when asked to take the rest
                data = data[self._file.write(data) :]
        except OSError as error:
            self._refused(error)
        self._size += size
        self.last_received_at = record.received_at
        return self.position

    def flush_to_disk(self) -> None:
        """Wait until the disk has it; may be called from a thread. Raises JournalRefused."""
        file = self._file
        try:
            os.fsync(file.fileno())
        except OSError as error:
            raise JournalRefused(f"the journal cannot be flushed: {error}") from error
        except ValueError:
            if not file.closed:
                raise
            # Closed meanwhile by a roll or the end, and flushed there.

    def skip_to(self, position: int) -> None:
        """Go on at a later position: what lay between is lost, and must not be taken for something else.

        Raises JournalRefused.
        """
        if position > self.position:
            with _told("no file of the journal can be begun"):
                self._roll(position)

    def tidy(self, committed: int, limits: Limits) -> Verdict:
        """Delete what is past its time or too much, and lies wholly before ``committed``.

        Raises JournalRefused, JournalUnreadable.
        """
        found = [segment for segment in segments(self.folder) if segment.base <= self._base]
        kept = [Kept(segment.base, segment.end, segment.last_written) for segment in found]
        verdict = judge(kept, committed, time.time(), limits)
        with _told("old files of the journal cannot be deleted"):
            for segment in found[: verdict.drop]:
                segment.path.unlink(missing_ok=True)
        return verdict

    def close(self) -> None:
        """Raises JournalRefused when the disk does not say that it has all."""
        try:
            if not self._file.closed:
                self.flush_to_disk()
        finally:
            self._file.close()
            self._lock.close()

    def _refused(self, error: OSError) -> NoReturn:
        self._is_torn = True
        with suppress(OSError):  # then it is tried again before anything else is written
            self._take_back()
        raise JournalRefused(" ".join(str(error).split())) from error

    def _take_back(self) -> None:
        """Cut off the part of a record that was written before the disk refused the rest."""
        self._file.truncate(len(MAGIC) + self._size)
        self._is_torn = False

    def _roll(self, base: int) -> None:
        """Go on in a new segment; when it cannot be begun, the old one stays in use."""
        old = self._file
        self._begin(base)
        try:
            os.fsync(old.fileno())
        finally:
            old.close()

    def _begin(self, base: int) -> None:
        """A new file; where something foreign has its name, it begins a byte later."""
        segment = new_segment(self.folder, base)
        own = {each.path for each in segments(self.folder)}
        while segment.path not in own and os.path.lexists(segment.path):
            segment = new_segment(self.folder, segment.base + 1)
        try:
            segment.path.write_bytes(MAGIC)
            self._open(segment)
        except OSError:
            if segment.path not in own:
                segment.path.unlink(missing_ok=True)
            raise

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
        else:
            self._open(newest)
            self._size = intact - newest.base
            self._take_back()
        # A file that reaches beyond a later one's begin: its positions are taken.
        taken = max((segment.end for segment in found[:-1]), default=0)
        if taken > self.position:
            self._roll(taken)

    def _last_record(self, segment: Segment) -> int:
        """The position behind the segment's last intact record; its base if there is none."""
        intact = segment.base
        for found in intact_records(segment, segment.base):
            intact = found.end
            self.last_received_at = found.record.received_at
        return intact


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever the disk says becomes an error of ours."""
    try:
        yield
    except JournalError:
        raise
    except OSError as error:
        raise JournalRefused(f"{what}: {error}") from error


def _new_name(folder: Path) -> str:
    """Another journal in the same place is another collector's. It is there whole, or not at all."""
    name = secrets.token_hex(8)
    new = folder / "name.new"
    with new.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "name")
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
