"""Whether a room's chat is far below what it was: counted in windows, told the time. Pure.

A quiet room never is: with twenty lines expected, chance alone leaves two or fewer once in two million
windows, and two windows in a row are wanted.
"""

from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class Pace:
    """What counts as far below."""

    window: float = 120.0  #: s
    least: float = 20.0  #: lines that a window must lead us to expect, else nothing is judged
    share: float = 0.1  #: of what is expected; no more than that is low
    back: float = 0.5  #: of what is expected; with that much the rhythm is back
    windows: int = 2  #: low ones in a row
    learned: int = 4  #: windows that have to be known before anything is judged
    weight: float = 0.2  #: of the newest window in the average


class Beat(Enum):
    NOTHING = auto()  #: the window is not over
    STEADY = auto()
    WEAK = auto()  #: less than steady, more than low: perhaps what the room is from now on
    LOW = auto()  #: but not for long enough
    STARVED = auto()


class Rhythm:
    """Of one room, while it is connected and on air. ``now`` in s, by a clock that never goes back."""

    __slots__ = ("_average", "_began", "_count", "_known", "_low", "_pace", "low_since")

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.reset()

    def reset(self) -> None:
        """Whatever was known belongs to another time: the stream ended, or has become a quiet one."""
        self._average = 0.0
        self._known = 0
        self.restart()

    def restart(self) -> None:
        """A new connection: what is expected stays, the window begins anew."""
        self._began = -1.0
        self._count = 0
        self._low = 0
        self.low_since = 0.0  #: when the first of the low windows began

    @property
    def expected(self) -> float:
        """Lines a window."""
        return self._average

    def said(self, lines: int) -> None:
        self._count += lines

    def look(self, now: float) -> Beat:
        """To be asked more often than a window is long."""
        if self._began < 0:
            self._begin(now)
            return Beat.NOTHING
        lasted, began = now - self._began, self._began
        if lasted < self._pace.window:
            return Beat.NOTHING
        lines = self._count * self._pace.window / lasted
        self._begin(now)
        if self._is_low(lines):
            return self._another_low(began)
        self._low = 0
        is_weak = lines < self._pace.back * self._average
        self._learn(lines)
        return Beat.WEAK if is_weak else Beat.STEADY

    def _begin(self, now: float) -> None:
        self._began = now
        self._count = 0

    def _is_low(self, lines: float) -> bool:
        if self._known < self._pace.learned or self._average < self._pace.least:
            return False
        return lines <= self._pace.share * self._average

    def _another_low(self, began: float) -> Beat:
        if not self._low:
            self.low_since = began
        self._low += 1
        return Beat.STARVED if self._low >= self._pace.windows else Beat.LOW

    def _learn(self, lines: float) -> None:
        self._known += 1
        weight = max(self._pace.weight, 1 / self._known)
        self._average += weight * (lines - self._average)
