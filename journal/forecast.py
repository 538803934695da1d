"""When a journal will have filled its disk. Pure.

Its own limit is no end: what SQL lacks is kept beyond it, and nothing is refused.
"""

from collections import deque
from dataclasses import dataclass

from journal.retention import Limits

WINDOW = 3600.0  #: s over which it is measured how fast a journal grows
_LEAST = 30.0  # s that a measurement takes at least
NEVER = -1.0
_KEEPS_UP = 0.05  # part of what is journaled that SQL may lag behind by chance


@dataclass(frozen=True, slots=True)
class Sample:
    """One look."""

    at: float  #: monotonic s
    position: int  #: bytes journaled since the journal began
    committed: int  #: bytes of them that SQL has


@dataclass(frozen=True, slots=True)
class Growth:
    """Bytes a second over the window."""

    written: float = 0.0
    waiting: float = 0.0  #: of what SQL does not have yet


class Pace:
    """The looks of the last hour."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()

    def add(self, sample: Sample) -> None:
        self._samples.append(sample)
        while sample.at - self._samples[0].at > WINDOW:
            self._samples.popleft()

    @property
    def growth(self) -> Growth | None:
        """None: it has not been looked at for long enough."""
        if not self._samples or self._samples[-1].at - self._samples[0].at < _LEAST:
            return None
        first, last = self._samples[0], self._samples[-1]
        seconds = last.at - first.at
        written, stored = last.position - first.position, last.committed - first.committed
        return Growth(max(0, written) / seconds, max(0, written - stored) / seconds)


def full_in(growth: Growth, *, size: int, free: int, limits: Limits) -> float:
    """Seconds until the disk is full, NEVER while that is not to be foreseen.

    ``size``: bytes that the journal has; ``free``: bytes of the disk.
    """
    if growth.written > 0 and free < _room_to_grow(growth, size, limits):
        return free / growth.written
    return NEVER


def _room_to_grow(growth: Growth, size: int, limits: Limits) -> float:
    """Bytes until retention deletes as much as is written, if SQL keeps up."""
    most = [float("inf")]
    if limits.size:
        most.append(limits.size)
    if limits.seconds:
        most.append(growth.written * limits.seconds)
    # What SQL lacks is not deleted: while it falls behind, only the disk is an end.
    return float("inf") if growth.waiting > growth.written * _KEEPS_UP else max(0.0, min(most) - size)
