"""Days of statistics follow each other without gap or overlap, whatever the clocks of their zone do."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from live_data.days import MINUTE, Days
from live_data.instants import epoch_ms, moment

ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # falls back over midnight
    "America/Sao_Paulo",  # had days without a midnight
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # left out a date
    "Asia/Kathmandu",
    "UTC",
]
HOUR = 3_600_000  #: ms
DAY = timedelta(days=1)
TIMES = st.integers(0, 4_000_000_000_000)  #: until 2096

a_zone = st.sampled_from(ZONES)
a_start = st.sampled_from([0, 30, 90, 150, 6 * 60, 23 * 60 + 59])


def at(text: str) -> int:
    return epoch_ms(datetime.fromisoformat(text).astimezone(UTC))


@given(a_zone, a_start, TIMES)
@example("America/Havana", 30, at("2026-11-01T00:15:00-05:00"))
@example("Pacific/Apia", 0, at("2011-12-30T10:00:00+00:00"))
def test_every_time_is_in_the_one_day_that_has_begun_and_not_ended(name: str, start: int, time: int) -> None:
    days = Days(ZoneInfo(name), start)
    day = days.of(time)
    assert days.begins(day) <= time < days.begins(day + DAY)
    assert days.begins(day) % MINUTE == 0


@given(a_zone, a_start, TIMES)
def test_a_day_begins_when_the_clock_shows_its_start_unless_that_was_left_out(
    name: str, start: int, time: int
) -> None:
    zone = ZoneInfo(name)
    days = Days(zone, start)
    day = days.of(time)
    clock = moment(days.begins(day)).astimezone(zone)
    wall = datetime.combine(day, time_of_day(start // 60, start % 60))
    jumped = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
    assert jumped or clock.replace(tzinfo=None) == wall


@given(a_start, TIMES)
def test_without_changes_of_the_clock_the_day_is_its_date(start: int, time: int) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    if time > at("1990-01-01T00:00+00:00"):
        clock = moment(time).astimezone(zone).replace(tzinfo=None)
        assert Days(zone, start).of(time) == (clock - timedelta(minutes=start)).date()


@pytest.mark.parametrize(
    ("name", "start", "day", "hours"),
    [
        ("Asia/Shanghai", 0, date(2026, 3, 29), 24.0),
        ("Europe/Berlin", 0, date(2026, 3, 29), 23.0),
        ("Europe/Berlin", 0, date(2026, 10, 25), 25.0),
        ("Europe/Berlin", 6 * 60, date(2026, 3, 28), 23.0),
        ("Europe/Berlin", 6 * 60, date(2026, 3, 29), 24.0),
        ("Europe/Berlin", 6 * 60, date(2026, 10, 24), 25.0),
        ("Europe/Berlin", 150, date(2026, 3, 28), 24.0),  # 02:30 is left out: it is 03:30 then
        ("Australia/Lord_Howe", 0, date(2026, 4, 5), 24.5),
        ("America/Sao_Paulo", 0, date(2018, 11, 4), 23.0),
        ("Pacific/Apia", 0, date(2011, 12, 30), 0.0),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(name: str, start: int, day: date, hours: float) -> None:
    days = Days(ZoneInfo(name), start)
    assert days.begins(day + DAY) - days.begins(day) == hours * HOUR


def test_a_night_belongs_to_the_day_before_where_days_begin_in_the_morning() -> None:
    days = Days(ZoneInfo("Asia/Shanghai"), 6 * 60)
    assert days.of(at("2026-05-02T05:59:59.999+08:00")) == date(2026, 5, 1)
    assert days.of(at("2026-05-02T06:00:00+08:00")) == date(2026, 5, 2)
