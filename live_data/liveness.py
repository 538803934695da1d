"""Whether a sign of life is fresh, and a journal about to be full. Pure; knows not how it is told."""

_SILENT = 15_000  #: ms; collectors and the continuous sync speak every few seconds
_FORGOTTEN = 24 * 3600_000  #: ms; a collector that was taken away
_SOON = 3600.0  #: s
_PATIENCE = 10_000  #: ms; the sync's word comes with its next turn
_AHEAD = 5_000  #: ms by which the clocks of two machines may differ


def silence(now: int, at: int, interval: float = 0.0) -> int:
    """Whole seconds since ``at``, 0 while that is not too long; ``interval``: s that may pass by design."""
    age = now - at
    return age // 1000 if age > _SILENT + interval * 1000 else 0


def ahead(now: int, at: int) -> int:
    """Seconds by which ``at`` lies in the future, 0 when clocks explain it.

    After a clock was set back such a sign says nothing of now: it is as good as silence.
    """
    return (at - now) // 1000 if at - now > _AHEAD else 0


def waits(at: int, started_at: int, *, is_waiting: bool) -> int:
    """Whole seconds that a collector has not known where to go on, 0 while that is not too long."""
    age = at - started_at
    return age // 1000 if is_waiting and age > _PATIENCE else 0


def is_forgotten(now: int, at: int, *, is_waiting: bool) -> bool:
    """Whether nobody misses a collector: one that waited had no room yet."""
    return now - at >= (_SILENT if is_waiting else _FORGOTTEN)


def full_within(seconds: float) -> int | None:
    """Minutes, 1 at least, until a journal's disk is full, when that is within an hour.

    ``seconds`` below 0: it is not to be foreseen.
    """
    return max(1, int(seconds // 60)) if 0 <= seconds < _SOON else None
