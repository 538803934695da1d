"""A stretch of time divided into hours, days or months where a zone is. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple, TypeAlias

Step: TypeAlias = Literal["hour", "day", "month"]

_HOUR = timedelta(hours=1)
#: A day more may have 25 hours.
_LONGEST: Mapping[Step, timedelta] = {
    "hour": timedelta(days=2) + _HOUR,
    "day": timedelta(days=366) + _HOUR,
}


class Stretch(NamedTuple):
    """From ``since`` until before ``until``, both in UTC."""

    since: datetime
    until: datetime


def step(stretch: Stretch) -> Step:
    """What people would count such a time in."""
    length = stretch.until - stretch.since
    return next((name for name, longest in _LONGEST.items() if length <= longest), "month")


def divided(stretch: Stretch, zone: tzinfo) -> list[datetime]:
    """Beginnings of its parts, in UTC: the first is its own, the others are the zone's."""
    by, begins = step(stretch), [stretch.since]
    while (following := _following(begins[-1], by, zone)) < stretch.until:
        begins.append(following)
    return begins


def _following(at: datetime, by: Step, zone: tzinfo) -> datetime:
    """The first moment of the next hour, day or month; also where a change of clocks shifts or skips it."""
    local = at.astimezone(zone)
    if by == "hour":
        return (
            at + _HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        )
    if by == "day":
        return midnight(local.date() + timedelta(days=1), zone)
    return midnight((local.date().replace(day=1) + timedelta(days=32)).replace(day=1), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day, in UTC.

    A midnight that the clocks skip is read by the offset before the change (PEP 495): that is the
    moment of the change.
    """
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def label(at: datetime, by: Step, zone: tzinfo) -> str:
    """A part's name in digits: "2026-10-01 20:00", "2026-10-01", "2026-10"."""
    shape = {"hour": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}[by]
    return at.astimezone(zone).strftime(shape)


def usual(now: datetime, zone: tzinfo) -> dict[str, Stretch]:
    """By name, what people mostly ask for: whole days of the zone, the running one too."""
    today = now.astimezone(zone).date()
    first = today.replace(day=1)
    days = {
        "today": (today, today + timedelta(days=1)),
        "yesterday": (today - timedelta(days=1), today),
        "last_7_days": (today - timedelta(days=6), today + timedelta(days=1)),
        "last_30_days": (today - timedelta(days=29), today + timedelta(days=1)),
        "this_month": (first, (first + timedelta(days=32)).replace(day=1)),
    }
    return {name: Stretch(*(midnight(day, zone) for day in ends)) for name, ends in days.items()}
