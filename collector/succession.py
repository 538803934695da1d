"""Which of several collectors on one Redis watches the rooms. Pure."""

from collections.abc import Mapping

from event_store.rooms import CollectorLife

_SILENT = 15_000  #: ms; a collector speaks every second, and may be held up by its disk


def watching(others: Mapping[str, CollectorLife], now: int, started_at: int, name: str) -> str:
    """The name of the one that goes first, or "".

    ``started_at`` (ms) and ``name`` are of the one that asks. Of those that wait it is the oldest.
    """
    for other, life in sorted(others.items()):
        is_there = abs(now - life.at) <= _SILENT
        if is_there and (not life.is_waiting or (life.started_at, other) < (started_at, name)):
            return other
    return ""
