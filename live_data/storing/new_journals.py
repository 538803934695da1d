"""What it means that a collector begins a journal of its own: whoever watched the rooms before is gone.

A collector tells since when it was not running from the tail of its journal; when that journal is gone, only
SQL knows. Should the other one live after all, the rooms are blind for the moment until the new one has them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from bilibili_live.events import Coverage, event_id
from live_data.instants import epoch_ms
from live_data.models import CoverageSpan, JournalPosition
from live_data.models.coverage import NOT_RUNNING
from live_data.storing.positions import Range, heard_at


def ended(ranges: Iterable[Range], partition: int) -> Iterator[datetime]:
    """When the collectors before were last heard of, for each that is heard of for the first time.

    ``ranges``: those that are about to be noted, in the order of the log.
    """
    rows = JournalPosition.objects.filter(partition=partition).values_list("collector", "heard_at")
    known = dict(rows)
    for covered in ranges:
        heard = [at for at in known.values() if at is not None]
        if heard and covered.collector not in known:
            yield max(heard)
        known[covered.collector] = heard_at(covered)


def blind_since(since: datetime) -> list[Coverage]:
    """Of every room that is said to have been connected then."""
    goes_on = Q(end__isnull=True) | Q(end__gt=since)
    spans = CoverageSpan.objects.filter(goes_on, timestamp__lte=since).exclude(state="blind")
    return [
        _blind(room_id, epoch_ms(since), epoch_ms(noted))
        for room_id, noted in spans.order_by("pk").values_list("room_id", "received_at")
    ]


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
