"""A room by days of statistics: what it had, and how many people, new ones among them."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from live_data.models import DayCount, PersonDay, PersonRoom
from live_data.models.counts import CHATTED, PAID


class Audience(NamedTuple):
    """People with a known uid. New ones did the same in this room on no stored day before; the rest
    returned."""

    chatters: int
    new_chatters: int
    payers: int  #: who added to the revenue
    new_payers: int


def counts(room_id: int, first: date, last: date) -> "QuerySet[DayCount]":
    """Days from ``first`` to ``last`` on which there was anything, oldest first."""
    return DayCount.objects.filter(room_id=room_id, day__range=(first, last)).order_by("day")


def audience(room_id: int, day: date) -> Audience:
    """Of one day of a room."""
    chatters, new_chatters = _people(room_id, day, CHATTED, Q(first_chat_day=day))
    payers, new_payers = _people(room_id, day, PAID, Q(first_paid_day=day))
    return Audience(chatters, new_chatters, payers, new_payers)


def _people(room_id: int, day: date, which: Q, began: Q) -> tuple[int, int]:
    """How many did that, and how many of them for the first time."""
    newcomers = PersonRoom.objects.filter(began, room_id=room_id, uid=OuterRef("uid"))
    did = PersonDay.objects.filter(which, room_id=room_id, day=day)
    sums = did.annotate(is_new=Exists(newcomers)).aggregate(
        people=Count("pk"), new=Count("pk", filter=Q(is_new=True))
    )
    return sums["people"], sums["new"]
