"""Sessions of a room, newest first, and what happened off air between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from live_data.instants import moment
from live_data.models import LiveSession
from live_data.queries import exact_counts
from live_data.queries.calendar import Stretch
from live_data.queries.exact_counts import Counts


@dataclass(frozen=True, slots=True)
class OffAir:
    """Between two sessions, or behind the last one."""

    stretch: Stretch
    counts: Counts


@dataclass(frozen=True, slots=True)
class Listed:
    session: LiveSession
    off_air: OffAir | None  #: behind it; None when it goes on, or the next one began at once


@dataclass(frozen=True, slots=True)
class Page:
    listed: list[Listed]
    is_more: bool


def page(room_id: int, before: LiveSession | None, limit: int, now: datetime) -> Page:
    """Up to ``limit`` sessions, all earlier than the session ``before``."""
    rows = LiveSession.objects.filter(room_id=room_id).order_by("-begin")
    if before is not None:
        rows = rows.filter(begin__lt=before.begin)
    found = list(rows[: limit + 1])
    ends = [before.begin if before else now, *(session.begin for session in found)]
    listed = [Listed(found[place], off_air(found[place], ends[place])) for place in range(len(found[:limit]))]
    return Page(listed, len(found) > limit)


def off_air(session: LiveSession, until: datetime) -> OffAir | None:
    if session.end is None or session.end >= until:
        return None
    stretch = Stretch(session.end, until)
    return OffAir(stretch, exact_counts.counted(session.room_id, stretch))


def neighbours(session: LiveSession) -> tuple[LiveSession | None, LiveSession | None]:
    """The ones before and after it."""
    of_room = LiveSession.objects.filter(room_id=session.room_id)
    before = of_room.filter(begin__lt=session.begin).order_by("-begin").first()
    after = of_room.filter(begin__gt=session.begin).order_by("begin").first()
    return before, after


def drops(session: LiveSession) -> list[Stretch]:
    """The times within it in which it was not on air."""
    parts: Sequence[Sequence[int | None]] = session.streams
    found = []
    for before, after in pairwise(parts):
        end, begin = before[1], after[0]
        if end is not None and begin is not None and end < begin:
            found.append(Stretch(moment(end), moment(begin)))
    return found
