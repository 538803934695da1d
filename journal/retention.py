"""Which segments go: past their time or beyond the size, and never before SQL has them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

DAY = 86400.0  #: s
LARGEST_SEGMENT = 64 << 20  #: bytes
_LEAST_SEGMENT = 1 << 16
_SEGMENTS = 16  # whole files go: the size is kept to one part of so many


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept; 0 = without that limit."""

    seconds: float = 0.0
    size: int = 0  #: bytes

    @property
    def segment_bytes(self) -> int:
        """How large one file may become, so that the size can be kept by deleting whole ones."""
        if not self.size:
            return LARGEST_SEGMENT
        return max(_LEAST_SEGMENT, min(LARGEST_SEGMENT, self.size // _SEGMENTS))


@dataclass(frozen=True, slots=True)
class Kept:
    """One file, as retention sees it."""

    base: int  #: position of its first byte
    end: int  #: position behind its last one
    last_written: float  #: s since the epoch


@dataclass(frozen=True, slots=True)
class Verdict:
    """What goes, and what stays."""

    drop: int  #: so many of the oldest files
    size: int  #: bytes of the files that stay
    is_over: bool  #: they are more than is to be kept, and SQL does not have them yet


def judge(files: Sequence[Kept], committed: int, now: float, limits: Limits) -> Verdict:
    """``files`` oldest first; the newest is being written and stays. ``now``: s since the epoch."""
    size = sum(file.end - file.base for file in files)
    drop = 0
    for file in files[:-1]:
        is_old = bool(limits.seconds) and file.last_written < now - limits.seconds
        is_too_much = bool(limits.size) and size > limits.size
        if not (is_old or is_too_much) or file.end > committed:
            break
        size -= file.end - file.base
        drop += 1
    stuck = drop < len(files) - 1 and files[drop].end > committed
    return Verdict(drop, size, stuck and bool(limits.size) and size > limits.size)
