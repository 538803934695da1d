"""received = stored + duplicate + sampled + ignored + rejected, per room. Knows no event's content."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from django.db.models import Count

from bilibili_live.events import Tally
from live_data.models import EventCount
from live_data.storing import increments

Outcome = EventCount.Outcome

#: (room, outcome, name) -> how many. Room 0 is for what belongs to no room.
Counts: TypeAlias = Counter[tuple[int, str, str]]

DAMAGED = "log entry damaged"
NOT_STORABLE = "not storable"
MISSING = "missing from the log entry"
ERASED = "erased"
EXPIRED = "expired"

OTHER = "(other)"
MOST_NAMES = 500  #: of one room and outcome

_INT64 = 2**63
_CHUNK = 500
_KEY = ("room_id", "outcome", "name")
_TALLIED: tuple[tuple[str, Callable[[Tally], dict[str, int]]], ...] = (
    (Outcome.IGNORED.value, lambda tally: tally.ignored),
    (Outcome.REJECTED.value, lambda tally: tally.rejected),
    (Outcome.UNDECODABLE.value, lambda tally: tally.undecodable),
)
_EVENTS = (Outcome.IGNORED.value, Outcome.REJECTED.value)  # undecodable are packets


def add_room(total: Counts, room_id: int, announced: int, events: int, tally: Tally, *, lost: str) -> None:
    """Adds what a log entry says of one room, without what becomes of its ``events``.

    ``announced``: what the entry's header says was received. Events that it announces and does not
    have are rejected with the reason ``lost``.
    """
    known = events + tally.repeated
    for outcome, by_name in _TALLIED:
        for name, count in by_name(tally).items():
            total[room_id, outcome, name] += count
            known += count if outcome in _EVENTS else 0
    if tally.repeated:
        total[room_id, Outcome.DUPLICATE.value, ""] += tally.repeated
    total[room_id, Outcome.RECEIVED.value, ""] += max(known, announced)
    if announced > known:
        total[room_id, Outcome.REJECTED.value, lost] += announced - known


def countable(room_id: int) -> int:
    """Room 0 for a number that no column holds."""
    return room_id if 0 <= room_id < _INT64 else 0


def write(counts: Counts) -> None:
    """Add to EventCount."""
    rows = ((*key, count) for key, count in _bounded(counts).items() if count)
    increments.add(EventCount, ("room_id", "outcome", "name"), ("count",), rows)


def _bounded(counts: Counts) -> Counts:
    """With names beyond the most of their room and outcome as "(other)": strangers make up commands."""
    named = {key for key, count in counts.items() if key[2] and count}
    new = sorted(named - _known(named))
    taken = _taken({(room_id, outcome) for room_id, outcome, _ in new})
    bounded = Counter(counts)
    for room_id, outcome, name in new:
        taken[room_id, outcome] += 1
        if taken[room_id, outcome] > MOST_NAMES and name != OTHER:
            bounded[room_id, outcome, OTHER] += bounded.pop((room_id, outcome, name))
    return bounded


def _known(keys: Collection[tuple[int, str, str]]) -> set[tuple[int, str, str]]:
    names = sorted({name for _, _, name in keys})
    found: set[tuple[int, str, str]] = set()
    for start in range(0, len(names), _CHUNK):
        rows = EventCount.objects.filter(name__in=names[start : start + _CHUNK])
        found.update(rows.filter(room_id__in={key[0] for key in keys}).values_list(*_KEY))
    return found


def _taken(places: Collection[tuple[int, str]]) -> Counter[tuple[int, str]]:
    """How many names there are by (room, outcome)."""
    rows = EventCount.objects.filter(room_id__in={room_id for room_id, _ in places}).exclude(name="")
    found = rows.order_by().values_list("room_id", "outcome").annotate(Count("pk")) if places else []
    return Counter({(room_id, outcome): count for room_id, outcome, count in found})


def total(counts: Counts, *outcomes: EventCount.Outcome) -> int:
    wanted = {outcome.value for outcome in outcomes}
    return sum(count for (_, outcome, _), count in counts.items() if outcome in wanted)


def merged(several: Iterable[Counts]) -> Counts:
    together: Counts = Counter()
    for counts in several:
        together.update(counts)
    return together
