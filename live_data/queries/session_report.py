"""What a session's report has beside its figures: a chart, gauges, changes, gaps, super chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Avg, F, Max, Q

from live_data.instants import epoch_ms
from live_data.models import CoverageSpan, GaugeMinute, MinuteCount, RoomDescription, SuperChatData
from live_data.models.coverage import ON_PURPOSE
from live_data.queries.blindness import heard_until
from live_data.queries.calendar import Stretch
from live_data.queries.coverage import UNKNOWN, Span

_MINUTE = 60  # s
_MOST_POINTS = 360
_SHORT = timedelta(seconds=5)  # between two spans, when a collector started again
_MOST_SPANS = 50
_MOST_CHANGES = 100


class Point(NamedTuple):
    """So many whole minutes as the chart has to a point."""

    at: int  #: epoch ms of its beginning
    danmaku: int | None  #: None: nothing was stored and the room was not connected
    gift_gold: int
    super_chat_gold: int
    guard_gold: int


class Chart(NamedTuple):
    minutes: int  #: of one point
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Gauges:
    """None: nobody said it."""

    online_average: int | None  #: over the minutes in which the site told it
    online_peak: int | None
    ranked_average: int | None
    ranked_peak: int | None
    watched: int | None  #: people, as the site says it
    followers_gained: int | None


class Change(NamedTuple):
    """The title or the area from then on."""

    at: datetime
    title: str
    area_name: str
    parent_area_name: str


def chart(room_id: int, of: Stretch, gaps: Sequence[Span]) -> Chart:
    """Minutes that the stretch touches: at its ends they hold what was said off air in them, too."""
    first = int(of.since.timestamp()) // _MINUTE
    last = max(first, (epoch_ms(of.until) - 1) // 1000 // _MINUTE)
    width = -(-(last - first + 1) // _MOST_POINTS)
    sums = [[0, 0, 0, 0] for _ in range((last - first) // width + 1)]
    minutes = MinuteCount.objects.filter(
        room_id=room_id, minute__gte=of.since.replace(second=0, microsecond=0), minute__lt=of.until
    ).order_by()
    columns = ("danmaku", "gift_gold", "super_chat_gold", "guard_gold")
    for minute, *figures in minutes.values_list("minute", *columns).iterator():
        place = sums[(int(minute.timestamp()) // _MINUTE - first) // width]
        place[:] = (one + other for one, other in zip(place, figures, strict=True))
    points = []
    for number, (danmaku, *gold) in enumerate(sums):
        at = (first + number * width) * _MINUTE * 1000
        is_blind = not danmaku and _is_blind(at, at + width * _MINUTE * 1000, gaps)
        points.append(Point(at, None if is_blind else danmaku, *gold))
    return Chart(width, points)


def _is_blind(since: int, until: int, gaps: Sequence[Span]) -> bool:
    """Whether one gap covers all of it."""
    return any(
        gap.state in ("blind", UNKNOWN)
        and epoch_ms(gap.begin) <= since
        and (gap.end is None or epoch_ms(gap.end) >= until)
        for gap in gaps
    )


def gauges(room_id: int, of: Stretch) -> Gauges:
    rows = GaugeMinute.objects.filter(
        room_id=room_id, minute__gte=of.since.replace(second=0, microsecond=0), minute__lt=of.until
    )
    crowd = {
        name: rows.filter(name=name).aggregate(average=Avg("last"), peak=Max("high"), last=Max("last"))
        for name in ("online", "ranked", "watched")
    }
    return Gauges(
        online_average=_whole(crowd["online"]["average"]),
        online_peak=crowd["online"]["peak"],
        ranked_average=_whole(crowd["ranked"]["average"]),
        ranked_peak=crowd["ranked"]["peak"],
        watched=crowd["watched"]["last"],
        followers_gained=_gained(room_id, of),
    )


def _whole(average: float | None) -> int | None:
    return None if average is None else round(average)


def _gained(room_id: int, of: Stretch) -> int | None:
    """From the last figure before it, else the first in it, to the last in it."""
    told = GaugeMinute.objects.filter(room_id=room_id, name="followers", minute__lt=of.until)
    within = told.filter(minute__gte=of.since - timedelta(minutes=1)).order_by("minute")
    last = within.last()
    if last is None:
        return None
    recently = told.filter(minute__lt=of.since, minute__gte=of.since - timedelta(hours=1))
    first = recently.order_by("minute").last() or within.first()
    return None if first is None or first.pk == last.pk else last.last - first.last


def gaps(room_id: int, of: Stretch, now: datetime) -> list[Span]:
    """When it was not, or only partly, connected, or nobody says so, oldest first; not where somebody chose
    that."""
    spans = CoverageSpan.objects.filter(
        Q(end__isnull=True) | Q(end__gt=of.since), room_id=room_id, timestamp__lt=of.until
    ).exclude(end__lte=F("timestamp"))
    columns = ("state", "cause", "detail", "timestamp", "end")
    found = [Span(*row) for row in spans.order_by("timestamp").values_list(*columns)]
    heard = heard_until(now)
    silent = [
        Span(UNKNOWN, "", "", max(heard, of.since), None)
        for span in found
        if span.end is None and span.state != "blind" and heard < of.until
    ]
    told = [span for span in found if span.state != "covered" and span.cause not in ON_PURPOSE]
    return sorted([*_holes(found, of), *told, *silent], key=lambda span: span.begin)[:_MOST_SPANS]


def _holes(spans: Sequence[Span], of: Stretch) -> list[Span]:
    """Where there is no span at all: the room was not watched, or not yet. ``spans`` by their begin."""
    holes, known = [], of.since
    for span in spans:
        if span.begin - known > _SHORT:
            holes.append(Span(UNKNOWN, "", "", known, span.begin))
        known = of.until if span.end is None else max(known, span.end)
    if of.until - known > _SHORT:
        holes.append(Span(UNKNOWN, "", "", known, of.until))
    return holes


def changes(room_id: int, of: Stretch) -> list[Change]:
    """As it was described when it began, then each new title or area, oldest first."""
    rows = RoomDescription.objects.filter(room_id=room_id)
    columns = ("since", "title", "area_name", "parent_area_name")
    before = rows.filter(since__lte=of.since).order_by("-since").values_list(*columns)[:1]
    later = rows.filter(since__gt=of.since, since__lt=of.until).order_by("since").values_list(*columns)
    found: list[Change] = []
    for row in (*before, *later[:_MOST_CHANGES]):
        change = Change(*row)
        if not found or change[1:] != found[-1][1:]:
            found.append(change._replace(at=max(change.at, of.since)))
    return found


def super_chats(room_id: int, of: Stretch, limit: int) -> list[SuperChatData]:
    """The dearest first."""
    rows = SuperChatData.objects.filter(room_id=room_id, timestamp__gte=of.since, timestamp__lt=of.until)
    return list(rows.order_by("-gold", "timestamp")[:limit])
