"""Figures of a room over time: from the gauges by minute, thinned to what a chart can show."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from live_data.models import GaugeMinute


class Point(NamedTuple):
    """One stretch of time in which the gauge was read at least once."""

    at: int  #: epoch ms of its beginning
    low: int
    high: int
    last: int


def over_time(room_id: int, name: str, until: datetime, length: timedelta, step: timedelta) -> list[Point]:
    """Oldest first; stretches without a reading are left out."""
    rows = GaugeMinute.objects.filter(room_id=room_id, name=name, minute__range=(until - length, until))
    readings = rows.order_by("minute").values_list("minute", "low", "high", "last")
    return _thinned(readings.iterator(), round(step.total_seconds()))


def _thinned(readings: Iterable[tuple[datetime, int, int, int]], step: int) -> list[Point]:
    points: list[Point] = []
    for minute, low, high, last in readings:
        at = int(minute.timestamp()) // step * step * 1000
        if points and points[-1].at == at:
            before = points[-1]
            points[-1] = Point(at, min(before.low, low), max(before.high, high), last)
        else:
            points.append(Point(at, low, high, last))
    return points
