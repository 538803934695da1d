"""Where coverage spans end: each at the beginning of what was noted after it, in whatever order they came.

Which of two was noted later is told by ``received_at``, which grows also when the collector's clock was set
back. A span that was dated into the future by a wrong clock ends where it begins.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import DateTimeField, Min, Q, Value
from django.db.models.functions import Greatest

from live_data.models import CoverageSpan


def join(new: Iterable[CoverageSpan]) -> None:
    """Give spans that were just stored their end, and theirs to the spans noted before them."""
    for span in new:
        CoverageSpan.objects.filter(event_id=span.event_id).update(end=_end(span))
        # One sort at a time, found by its end alone: a room's history is long, and few spans reach so far.
        for reaching in (Q(end__gt=span.timestamp), Q(end__isnull=True)):
            found = CoverageSpan.objects.filter(reaching, room_id=span.room_id).values("pk")
            before = CoverageSpan.objects.filter(_noted(span, "lt"), pk__in=found)
            before.update(end=Greatest("timestamp", span.timestamp))


def _end(span: CoverageSpan) -> datetime | None:
    noted_after = CoverageSpan.objects.filter(_noted(span, "gt"), room_id=span.room_id)
    # The least of something computed: for the least timestamp alone SQLite walks through all of them.
    begins = Greatest("timestamp", Value(span.timestamp, DateTimeField()))
    end: datetime | None = noted_after.aggregate(end=Min(begins))["end"]
    return end


def _noted(span: CoverageSpan, which: str) -> Q:
    """Noted before ("lt") or after ("gt") the span."""
    order = Q(**{f"received_at__{which}": span.received_at})
    return order | Q(received_at=span.received_at, **{f"event_id__{which}": span.event_id})
