"""What one person did over all rooms, as the page and the API tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from live_data import instants
from live_data.days import Days
from live_data.models import LiveRoom, RollupCalendar
from live_data.queries import people, person_lines
from live_data.queries.calendar import Stretch
from live_data.queries.people import Deeds, Name, RoomOfPerson, together
from live_data.queries.person_lines import PersonLines
from live_data.storing.calendar import days_of

_DAY = timedelta(days=1)
_MOST_DAYS = 366  #: beyond them it goes by month
_LARGEST_UID = 2**63 - 1


class Part(NamedTuple):
    """A day or a month."""

    label: str
    first: date
    last: date
    deeds: Deeds


@dataclass(frozen=True, slots=True)
class Person:
    """Over the days that were chosen; names, and when seen, over all time. Days are the calendar's."""

    uid: int
    lines: PersonLines  #: of the days that were chosen
    names: list[Name]
    seen: tuple[date, date] | None  #: None: nothing of them was counted
    calendar: RollupCalendar
    stretch: Stretch | None  #: of the days; None: nobody chose an end, nor was anything counted
    deeds: Deeds
    rooms: list[RoomOfPerson]
    room_names: dict[int, str]
    parts: list[Part]  #: those with anything, oldest first
    is_by_month: bool

    def chart(self) -> dict[str, list[str] | list[int]]:
        """{"labels": [...], "danmaku": [...], "gift": [gold, ...], ...}, days without anything too."""
        found = {part.label: part.deeds for part in self.parts}
        labels = list(self._labels())
        each = [found.get(label) or together([]) for label in labels]
        return {
            "labels": labels,
            "danmaku": [deeds.danmaku for deeds in each],
            "gift": [deeds.gift_gold for deeds in each],
            "super_chat": [deeds.super_chat_gold for deeds in each],
            "guard": [deeds.guard_gold for deeds in each],
        }

    def _labels(self) -> Iterator[str]:
        day = self.parts[0].first if self.parts else date.max
        while self.parts and day <= self.parts[-1].first:
            part = _part_of(day, self.is_by_month)
            yield part.label
            day = part.last + _DAY


def uid_of(text: str) -> int | None:
    """None for what is no uid, or not written as one."""
    is_number = text.isascii() and text.isdigit() and not text.startswith("0") and len(text) < 20
    return int(text) if is_number and int(text) <= _LARGEST_UID else None


def person(uid: int, first: date | None, last: date | None) -> Person | None:
    """None for who was never seen here with this uid. Within one moment."""
    seen = people.seen(uid)
    if seen is None and not person_lines.has_any(uid):
        return None
    calendar, rooms = people.whose_days(), people.rooms(uid, first, last)
    days = days_of(calendar)
    by_day = people.days(uid, first, last)
    is_by_month = bool(by_day) and (by_day[0].day - by_day[-1].day).days > _MOST_DAYS
    listed = LiveRoom.objects.filter(room_id__in=[room.room_id for room in rooms])
    return Person(
        uid=uid,
        lines=_lines(uid, days, first, last),
        names=people.names(uid),
        seen=seen,
        calendar=calendar,
        stretch=_stretch(first or (seen and seen[0]), last or (seen and seen[1]), days),
        deeds=together(room.deeds for room in rooms),
        rooms=rooms,
        room_names=dict(listed.values_list("room_id", "uname")),
        parts=_parts(by_day, is_by_month),
        is_by_month=is_by_month,
    )


def _stretch(first: date | None, last: date | None, days: Days) -> Stretch | None:
    if first is None or last is None or first > last:
        return None
    return Stretch(_begins(first, days), _begins(last + _DAY, days))


def _lines(uid: int, days: Days, first: date | None, last: date | None) -> PersonLines:
    since = None if first is None else _begins(first, days)
    return PersonLines(uid, days, since, None if last is None else _begins(last + _DAY, days))


def _begins(day: date, days: Days) -> datetime:
    return instants.moment(days.begins(day))


def _parts(by_day: list[people.DayOfPerson], is_by_month: bool) -> list[Part]:
    sums: dict[str, Part] = {}
    for each in reversed(by_day):
        part = _part_of(each.day, is_by_month)
        so_far = sums.get(part.label, part)
        sums[part.label] = so_far._replace(deeds=together([so_far.deeds, each.deeds]))
    return list(sums.values())


def _part_of(day: date, is_by_month: bool) -> Part:
    if not is_by_month:
        return Part(f"{day}", day, day, together([]))
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - _DAY
    return Part(f"{day:%Y-%m}", first, last, together([]))
