"""The intact records of one open file, in one pass, whatever else is in it. Knows offsets, no positions."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from journal.record import HEAD_SIZE, TIME_AT, Record, claimed_size, decode, next_candidate

_WINDOW = 1 << 20  # bytes in memory, more for a record that is larger
_OVERLAP = TIME_AT + 3  # bytes that a candidate is known by; one that two windows share is seen in the later
#: Bytes of checksums that may be computed in vain, and more for each byte that is passed over: a file
#: made to look like nothing but heads of long records must not cost the square of its size.
_IN_VAIN = 64 << 20
_IN_VAIN_PER_BYTE = 4


class Found(NamedTuple):
    """An intact record in [begin, end)."""

    begin: int
    record: Record
    end: int


def intact(file: BinaryIO, begin: int, end: int, origin: int = 0) -> Iterator[Found]:
    """Records that lie wholly in [begin, end); the first one at ``begin``, unless that is damaged.

    Places count from the file's byte ``origin`` on. Raises OSError.
    """
    window = _Window(file, end + origin)
    at, in_vain = begin + origin, _IN_VAIN
    while at + HEAD_SIZE < window.end:
        size = window.claimed_size(at)
        if 0 < size <= in_vain:
            if record := window.record(at, size):
                yield Found(at - origin, record, at + size - origin)
                at += size
                continue
            in_vain -= size
        passed = at
        at = window.next_candidate(at + 1)
        in_vain += (at - passed) * _IN_VAIN_PER_BYTE


class _Window:
    """The part of a file that is looked at, moved forward as needed."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self.end = end
        self._file = file
        self._data = b""
        self._base = 0

    def claimed_size(self, at: int) -> int:
        """Bytes that a record at this offset says it has; 0 when that cannot be."""
        self._show(at, HEAD_SIZE)
        size = claimed_size(self._data, at - self._base)
        return size if at + size <= self.end else 0

    def record(self, at: int, size: int) -> Record | None:
        """None: the checksum does not fit."""
        self._show(at, size)
        return decode(self._data, at - self._base, size)

    def next_candidate(self, at: int) -> int:
        """The first offset from ``at`` on where a record may begin; the end if there is none."""
        while at < self.end:
            self._show(at, _OVERLAP)
            found = next_candidate(self._data, at - self._base)
            if found >= 0:
                return self._base + found
            # What the window's last bytes may begin is seen whole in the next one.
            at = max(at + 1, self._base + len(self._data) - _OVERLAP + 1)
            if self._base + len(self._data) >= self.end or len(self._data) < _OVERLAP:
                break
        return self.end

    def _show(self, at: int, size: int) -> None:
        if self._base <= at and at + size <= self._base + len(self._data):
            return
        self._file.seek(at)
        self._base = at
        self._data = self._file.read(min(max(size, _WINDOW), max(0, self.end - at)))
