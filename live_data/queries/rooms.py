"""Which rooms there are."""

from collections.abc import Iterable, Sequence

from django.db import models

from live_data.models import LiveRoom


def is_known(room_id: int) -> bool:
    return LiveRoom.objects.filter(room_id=room_id).exists()


def unknown(room_ids: Iterable[int]) -> list[int]:
    """Those that were never watched here, in the order of asking."""
    asked = list(room_ids)
    known = set(LiveRoom.objects.filter(room_id__in=asked).values_list("room_id", flat=True))
    return [room_id for room_id in asked if room_id not in known]


def from_number(room_id: int, limit: int) -> list[LiveRoom]:
    """Rooms by number, from ``room_id`` on."""
    return list(LiveRoom.objects.filter(room_id__gte=room_id).order_by("room_id")[:limit])


def first(watched: Sequence[int], limit: int) -> list[LiveRoom]:
    """Watched rooms, those on air first."""
    rooms = LiveRoom.objects.filter(room_id__in=watched)
    return list(rooms.order_by(models.Case(models.When(status=1, then=0), default=1), "room_id")[:limit])


def names() -> list[tuple[int, str, str]]:
    """(room_id, streamer, title) of all rooms, by streamer."""
    return list(LiveRoom.objects.order_by("uname", "room_id").values_list("room_id", "uname", "title"))
