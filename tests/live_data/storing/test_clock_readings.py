"""What collectors say of their clocks, in SQL."""

from datetime import timedelta

import pytest

from event_store import keys
from live_data import sync
from live_data.inspection import clocks
from live_data.instants import moment
from live_data.models import ClockReading, LiveRoom
from tests.live_data.conftest import Log, assert_balanced
from tests.made import AT, batch, clock, danmaku

pytestmark = pytest.mark.django_db(transaction=True)

NOW = moment(AT) + timedelta(hours=1)


def test_a_reading_is_stored_once_and_makes_no_room(log: Log) -> None:
    step = clock(5, "step", -86_400_000)
    log.append(batch([danmaku(1), step, step]))
    sync.step(log.redis)
    log.append(batch([step], journal=(100, 200)))
    sync.step(log.redis)
    [row] = ClockReading.objects.all()
    assert (row.kind, row.ms, row.timestamp, row.collector) == (
        "step",
        -86_400_000,
        moment(AT + 5_000),
        "c0ffee",
    )
    assert list(LiveRoom.objects.values_list("room_id", flat=True)) == [90001]
    assert not log.redis.exists(keys.room(0, "stats"))
    assert_balanced()


def test_a_day_that_was_wrong_is_a_problem_for_a_day(log: Log) -> None:
    log.append(batch([clock(5, "step", -86_400_000)]))
    sync.step(log.redis)
    [problem] = clocks.problems(NOW)
    assert "86,400.0 s ahead until" in problem.text
    assert clocks.problems(NOW + timedelta(days=2)) == []


def test_only_the_newest_comparison_counts_and_only_when_it_is_far_off(log: Log) -> None:
    log.append(batch([clock(1, "offset", 9_000, uncertain_ms=500)]))
    sync.step(log.redis)
    [problem] = clocks.problems(NOW)
    assert "9.0 s behind" in problem.text
    log.append(batch([clock(2, "offset", 5_200, uncertain_ms=500)], journal=(100, 200)))
    sync.step(log.redis)
    assert clocks.problems(NOW) == []
    assert [reading.ms for reading in clocks.look().offsets] == [5_200]
