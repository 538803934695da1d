"""How long rooms were not connected: figures of such a time are lower bounds.

A room that waits until it is live is not connected on purpose, and nothing is missing of it. A span that is
open says nothing of the time since its collector was last heard of.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Q

from live_data import liveness
from live_data.instants import epoch_ms
from live_data.models import CoverageSpan, JournalPosition
from live_data.models.coverage import ON_PURPOSE
from live_data.queries.calendar import Stretch


def heard_until(now: datetime) -> datetime:
    """Until when SQL knows how rooms are connected: ``now`` while collectors are heard of.

    Of any collector: a span does not say whose it is. Of several, one that lives vouches for the rooms of
    one that does not. Of several syncs, as far as the last of them is.
    """
    by_partition = JournalPosition.objects.order_by().values("partition").annotate(newest=Max("heard_at"))
    newest: datetime | None = min((each["newest"] for each in by_partition if each["newest"]), default=None)
    if newest is None or not liveness.silence(epoch_ms(now), epoch_ms(newest)):
        return now
    return newest


def blind_time(stretch: Stretch, now: datetime, room_ids: tuple[int, ...] = ()) -> dict[int, timedelta]:
    """By room, of these or of all, the longest first. What has not come yet is not blind."""
    sums: dict[int, timedelta] = defaultdict(timedelta)
    for room_id, begin, end in _blind(stretch, now, room_ids):
        sums[room_id] += end - begin
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def blind_parts(room_id: int, stretches: Sequence[Stretch], now: datetime) -> list[timedelta]:
    """Of one room in each of these stretches, the earliest first; none begins before another one ends."""
    sums = [timedelta()] * len(stretches)
    if not stretches:
        return sums
    ends = [stretch.until for stretch in stretches]
    for _, begin, end in _blind(Stretch(stretches[0].since, ends[-1]), now, (room_id,)):
        for place in range(bisect_right(ends, begin), len(stretches)):
            if stretches[place].since >= end:
                break
            sums[place] += min(end, ends[place]) - max(begin, stretches[place].since)
    return sums


def _blind(
    stretch: Stretch, now: datetime, room_ids: tuple[int, ...]
) -> Iterator[tuple[int, datetime, datetime]]:
    """(room, begin, end) within the stretch, in no order."""
    until = min(stretch.until, now)
    heard = heard_until(now)
    spans = CoverageSpan.objects.filter(
        Q(end__isnull=True) | Q(end__gt=stretch.since, state="blind"), timestamp__lt=until
    )
    spans = spans.exclude(cause__in=ON_PURPOSE)
    if room_ids:
        spans = spans.filter(room_id__in=room_ids)
    for room_id, state, start, last in spans.order_by().values_list("room_id", "state", "timestamp", "end"):
        begin = max(start if state == "blind" else max(start, heard), stretch.since)
        end = min(last or until, until)
        if begin < end:
            yield room_id, begin, end
