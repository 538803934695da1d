"""Spacing without a clock: who asks is told how long to wait for his turn."""


class Turns:
    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next = float("-inf")

    def take(self, now: float) -> float:
        """Seconds to wait; turns are given in the order of asking, ``interval`` seconds apart."""
        turn = max(now, self._next)
        self._next = turn + self._interval
        return turn - now
