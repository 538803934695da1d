"""Where coverage spans end: each at the beginning of what was noted after it, in whatever order they came.

Which of two was noted later is told by ``received_at``, which grows also when the collector's clock was set
back. What a wrong clock dated ends where it begins, and ends nothing: see span_order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

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
_READ_FIRST = 64  # spans of a room; a wrong clock has its newest ones joined anew until that date is past


def join(new: Iterable[CoverageSpan]) -> None:
    """Give spans that were just stored their end, and theirs to the spans noted before them."""
    by_room: dict[int, list[CoverageSpan]] = defaultdict(list)
    for span in sorted(new, key=_place):
        if span.state == AS_BEFORE:
            _resume(span)
        by_room[span.room_id].append(span)
    for spans in by_room.values():
        if any(_is_contradicted(each) for span in spans for each in _with_neighbours(span)):
            _join_anew(_contradicting(spans[0]))
        else:
            for span in spans:
                _join(span)


def renumber(room_id: int, behind: datetime) -> None:
    """Notes of the room with a later number than this one get, in their order, such that lie close behind it:
    within a millisecond, the finest that a collector numbers by."""
    later = CoverageSpan.objects.filter(room_id=room_id, received_at__gt=behind)
    ahead = list(later.only(*_ORDER, "room_id", "timestamp").order_by(*_ORDER))
    step = max(1, 999 // max(1, len(ahead)))
    for number, span in enumerate(ahead, 1):
        span.received_at = behind + timedelta(microseconds=step * number)
    CoverageSpan.objects.bulk_update(ahead, ["received_at"], batch_size=200)
    if ahead:
        _join_anew(_contradicting(ahead[0]))


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


def _place(span: CoverageSpan) -> tuple[datetime, bytes]:
    """As _ORDER has it."""
    return span.received_at, bytes(span.event_id)


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


def _contradicting(oldest: CoverageSpan) -> list[CoverageSpan]:
    """Spans of the room in their order, from a divide on that lies before all that it may contradict.

    What was noted before the divide began before it, what was noted after it began after it: no belief on one
    side touches the other.
    """
    newest_first = [f"-{each}" for each in _ORDER]
    of_room = CoverageSpan.objects.filter(room_id=oldest.room_id).order_by(*newest_first)
    count = _READ_FIRST
    while True:
        spans = [*of_room.only(*_ORDER, "room_id", "timestamp", "state", "end")[:count]]
        is_all = len(spans) < count
        spans.reverse()
        if is_all:
            return spans
        divide = _divide(spans, oldest)
        if divide is not None:
            return spans[divide:]
        count *= 4


def _divide(spans: Sequence[CoverageSpan], oldest: CoverageSpan) -> int | None:
    """The first of the newest spans that none noted after it begins before, if it was noted before the
    ``oldest``, and none before it begins after it."""
    begins = [span.timestamp for span in spans]
    earliest = [*accumulate(reversed(begins), min)][::-1]
    first = next(index for index, begin in enumerate(begins) if begin == earliest[index])
    divide = spans[first]
    if _place(divide) >= _place(oldest):
        return None
    before = _of_room(divide, Q(timestamp__gt=divide.timestamp)).filter(_noted(divide, "lt"))
    return None if before.exists() else first


def _join_anew(spans: Sequence[CoverageSpan]) -> None:
    """What is believed of them may have changed."""
    notes = [Note(epoch_ms(span.timestamp), span.state == "blind") for span in spans]
    changed = []
    for span, end in zip(spans, span_order.ends(notes), strict=True):
        ends = None if end is None else moment(end)
        if ends != span.end:
            span.end = ends
            changed.append(span)
    CoverageSpan.objects.bulk_update(changed, ["end"], batch_size=200)
    if changed:  # sessions are settled from what was watched
        polled_states.mark([(spans[0].room_id, min(span.timestamp for span in changed))])
