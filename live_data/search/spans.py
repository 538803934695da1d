"""Stretches of time as people write them: a year, a month, a day, or a moment. Pure."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from live_data.search.folding import fold

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?", re.ASCII)
_MOMENT = re.compile(r"(.+?)[t ](\d{1,2}):(\d{2})(?::(\d{2}))?(z|[+-]\d{2}:?\d{2})?", re.ASCII)
_FIRST, _LAST = 1970, 9000


def read(text: str) -> str:
    """2026, 2026-10, 2026-10-05, 2026-10-05T20:30, :30:15, with +08:00 or Z. Raises ValueError."""
    folded = fold(text.strip())
    found = _MOMENT.fullmatch(folded)
    canonical = _day(found[1] if found else folded)
    if found:
        seconds = f":{found[4]}" if found[4] else ""
        canonical = f"{canonical}T{int(found[2]):02d}:{found[3]}{seconds}{(found[5] or '').upper()}"
    try:
        of(canonical, UTC)
    except (ValueError, OverflowError):
        raise _refusal() from None
    return canonical


def read_day(text: str) -> str:
    """The same without a moment, which lasts for no time. Raises ValueError."""
    canonical = read(text)
    if "T" in canonical:
        raise ValueError(_("a day, month or year such as 2026-10-05"))
    return canonical


def _day(folded: str) -> str:
    found = _DAY.fullmatch(folded)
    if found is None:
        raise _refusal()
    year, *rest = (part for part in found.groups() if part)
    return "-".join((year, *(f"{int(part):02d}" for part in rest)))


def _refusal() -> ValueError:
    return ValueError(_("a time such as 2026-10-05, 2026-10 or 2026-10-05T20:30"))


def of(canonical: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """(its beginning, the first moment behind it), in UTC; those of a moment are the same.

    Raises ValueError and OverflowError beyond the calendar.
    """
    if "T" in canonical:
        moment = datetime.fromisoformat(canonical)
        begin = end = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    else:
        year, month, day = (*map(int, canonical.split("-")), 0, 0)[:3]
        begin = datetime(year, month or 1, day or 1, tzinfo=zone)
        end = _next(begin, bool(month), bool(day))
    if not (begin.year >= _FIRST and end.year <= _LAST):
        raise ValueError("beyond the calendar")
    return begin.astimezone(UTC), end.astimezone(UTC)


def _next(begin: datetime, has_month: bool, has_day: bool) -> datetime:
    """Local midnight, however long the day was."""
    if has_day:
        following = begin.replace(tzinfo=None) + timedelta(days=1)
        return following.replace(tzinfo=begin.tzinfo)
    if has_month and begin.month < 12:
        return begin.replace(month=begin.month + 1)
    return begin.replace(year=begin.year + 1, month=1)
