"""When a room was covered, degraded or blind, and since when nobody says so any more."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Q

from live_data.models import CoverageSpan
from live_data.queries.blindness import heard_until

UNKNOWN = "unknown"  #: no collector was heard of


class Span(NamedTuple):
    """Of one room."""

    state: str  #: "covered", "degraded", "blind", or UNKNOWN
    cause: str
    detail: str
    begin: datetime
    end: datetime | None  #: None = it goes on

    @property
    def lasted(self) -> timedelta | None:
        return None if self.end is None else self.end - self.begin


def newest(room_id: int, now: datetime, most: int) -> list[Span]:
    """Newest first. An open span ends where its collector fell silent: what follows is not known."""
    rows = CoverageSpan.objects.filter(Q(end__isnull=True) | Q(end__gt=F("timestamp")), room_id=room_id)
    found = rows.order_by("-timestamp").values_list("state", "cause", "detail", "timestamp", "end")[:most]
    spans = [Span(*row) for row in found]
    heard = heard_until(now)
    if heard == now or not spans or spans[0].end is not None or spans[0].state == "blind":
        return spans
    since = max(heard, spans[0].begin)
    return [Span(UNKNOWN, "", "", since, None), spans[0]._replace(end=since), *spans[1:]]
