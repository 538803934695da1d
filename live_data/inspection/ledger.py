"""What became of everything received: by room and in all, by reason, by command that is passed over."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Sum
from django.utils.functional import Promise

from live_data.accounting import Answer, accounting
from live_data.inspection import passed_over
from live_data.models import EventCount, LiveRoom
from live_data.redis_access import Client

_FIGURES = ("received", "stored", "duplicate", "sampled", "ignored", "rejected", "in_flight")
_MOST_ENTRIES = 1_000  #: of the log that are read for what is in flight
_MOST_ROOMS = 50
_MOST_NAMES = 20
_MOST_COMMANDS = 60  # some sixty are known to be passed over


@dataclass(frozen=True, slots=True)
class Line:
    """received = stored + duplicate + sampled + ignored + rejected + in flight."""

    room_id: int  #: 0 = what belongs to no room
    name: str  #: the streamer's, else the title
    received: int
    stored: int
    duplicate: int
    sampled: int
    ignored: int
    rejected: int
    in_flight: int

    @property
    def missing(self) -> int:
        """What is in no column; 0 = balanced."""
        kept = self.stored + self.duplicate + self.sampled + self.in_flight
        return self.received - kept - self.ignored - self.rejected


@dataclass(frozen=True, slots=True)
class Names:
    """The most frequent ones."""

    shown: list[tuple[str, int]]
    more: int  #: names that are not shown


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Commands that are counted and not kept, the most frequent ones."""

    shown: list[tuple[str, int, Promise]]  #: (command, count, why)
    more: int  #: commands that are not shown


@dataclass(frozen=True, slots=True)
class Ledger:
    """All of it."""

    total: Line
    rooms: list[Line]  #: those with most first
    more_rooms: int
    rejected: Names  #: by reason
    ignored: PassedOver
    undecodable: Names  #: packets by reason
    unbalanced: int  #: rooms
    log: str  #: why it is not known what is in flight: "unreachable", "unreadable", "too long"; "" = it is
    entries: int | None  #: of the log behind the sync


def look(client: Client | None) -> Ledger:
    """Without a client, or with too long a log, nothing is in flight. Raises DatabaseError."""
    answer = accounting(client, _MOST_ENTRIES)
    rooms = sorted((_line(room) for room in answer["results"]), key=lambda line: -line.received)
    return Ledger(
        total=_total(rooms),
        rooms=_named(rooms[:_MOST_ROOMS]),
        more_rooms=max(0, len(rooms) - _MOST_ROOMS),
        rejected=_names(room["rejected"] for room in answer["results"]),
        ignored=_passed_over(room["ignored"] for room in answer["results"]),
        undecodable=_names([_undecodable()]),
        unbalanced=sum(line.missing != 0 for line in rooms),
        log=answer.get("log", ""),
        entries=answer.get("entries_in_flight"),
    )


def _line(room: Answer) -> Line:
    sums = {outcome: sum(room[outcome].values()) for outcome in ("ignored", "rejected")}
    return Line(name="", **{**room, **sums})


def _total(rooms: Iterable[Line]) -> Line:
    sums: Counter[str] = Counter()
    for line in rooms:
        sums.update({name: getattr(line, name) for name in _FIGURES})
    return Line(0, "", *(sums[name] for name in _FIGURES))


def _named(rooms: Sequence[Line]) -> list[Line]:
    found = LiveRoom.objects.filter(room_id__in=[line.room_id for line in rooms])
    names = {
        room_id: uname or title for room_id, uname, title in found.values_list("room_id", "uname", "title")
    }
    return [replace(line, name=names.get(line.room_id) or "") for line in rooms]


def _names(several: Iterable[dict[str, int]]) -> Names:
    counted = _together(several)
    return Names(counted.most_common(_MOST_NAMES), max(0, len(counted) - _MOST_NAMES))


def _passed_over(several: Iterable[dict[str, int]]) -> PassedOver:
    counted = _together(several)
    shown = [(name, count, passed_over.why(name)) for name, count in counted.most_common(_MOST_COMMANDS)]
    return PassedOver(shown, max(0, len(counted) - _MOST_COMMANDS))


def _together(several: Iterable[dict[str, int]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for counts in several:
        counted.update(counts)
    return counted


def _undecodable() -> dict[str, int]:
    rows = EventCount.objects.filter(outcome=EventCount.Outcome.UNDECODABLE).order_by()
    return dict(rows.values_list("name").annotate(Sum("count")))
