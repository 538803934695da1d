"""Which of several collectors on one Redis watches the rooms. Knows neither Redis nor a clock."""

from collections.abc import Collection, Mapping

from event_store.rooms import CollectorLife

_SILENT = 15_000  #: ms; a collector speaks every second, and may be held up by its disk
#: s that one has to be listened to: after a sleep of the machine, or when its clock was set, all of them were
#: silent for long, and the one that watches needs a moment to speak again.
_LISTENED = 3.0


class Silence:
    """Which of the others are gone."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[int, float]] = {}  # name -> its last word (ms), when that was new (s)

    def of(self, others: Mapping[str, CollectorLife], now: int, monotonic: float) -> set[str]:
        """``now`` in ms, ``monotonic`` in s of a clock that nobody sets and that stands still in a sleep."""
        for name, life in others.items():
            if name not in self._heard or self._heard[name][0] != life.at:
                self._heard[name] = life.at, monotonic
        return {
            name
            for name, life in others.items()
            if abs(now - life.at) > _SILENT and monotonic - self._heard[name][1] >= _LISTENED
        }


def watching(others: Mapping[str, CollectorLife], silent: Collection[str], started_at: int, name: str) -> str:
    """The name of the one that goes first, or "".

    ``started_at`` (ms) and ``name`` are of the one that asks. Of those that wait it is the oldest.
    """
    for other, life in sorted(others.items()):
        is_first = not life.is_waiting or (life.started_at, other) < (started_at, name)
        if is_first and other not in silent:
            return other
    return ""
