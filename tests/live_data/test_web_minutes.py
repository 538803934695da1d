"""The line of danmaku a minute: what was silence, and what nobody watched."""

from datetime import UTC, datetime, timedelta

import pytest

from live_data.models import CoverageSpan, LiveRoom, MinuteCount
from live_data.queries import minutes

NOW = datetime(2026, 9, 21, 12, 0, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def span(number: int, begin: int, end: int | None, state: str = "covered") -> None:
    """From ``begin`` to ``end``, in seconds before NOW; None = until now."""
    CoverageSpan.objects.create(
        event_id=number.to_bytes(16, "big"),
        room_id=90001,
        timestamp=NOW - timedelta(seconds=begin),
        received_at=NOW,
        state=state,
        end=None if end is None else NOW - timedelta(seconds=end),
    )


def last_five() -> list[int | None]:
    return [minute.danmaku for minute in minutes.latest(NOW)][-5:]


def test_a_minute_that_nobody_watched_has_no_figure() -> None:
    LiveRoom.objects.create(room_id=90001)
    assert last_five() == [None] * 5
    span(1, begin=150, end=None, state="degraded")
    assert last_five() == [None, None, 0, 0, 0]


def test_a_gap_is_seen_between_covered_minutes() -> None:
    LiveRoom.objects.create(room_id=90001)
    span(1, begin=3600, end=260)
    span(2, begin=260, end=20, state="blind")
    span(3, begin=20, end=None)
    assert last_five() == [0, None, None, None, 0]


def test_what_was_counted_is_shown_whatever_coverage_says() -> None:
    LiveRoom.objects.create(room_id=90001)
    minute = NOW.replace(second=0) - timedelta(minutes=1)
    MinuteCount.objects.create(room_id=90001, minute=minute, danmaku=7)
    assert last_five() == [None, None, None, 7, None]
