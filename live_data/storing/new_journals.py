"""What it means that a collector begins a journal of its own: whoever watched the rooms before is gone.

A collector tells since when it was not running from the tail of its journal; when that journal is gone, only
SQL knows. What is said of it here has its place between the notes of the two: so it is settled when all of
the one before is stored, and nothing of the new one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from bilibili_live.events import Coverage, event_id
from live_data.instants import epoch_ms, moment
from live_data.models import CoverageSpan, JournalPosition
from live_data.models.coverage import NOT_RUNNING
from live_data.storing import spans
from live_data.storing.log_slice import Piece
from live_data.storing.positions import heard_at

_BEFORE = timedelta(milliseconds=2)  # before the first note of the new one: what is said here comes between


class Reign(NamedTuple):
    """Pieces of the log, up to where another collector is heard of for the first time."""

    collector: str  #: with which it begins; "": with one that was known
    since: datetime | None  #: when those before it were last heard of; None: nobody's place was taken
    pieces: list[Piece]


def reigns(pieces: Sequence[Piece], partition: int) -> list[Reign]:
    """All of the pieces, in their order."""
    rows = JournalPosition.objects.filter(partition=partition).values_list("collector", "heard_at")
    known = dict(rows)
    found = [Reign("", None, [])]
    for piece in pieces:
        for covered in piece.covered:
            heard = [at for at in known.values() if at is not None]
            if heard and covered.collector not in known:
                found.append(Reign(covered.collector, max(heard), []))
            known[covered.collector] = heard_at(covered)
        found[-1].pieces.append(piece)
    return [reign for reign in found if reign.pieces]


def blind(reign: Reign, is_ours: Callable[[int], bool], now: datetime) -> list[Coverage]:
    """Of every room that is ours and is said to have been connected when the one before was last heard
    of, from then on.

    Where the clock of the one before had been ahead, so are the numbers of its notes: who comes after it
    knows nothing of that, and would number its own below them. So may be the time of the log itself, which
    never goes back: nothing here is dated behind the first note of the new one.
    """
    if reign.since is None:
        return []
    since = min([reign.since, now, *(at - _BEFORE for at in _noted(reign))])
    ahead = CoverageSpan.objects.filter(received_at__gt=since).order_by().values_list("room_id", flat=True)
    for room_id in ahead.distinct():
        if is_ours(room_id):
            spans.renumber(room_id, since)
    goes_on = Q(end__isnull=True) | Q(end__gt=since)
    connected = CoverageSpan.objects.filter(goes_on, timestamp__lte=since).exclude(state="blind")
    rooms = connected.order_by("room_id").values_list("room_id", flat=True).distinct()
    return [_blind(room_id, epoch_ms(since)) for room_id in rooms if is_ours(room_id)]


def _noted(reign: Reign) -> Iterator[datetime]:
    """When the first notes of the new one were made, by its clock."""
    for piece in reign.pieces:
        if piece.covered and piece.covered[0].collector == reign.collector:
            notes = [event.received_at for event in piece.events if isinstance(event, Coverage)]
            if notes:
                yield moment(min(notes))
                return


def _blind(room_id: int, since: int) -> Coverage:
    noted = since + 1  # behind all that was noted before, ahead of all that the new one notes
    return Coverage(
        event_id=event_id(since, room_id, Coverage.kind, ["blind", NOT_RUNNING, noted]),
        room_id=room_id,
        at=since,
        received_at=noted,
        state="blind",
        cause=NOT_RUNNING,
        detail="its journal is gone",
    )
