"""Spacing without a clock: who asks is told how long to wait for his turn."""

import threading


class Turns:
    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next = float("-inf")

    def take(self, now: float) -> float:
        """Seconds to wait; turns are given in the order of asking, ``interval`` seconds apart."""
        turn = max(now, self._next)
        self._next = turn + self._interval
        return turn - now


class EndpointTurns:
    """Turns of each endpoint, from any thread: whoever opens several ways to one site shares one of these."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._turns: dict[str, Turns] = {}
        self._lock = threading.Lock()

    def take(self, endpoint: str, now: float) -> float:
        """Seconds to wait; ``now`` by one clock for all, such as time.monotonic."""
        with self._lock:
            return self._turns.setdefault(endpoint, Turns(self._interval)).take(now)
