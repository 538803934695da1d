"""Hours, days and months where a zone is, also where its clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from live_data.queries import calendar
from live_data.queries.calendar import Stretch

ZONES = [
    "Asia/Shanghai",
    "Asia/Kathmandu",  # +5:45
    "America/New_York",
    "America/Sao_Paulo",  # its clocks changed at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",  # had no 30 December 2011
]


def days(zone: str, first: date, last: date) -> Stretch:
    return Stretch(calendar.midnight(first, ZoneInfo(zone)), calendar.midnight(last, ZoneInfo(zone)))


def lengths(stretch: Stretch, zone: str) -> list[float]:
    """Of its parts, in hours."""
    begins = [*calendar.divided(stretch, ZoneInfo(zone)), stretch.until]
    return [(end - begin) / timedelta(hours=1) for begin, end in pairwise(begins)]


def labels(stretch: Stretch, zone: str) -> list[str]:
    by = calendar.step(stretch)
    begins = calendar.divided(stretch, ZoneInfo(zone))
    return [calendar.label(begin, by, ZoneInfo(zone)) for begin in begins]


def test_a_day_is_as_long_as_its_clocks_say() -> None:
    spring = days("America/New_York", date(2026, 3, 6), date(2026, 3, 11))
    autumn = days("America/New_York", date(2026, 10, 30), date(2026, 11, 4))
    assert lengths(spring, "America/New_York") == [24, 24, 23, 24, 24]
    assert lengths(autumn, "America/New_York") == [24, 24, 25, 24, 24]


def test_a_day_whose_midnight_was_skipped_begins_with_the_change() -> None:
    stretch = days("America/Sao_Paulo", date(2018, 11, 2), date(2018, 11, 7))
    assert lengths(stretch, "America/Sao_Paulo") == [24, 24, 23, 24, 24]
    assert calendar.divided(stretch, UTC)[0] == datetime(2018, 11, 2, 3, tzinfo=UTC)


def test_a_day_that_never_was_has_no_part() -> None:
    stretch = days("Pacific/Apia", date(2011, 12, 28), date(2012, 1, 2))
    assert labels(stretch, "Pacific/Apia") == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]


def test_hours_find_back_to_the_clock_after_a_change_by_half_an_hour() -> None:
    stretch = days("Australia/Lord_Howe", date(2026, 4, 5), date(2026, 4, 6))
    hours = [label[-5:] for label in labels(stretch, "Australia/Lord_Howe")]
    assert hours[:5] == ["00:00", "01:00", "01:30", "02:00", "03:00"]
    assert sum(lengths(stretch, "Australia/Lord_Howe")) == 24.5


@pytest.mark.parametrize(
    ("length", "step"),
    [
        (timedelta(minutes=1), "hour"),
        (timedelta(days=2, hours=1), "hour"),  # with the hour that an autumn has more
        (timedelta(days=3), "day"),
        (timedelta(days=366), "day"),
        (timedelta(days=3660), "month"),
    ],
)
def test_the_step_fits_the_length(length: timedelta, step: str) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert calendar.step(Stretch(since, since + length)) == step


def test_months_begin_on_their_first_day() -> None:
    stretch = days("Asia/Shanghai", date(2024, 12, 31), date(2026, 2, 2))
    assert labels(stretch, "Asia/Shanghai")[:3] == ["2024-12", "2025-01", "2025-02"]
    assert labels(stretch, "Asia/Shanghai")[-1] == "2026-02"


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("seed", range(10))
def test_the_parts_follow_each_other_without_a_gap(name: str, seed: int) -> None:
    dice, zone = Random(seed), ZoneInfo(name)
    since = datetime(2011, 12, 1, tzinfo=UTC) + timedelta(milliseconds=dice.randrange(10**12))
    stretch = Stretch(since, since + timedelta(milliseconds=dice.choice([1, 10**8, 10**10, 10**11])))
    begins = calendar.divided(stretch, zone)
    assert begins[0] == stretch.since
    assert begins == sorted(set(begins))
    assert begins[-1] < stretch.until
    assert [at.second + at.microsecond for at in begins[1:]] == [0] * (len(begins) - 1)


def test_what_people_mostly_ask_for_is_whole_days() -> None:
    now = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # 2 March in Shanghai
    usual = calendar.usual(now, ZoneInfo("Asia/Shanghai"))
    said = {
        name: [each.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M") for each in stretch]
        for name, stretch in usual.items()
    }
    assert said == {
        "today": ["03-02 00:00", "03-03 00:00"],
        "yesterday": ["03-01 00:00", "03-02 00:00"],
        "last_7_days": ["02-24 00:00", "03-03 00:00"],
        "last_30_days": ["02-01 00:00", "03-03 00:00"],
        "this_month": ["03-01 00:00", "04-01 00:00"],
    }
