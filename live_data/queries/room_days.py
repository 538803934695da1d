"""A room by days of statistics: what it had, and how many people, new ones among them."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q

from live_data.models import CoverageSpan, DayCount, PersonDay, PersonRoom
from live_data.models.counts import CHATTED, COUNTS, PAID
from live_data.queries.people import Deeds


class Audience(NamedTuple):
    """People with a known uid. New ones did the same in this room on no stored day before; the rest
    returned."""

    chatters: int = 0
    new_chatters: int = 0
    payers: int = 0  #: who added to the revenue
    new_payers: int = 0


class Day(NamedTuple):
    day: date
    deeds: Deeds  #: of all, also of those without a known uid
    audience: Audience


def days(room_id: int, first: date, last: date) -> list[Day]:
    """Those from ``first`` to ``last`` on which there was anything, newest first."""
    counts = DayCount.objects.filter(room_id=room_id, day__range=(first, last)).order_by("-day")
    audiences = _audiences(room_id, first, last)
    return [
        Day(day, Deeds(*figures), audiences.get(day, Audience()))
        for day, *figures in counts.values_list("day", *COUNTS)
    ]


def first_day(room_id: int) -> date | None:
    """On which anything of the room was counted."""
    found: date | None = DayCount.objects.filter(room_id=room_id).aggregate(first=Min("day"))["first"]
    return found


def watched_since(room_id: int) -> datetime | None:
    """When it was first told how the room is connected."""
    found: datetime | None = CoverageSpan.objects.filter(room_id=room_id).aggregate(at=Min("timestamp"))["at"]
    return found


def _audiences(room_id: int, first: date, last: date) -> dict[date, Audience]:
    stays = PersonRoom.objects.filter(room_id=room_id, uid=OuterRef("uid"))
    did = PersonDay.objects.filter(room_id=room_id, day__range=(first, last)).annotate(
        chats_first=Exists(stays.filter(first_chat_day=OuterRef("day"))),
        pays_first=Exists(stays.filter(first_paid_day=OuterRef("day"))),
    )
    counts = {
        "chatters": Count("pk", filter=CHATTED),
        "new_chatters": Count("pk", filter=CHATTED & Q(chats_first=True)),
        "payers": Count("pk", filter=PAID),
        "new_payers": Count("pk", filter=PAID & Q(pays_first=True)),
    }
    by_day = did.order_by().values("day").annotate(**counts)
    return {day: Audience(*figures) for day, *figures in by_day.values_list("day", *counts)}
