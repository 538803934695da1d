"""People with a known uid: what they did in rooms and when, from the rollup by person and day."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db.models import Count, F, Max, Min, QuerySet, Sum

from live_data.models import PersonDay, PersonName, PersonRoom, RollupCalendar
from live_data.models.counts import COUNTS
from live_data.storing import calendar

_GOLD = F("gift_gold") + F("super_chat_gold") + F("guard_gold")
_CHUNK = 500

#: What people of a room are ordered by.
By = Literal["danmaku", "gold"]


class Deeds(NamedTuple):
    """What somebody did; gold in gold seeds by kind."""

    danmaku: int
    gifts: int  #: lines
    super_chats: int
    guards: int  #: purchases
    gift_gold: int
    super_chat_gold: int
    guard_gold: int

    @property
    def gold(self) -> int:
        return self.gift_gold + self.super_chat_gold + self.guard_gold


def together(deeds: Iterable[Deeds]) -> Deeds:
    """Their sums; of none, nothing."""
    return (
        Deeds(*map(sum, zip(*deeds, strict=True))) if (deeds := list(deeds)) else Deeds(0, 0, 0, 0, 0, 0, 0)
    )


class Person(NamedTuple):
    """Somebody in a room over some days."""

    uid: int
    name: str  #: as shown last, in whatever room
    days: int  #: on which anything of them was counted
    deeds: Deeds


class RoomOfPerson(NamedTuple):
    """A room that somebody was in."""

    room_id: int
    first_day: date
    last_day: date
    days: int
    deeds: Deeds


class DayOfPerson(NamedTuple):
    """What somebody did in one room on one day."""

    day: date
    room_id: int
    deeds: Deeds


class Name(NamedTuple):
    """A name that somebody had."""

    username: str
    first_day: date
    last_day: date


def top(room_id: int, first: date, last: date, by: By, limit: int = 20) -> list[Person]:
    """Of a room, over days from ``first`` to ``last``, those with most; nobody with nothing."""
    rows = _top_rows(room_id, first, last, by)[:limit]
    found = [(uid, days, Deeds(*figures)) for uid, days, _, *figures in rows]
    names = current_names(uid for uid, _, _ in found)
    return [Person(uid, names.get(uid, ""), days, deeds) for uid, days, deeds in found]


def _top_rows(room_id: int, first: date, last: date, by: By) -> "QuerySet[Any]":
    figure = F("danmaku") if by == "danmaku" else _GOLD
    within = PersonDay.objects.filter(room_id=room_id, day__range=(first, last))
    sums = {f"sum_{name}": Sum(name) for name in COUNTS}
    people: QuerySet[Any] = (
        within.order_by().values("uid").annotate(days=Count("pk"), most=Sum(figure), **sums)
    )
    return people.filter(most__gt=0).order_by("-most", "uid").values_list("uid", "days", "most", *sums)


def rooms(uid: int, first: date | None = None, last: date | None = None) -> list[RoomOfPerson]:
    """That this person was in, those of the latest day first."""
    sums = [Sum(name) for name in COUNTS]
    rows = (
        _of(uid, first, last)
        .order_by()
        .values_list("room_id")
        .annotate(Min("day"), Max("day"), Count("pk"), *sums)
    )
    found = [
        RoomOfPerson(room_id, first, last, days, Deeds(*figures))
        for room_id, first, last, days, *figures in rows
    ]
    return sorted(found, key=lambda room: (-room.last_day.toordinal(), room.room_id))


def deeds(uids: Iterable[int]) -> dict[int, Deeds]:
    """What each of at most some hundred people did, over all rooms and time: the sums of their rooms, and
    the days that are in none of them yet."""
    some = sorted(set(uids))
    summed = PersonRoom.objects.filter(uid__in=some).order_by().values_list("uid")
    others = PersonDay.objects.unsummed_of_people(some).order_by().values_list("uid")
    sums = [Sum(name) for name in COUNTS]
    found: dict[int, Deeds] = {}
    # One statement: between two of them a day might be summed.
    for uid, *figures in summed.annotate(*sums).union(others.annotate(*sums), all=True):
        did = Deeds(*figures)
        found[uid] = together([found[uid], did]) if uid in found else did
    return found


def days(uid: int, first: date | None = None, last: date | None = None) -> list[DayOfPerson]:
    """Of this person over all rooms, newest first."""
    found = _of(uid, first, last).order_by("-day", "room_id").values_list("day", "room_id", *COUNTS)
    return [DayOfPerson(day, room_id, Deeds(*figures)) for day, room_id, *figures in found]


def seen(uid: int) -> tuple[date, date] | None:
    """The first and the last day on which anything of this person was counted."""
    stays = PersonRoom.objects.filter(uid=uid)
    first, last = stays.aggregate(first=Min("first_day"), last=Max("last_day")).values()
    return None if first is None else (first, last)


def whose_days() -> RollupCalendar:
    """The calendar that all these days are of; unsaved as long as nothing was counted."""
    return RollupCalendar.objects.first() or calendar.as_set()


def names(uid: int) -> list[Name]:
    """Over all rooms, the latest first."""
    rows = PersonName.objects.filter(uid=uid).order_by("-last_day", "-first_day", "username")
    return [Name(*row) for row in rows.values_list("username", "first_day", "last_day")]


def current_names(uids: Iterable[int]) -> dict[int, str]:
    """The name of each that was shown on the latest day."""
    wanted = sorted(set(uids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = PersonName.objects.filter(uid__in=wanted[start : start + _CHUNK])
        # A later row takes an earlier one's place.
        found.update(rows.order_by("last_day", "first_day", "-username").values_list("uid", "username"))
    return found


def _of(uid: int, first: date | None = None, last: date | None = None) -> "QuerySet[PersonDay]":
    ends = {"day__gte": first, "day__lte": last}
    return PersonDay.objects.of_people([uid]).filter(
        **{name: day for name, day in ends.items() if day is not None}
    )
