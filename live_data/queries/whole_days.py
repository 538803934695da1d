"""Which whole days of statistics lie within a time that is told in parts: their rollup answers for those."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from live_data.days import Days
from live_data.instants import epoch_ms, moment
from live_data.models import RetentionFloor, RollupCalendar

_DAY = timedelta(days=1)
#: What is shorter is told by the hour, and has few minutes.
_SHORTEST = 2 * _DAY


class WholeDays(NamedTuple):
    """From ``first`` until before ``behind``: from ``since`` until before ``until``."""

    first: date
    behind: date
    since: datetime
    until: datetime
    of_parts: list[date]  #: by part: it has those days from here on that are in no later one


def within(since: datetime, until: datetime, begins: Sequence[datetime]) -> WholeDays | None:
    """``begins``: of the parts, in order. None when there are no such days, when one of them is in two parts,
    when their rollup is not complete, or when a retention floor may lie in them.
    """
    if until - since < _SHORTEST:
        return None
    # Below a floor, counts stay under the dates of the days that they were counted in.
    if RetentionFloor.objects.filter(floor__gt=since).exists():
        return None
    calendar = RollupCalendar.objects.filter(is_whole=True).first()
    if calendar is None:
        return None
    return divided(since, until, begins, Days(ZoneInfo(calendar.zone), calendar.day_start))


def divided(since: datetime, until: datetime, begins: Sequence[datetime], days: Days) -> WholeDays | None:
    """The same of these days. Pure."""
    first, behind = days.of(epoch_ms(since)), days.of(epoch_ms(until))
    if days.begins(first) < epoch_ms(since):
        first += _DAY
    since, until = moment(days.begins(first)), moment(days.begins(behind))
    of_parts = [days.of(epoch_ms(at)) for at in begins]
    is_cut = any(
        since < at < until and moment(days.begins(day)) != at
        for at, day in zip(begins, of_parts, strict=True)
    )
    return None if first >= behind or is_cut else WholeDays(first, behind, since, until, of_parts)
