"""The time of what is played: that of the system, or while a playing is rehearsed, the time it pretends."""

import time


class Clock:
    """The system's."""

    def now_ns(self) -> int:
        """Since the epoch."""
        return time.time_ns()

    def monotonic(self) -> float:
        """Seconds, from some point on."""
        return time.monotonic()


class PretendedClock(Clock):
    """Begins at the system's time and goes on only when it is told to."""

    def __init__(self) -> None:
        self._began_ns, self._began = time.time_ns(), time.monotonic()
        self._passed: float | None = 0.0

    def now_ns(self) -> int:
        """Since the epoch."""
        return super().now_ns() if self._passed is None else self._began_ns + round(self._passed * 1e9)

    def monotonic(self) -> float:
        """Seconds, from some point on."""
        return super().monotonic() if self._passed is None else self._began + self._passed

    def advance(self, seconds: float) -> None:
        """Let so much time pass."""
        if self._passed is not None:
            self._passed += seconds

    def end(self) -> None:
        """From now on it is the system's time."""
        self._passed = None
