"""Where coverage spans end: each at the beginning of what was noted after it, in whatever order they came.

Which of two was noted later is told by ``received_at``, which grows also when the collector's clock was set
back. What a wrong clock dated ends where it begins, and ends nothing: see span_order.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import DateTimeField, F, Min, Q, QuerySet, Value
from django.db.models.functions import Greatest

from bilibili_live.events import AS_BEFORE
from live_data.instants import epoch_ms, moment
from live_data.models import CoverageSpan
from live_data.models.coverage import JOURNAL_DAMAGED
from live_data.storing import polled_states, span_order
from live_data.storing.span_order import SLACK, Note

_ORDER = ("received_at", "event_id")
_SLACK = timedelta(milliseconds=SLACK)


def join(new: Iterable[CoverageSpan]) -> None:
    """Give spans that were just stored their end, and theirs to the spans noted before them."""
    by_room: dict[int, list[CoverageSpan]] = defaultdict(list)
    for span in sorted(new, key=lambda each: (each.received_at, bytes(each.event_id))):
        if span.state == AS_BEFORE:
            _resume(span)
        by_room[span.room_id].append(span)
    for room_id, spans in by_room.items():
        if any(_is_contradicted(each) for span in spans for each in _with_neighbours(span)):
            _join_anew(room_id)
        else:
            for span in spans:
                _join(span)


def _resume(span: CoverageSpan) -> None:
    """Behind a lost part of the journal a room is as it was before; it was connected, that much is known."""
    before = CoverageSpan.objects.filter(_noted(span, "lt"), room_id=span.room_id)
    told = before.exclude(cause=JOURNAL_DAMAGED).exclude(state=AS_BEFORE)
    known = told.order_by("-received_at", "-event_id").first()
    span.state = known.state if known else "covered"
    span.cause, span.detail = (known.cause, known.detail) if known else ("", "")
    span.save(update_fields=["state", "cause", "detail"])


def _join(span: CoverageSpan) -> None:
    """One that fits to all."""
    CoverageSpan.objects.filter(event_id=span.event_id).update(end=_end(span))
    # One sort at a time, found by its end alone: a room's history is long, and few spans reach so far.
    for reaching in (Q(end__gt=span.timestamp), Q(end__isnull=True)):
        before = _of_room(span, reaching).filter(_noted(span, "lt"))
        before.update(end=Greatest("timestamp", span.timestamp))


def _end(span: CoverageSpan) -> datetime | None:
    lasting = Q(end__isnull=True) | Q(end__gt=F("timestamp"))  # others may be of a wrong clock
    noted_after = CoverageSpan.objects.filter(_noted(span, "gt"), lasting, room_id=span.room_id)
    # The least of something computed: for the least timestamp alone SQLite walks through all of them.
    begins = Greatest("timestamp", Value(span.timestamp, DateTimeField()))
    end: datetime | None = noted_after.aggregate(end=Min(begins))["end"]
    return end


def _noted(span: CoverageSpan, which: str) -> Q:
    """Noted before ("lt") or after ("gt") the span."""
    order = Q(**{f"received_at__{which}": span.received_at})
    return order | Q(received_at=span.received_at, **{f"event_id__{which}": span.event_id})


def _of_room(span: CoverageSpan, found: Q) -> QuerySet[CoverageSpan]:
    """Looked up by this alone, whatever is asked of them then."""
    pks = CoverageSpan.objects.filter(found, room_id=span.room_id).values("pk")
    return CoverageSpan.objects.filter(pk__in=pks)


def _with_neighbours(span: CoverageSpan) -> Iterable[CoverageSpan]:
    """And those noted next to it: it may tell that they were of a wrong clock."""
    yield span
    of_room = CoverageSpan.objects.filter(room_id=span.room_id)
    for which, order in (("lt", ("-received_at", "-event_id")), ("gt", _ORDER)):
        # By the index first: with the event's number in one condition SQLite would sort all of them.
        edge = of_room.filter(**{f"received_at__{which}e": span.received_at}).order_by(*order)
        yield from edge.filter(_noted(span, which))[:1]


def _is_contradicted(span: CoverageSpan) -> bool:
    """Something noted before it begins long after it, or something noted after it long before."""
    too_late = _of_room(span, Q(timestamp__gt=span.timestamp + _SLACK)).filter(_noted(span, "lt"))
    noted_after = CoverageSpan.objects.filter(_noted(span, "gt"), room_id=span.room_id)
    return too_late.exists() or noted_after.filter(timestamp__lt=span.timestamp - _SLACK).exists()


def _join_anew(room_id: int) -> None:
    """All of the room: what is believed of them may have changed."""
    spans = list(CoverageSpan.objects.filter(room_id=room_id).order_by(*_ORDER))
    notes = [Note(epoch_ms(span.timestamp), span.state == "blind") for span in spans]
    changed = []
    for span, end in zip(spans, span_order.ends(notes), strict=True):
        ends = None if end is None else moment(end)
        if ends != span.end:
            span.end = ends
            changed.append(span)
    CoverageSpan.objects.bulk_update(changed, ["end"], batch_size=200)
    if changed:  # sessions are settled from what was watched
        polled_states.mark([(room_id, min(span.timestamp for span in changed))])
