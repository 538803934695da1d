"""How long rooms were not connected: figures of such a time are lower bounds."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Q

from live_data.models import CoverageSpan
from live_data.queries.calendar import Stretch


def blind_time(stretch: Stretch, now: datetime, room_ids: tuple[int, ...] = ()) -> dict[int, timedelta]:
    """By room, of these or of all, the longest first. What has not come yet is not blind."""
    until = min(stretch.until, now)
    spans = CoverageSpan.objects.filter(
        Q(end__isnull=True) | Q(end__gt=stretch.since), state="blind", timestamp__lt=until
    )
    if room_ids:
        spans = spans.filter(room_id__in=room_ids)
    sums: dict[int, timedelta] = defaultdict(timedelta)
    for room_id, start, end in spans.order_by().values_list("room_id", "timestamp", "end"):
        sums[room_id] += min(end or until, until) - max(start, stretch.since)
    seen = {room_id: length for room_id, length in sums.items() if length > timedelta()}
    return dict(sorted(seen.items(), key=lambda item: (-item[1], item[0])))
