"""A room by days of statistics: what it had, and how many people, new ones among them."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from live_data.models import DayCount, PersonDay

_CHATTED = Q(danmaku__gt=0)
_PAID = Q(gift_gold__gt=0) | Q(super_chat_gold__gt=0) | Q(guard_gold__gt=0)


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
    chatters, new_chatters = _people(room_id, day, _CHATTED)
    payers, new_payers = _people(room_id, day, _PAID)
    return Audience(chatters, new_chatters, payers, new_payers)


def _people(room_id: int, day: date, which: Q) -> tuple[int, int]:
    """How many did that, and how many of them for the first time."""
    before = PersonDay.objects.filter(which, uid=OuterRef("uid"), room_id=room_id, day__lt=day)
    did = PersonDay.objects.filter(which, room_id=room_id, day=day)
    sums = did.annotate(was_here=Exists(before)).aggregate(
        people=Count("pk"), new=Count("pk", filter=Q(was_here=False))
    )
    return sums["people"], sums["new"]
