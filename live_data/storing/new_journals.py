"""What it means that a collector begins a journal of its own: whoever watched the rooms before is gone.

A collector tells since when it was not running from the tail of its journal; when that journal is gone, only
SQL knows. Should the other one live after all, the rooms are blind for the moment until the new one has them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from bilibili_live.events import Coverage, event_id
from live_data.instants import epoch_ms
from live_data.models import CoverageSpan, JournalPosition
from live_data.models.coverage import NOT_RUNNING
from live_data.storing import spans
from live_data.storing.positions import Range, heard_at

_LATE = timedelta(minutes=5)  # what is noted so long after the log's time was noted by a wrong clock


class Succession(NamedTuple):
    """One collector takes the place of those before it."""

    since: datetime  #: when one of those was last heard of
    until: datetime  #: when it was first heard of itself


def successions(ranges: Iterable[Range], partition: int) -> Iterator[Succession]:
    """For each collector that is heard of for the first time, unless there was none before it.

    ``ranges``: those that are about to be noted, in the order of the log.
    """
    rows = JournalPosition.objects.filter(partition=partition).values_list("collector", "heard_at")
    known = dict(rows)
    for covered in ranges:
        heard = [at for at in known.values() if at is not None]
        if heard and covered.collector not in known:
            yield Succession(max(heard), heard_at(covered))
        known[covered.collector] = heard_at(covered)


def blind(between: Succession) -> list[Coverage]:
    """Of every room that is said to have been connected when the one before was last heard of.

    Where the clock of the one before had been ahead, so are the numbers of its notes: who comes after it
    knows nothing of that, and would number its own below them.
    """
    since = between.since
    goes_on = Q(end__isnull=True) | Q(end__gt=since)
    connected = CoverageSpan.objects.filter(goes_on, timestamp__lte=since).exclude(state="blind")
    noted = {span.room_id: span.received_at for span in connected.order_by("pk")}
    for room_id in noted:
        if renumbered := spans.renumber(room_id, between.until + _LATE, since):
            noted[room_id] = renumbered
    return [_blind(room_id, epoch_ms(since), epoch_ms(at)) for room_id, at in noted.items()]


def _blind(room_id: int, since: int, noted_before: int) -> Coverage:
    noted = max(since, noted_before + 1)
    return Coverage(
        event_id=event_id(since, room_id, Coverage.kind, ["blind", NOT_RUNNING, noted]),
        room_id=room_id,
        at=since,
        received_at=noted,
        state="blind",
        cause=NOT_RUNNING,
        detail="its journal is gone",
    )
