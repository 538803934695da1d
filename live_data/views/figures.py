"""The figures on top of a page: the last minute, and today where the viewer is."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from live_data import instants, payloads
from live_data.queries import totals
from live_data.queries.remembered import Remembered

Answer = dict[str, Any]  # the JSON boundary

_KEPT_FOR = 4.0  #: s; pages ask every 5 s
_days: Remembered[Answer] = Remembered(_KEPT_FOR)
_minutes: Remembered[Answer] = Remembered(1.0)
_outcomes: Remembered[Answer] = Remembered(_KEPT_FOR)


def forget() -> None:
    """What other tests, or another database, had."""
    for remembered in (_days, _minutes, _outcomes):
        remembered.forget()


def figures(now: datetime, room_id: int | None = None) -> Answer:
    """{"today": {"since", "danmaku", ..., "people"}, "last_minute": {...}} of all rooms or of one."""
    since = instants.day_begins(now, timezone.get_current_timezone())
    return {
        "today": _days.get((since, room_id), lambda: _today(since, now, room_id)),
        "last_minute": _minutes.get(room_id, lambda: _last_minute(now, room_id)),
    }


def since_the_beginning(now: datetime) -> Answer:
    """Events by what became of them, and what the last 24 hours had."""
    return _outcomes.get("", lambda: _since_the_beginning(now))


def _since_the_beginning(now: datetime) -> Answer:
    return {
        "events": totals.outcomes(),
        "last_24_hours": totals.counted(now - timedelta(days=1), now),
    }


def _today(since: datetime, now: datetime, room_id: int | None) -> Answer:
    people = totals.people(since, totals.soon(now), room_id)
    return {"since": payloads.rfc3339(since), **totals.counted(since, now, room_id), "people": people}


def _last_minute(now: datetime, room_id: int | None) -> Answer:
    people = totals.people(now - timedelta(minutes=1), totals.soon(now), room_id)
    return {**totals.last_minute(now, room_id), "people": people}
