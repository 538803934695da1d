"""The days of people in rooms that are over, summed by person and room, in order of time: who asks for all
that somebody did reads a sum for each of their rooms, and the days since.

It may be early or late: what changes in a summed day changes its sums too (storing/person_rooms.py). So it
waits only until most has come, which is cheaper.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from live_data.instants import epoch_ms
from live_data.models import DayCount, LiveRoom, RollupCalendar, SummedDays
from live_data.storing import calendar, person_rooms
from live_data.storing.exclusion import lock_out_syncs

MARGIN = timedelta(hours=1)  #: since the end of a day
PIECE = 5_000  #: days of people in one transaction, about: one day of a room may have more
_ROOMS = 100  # of one transaction


def sum_all(now: datetime) -> None:
    """All that are over."""
    while sum_some(now):
        pass


def sum_some(now: datetime, piece: int = PIECE) -> bool:
    """One piece, in a transaction that syncs wait for; False: there was nothing to sum."""
    row = RollupCalendar.objects.first()
    if row is None:
        return False
    first_open = calendar.days_of(row).of(epoch_ms(now - MARGIN))
    if not _due(first_open).exists():
        return False  # without a lock, for which all syncs would wait
    with transaction.atomic():
        lock_out_syncs()
        for room_id, before, newest in list(_due(first_open)[:_ROOMS]):
            piece -= _sum_room(room_id, before, min(newest, first_open), piece)
            if piece <= 0:
                break
    return True


def _due(first_open: date) -> "QuerySet[LiveRoom, Any]":
    """(room, before which day all is summed, its newest day). The newest one stays open, whatever the clock
    of the machine says: with one that runs years ahead, all that comes later would change sums."""
    days = DayCount.objects.filter(room_id=OuterRef("room_id")).order_by("-day").values("day")
    rooms = LiveRoom.objects.annotate(before=F("summeddays__before"), newest=Subquery(days[:1]))
    of_none = Q(before=None, newest__isnull=False)
    due = rooms.filter(of_none | Q(before__lt=first_open, newest__gt=F("before")))
    return due.order_by("room_id").values_list("room_id", "before", "newest")


def _sum_room(room_id: int, before: date | None, until: date, most: int) -> int:
    """How many days of people were summed: of as many days of the room as begin below ``most``."""
    days = DayCount.objects.filter(room_id=room_id, day__gte=before or date.min, day__lt=until)
    count, reached = 0, until
    for day in days.order_by("day").values_list("day", flat=True):
        if count >= most:
            reached = day
            break
        count += person_rooms.sum_day(room_id, day)
    SummedDays.objects.update_or_create(room_id=room_id, defaults={"before": reached})
    return count
