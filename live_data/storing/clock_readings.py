"""Readings of the collectors' clocks into SQL, each once. They belong to no room."""

from collections.abc import Sequence

from bilibili_live.events import Clock
from live_data.instants import moment
from live_data.models import ClockReading


def store(readings: Sequence[Clock]) -> list[bool]:
    """Of each, whether it is new. Raises OverflowError for what no column can hold."""
    if not readings:
        return []
    event_ids = [reading.event_id for reading in readings]
    known = ClockReading.objects.filter(event_id__in=event_ids).values_list("event_id", flat=True)
    seen = {bytes(event_id) for event_id in known}
    rows, is_new = [], []
    for reading in readings:
        is_new.append(reading.event_id not in seen)
        if is_new[-1]:
            seen.add(reading.event_id)
            rows.append(_row(reading))
    ClockReading.objects.bulk_create(rows)
    return is_new


def _row(reading: Clock) -> ClockReading:
    return ClockReading(
        event_id=reading.event_id,
        timestamp=moment(reading.at),
        collector=reading.collector,
        kind=reading.what,
        ms=reading.ms,
        uncertain_ms=reading.uncertain_ms,
    )
