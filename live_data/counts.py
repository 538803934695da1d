"""received = stored + duplicate + sampled + ignored + rejected, per room. Knows no event's content."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias

from bilibili_live.events import Tally
from live_data import increments
from live_data.models import EventCount

Outcome = EventCount.Outcome

#: (room, outcome, name) -> how many. Room 0 is for what belongs to no room.
Counts: TypeAlias = Counter[tuple[int, str, str]]

DAMAGED = "log entry damaged"
NOT_STORABLE = "not storable"
MISSING = "missing from the log entry"
ERASED = "erased"
EXPIRED = "expired"

_INT64 = 2**63
_TALLIED: tuple[tuple[EventCount.Outcome, Callable[[Tally], dict[str, int]]], ...] = (
    (Outcome.IGNORED, lambda tally: tally.ignored),
    (Outcome.REJECTED, lambda tally: tally.rejected),
    (Outcome.UNDECODABLE, lambda tally: tally.undecodable),
)


def room_counts(room_id: int, announced: int, events: int, tally: Tally, lost: str) -> Counts:
    """What a log entry says of one room, without what becomes of its ``events``.

    ``announced``: what the entry's header says was received. Events that it announces and does not
    have are rejected with the reason ``lost``.
    """
    counts: Counts = Counter()
    for outcome, by_name in _TALLIED:
        for name, count in by_name(tally).items():
            counts[room_id, outcome.value, name] += count
    known = events + total(counts, Outcome.IGNORED, Outcome.REJECTED)
    counts[room_id, Outcome.RECEIVED.value, ""] = max(known, announced)
    if announced > known:
        counts[room_id, Outcome.REJECTED.value, lost] += announced - known
    return counts


def countable(room_id: int) -> int:
    """Room 0 for a number that no column holds."""
    return room_id if 0 <= room_id < _INT64 else 0


def write(counts: Counts) -> None:
    """Add to EventCount."""
    rows = ((*key, count) for key, count in counts.items() if count)
    increments.add(EventCount, ("room_id", "outcome", "name"), ("count",), rows)


def total(counts: Counts, *outcomes: EventCount.Outcome) -> int:
    wanted = {outcome.value for outcome in outcomes}
    return sum(count for (_, outcome, _), count in counts.items() if outcome in wanted)


def merged(several: Iterable[Counts]) -> Counts:
    together: Counts = Counter()
    for counts in several:
        together.update(counts)
    return together
