"""Where coverage spans end: each at the beginning of the room's next one, in whatever order they came."""

from collections.abc import Iterable

from django.db.models import Q

from live_data.models import CoverageSpan


def join(new: Iterable[CoverageSpan]) -> None:
    """Give spans that were just stored their end, and theirs to the spans before them."""
    for span in new:
        of_room = CoverageSpan.objects.filter(room_id=span.room_id).exclude(event_id=span.event_id)
        same = Q(timestamp=span.timestamp)
        later = of_room.filter(Q(timestamp__gt=span.timestamp) | same & Q(event_id__gt=span.event_id))
        earlier = of_room.filter(Q(timestamp__lt=span.timestamp) | same & Q(event_id__lt=span.event_id))
        following = later.order_by("timestamp", "event_id").first()
        end = following.timestamp if following else None
        CoverageSpan.objects.filter(event_id=span.event_id).update(end=end)
        before = earlier.order_by("-timestamp", "-event_id").first()
        if before is not None:
            CoverageSpan.objects.filter(pk=before.pk).update(end=span.timestamp)
