"""Revenue that is read from the rollup of days: of whole days only, each of them in one part of the time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_data.days import MINUTE, Days
from live_data.instants import epoch_ms, moment
from live_data.models import MinuteCount, RetentionFloor, RollupCalendar
from live_data.queries import calendar, takings, whole_days
from live_data.queries.calendar import Stretch
from live_data.queries.lists import Chosen
from live_data.queries.takings import Gold
from tests.live_data.paid_rows import gift, store
from tests.made import AT, ROOM

ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
DAY = 24 * 60  # minutes
ONE = timedelta(days=1)
LONGEST = timedelta(hours=25)
SHANGHAI = ZoneInfo("Asia/Shanghai")

a_zone = st.sampled_from(ZONES).map(ZoneInfo)
some_days = st.builds(Days, a_zone, st.sampled_from([0, 90, 6 * 60]))
#: Around when Apia left out a date, and clocks change elsewhere.
a_minute = st.integers(int(datetime(2011, 10, 1, tzinfo=UTC).timestamp()) // 60, 24_000_000)


@given(some_days, a_zone, a_minute, st.integers(1, 90 * DAY))
def test_whole_days_are_all_that_fit_and_each_is_in_one_part(
    days: Days, viewer: ZoneInfo, first: int, length: int
) -> None:
    stretch = Stretch(moment(first * MINUTE), moment((first + length) * MINUTE))
    begins = calendar.divided(stretch, viewer)
    found = whole_days.divided(*stretch, begins, days)
    if found is None:
        return
    assert stretch.since <= found.since < found.until <= stretch.until
    assert found.since - stretch.since < LONGEST
    assert stretch.until - found.until < LONGEST
    day = found.first
    while day < found.behind:
        begin, end = moment(days.begins(day)), moment(days.begins(day + ONE))
        [*_, part] = [
            number for number, of_part in enumerate(found.of_parts) if number == 0 or of_part <= day
        ]
        if begin < end:
            assert begins[part] <= begin
            assert end <= [*begins, stretch.until][part + 1]
        day += ONE


@given(some_days, a_minute, st.integers(2 * DAY + 61, 90 * DAY))
def test_days_of_the_viewer_that_are_those_of_statistics_are_whole_days(
    days: Days, first: int, length: int
) -> None:
    days = Days(days.zone, 0)
    stretch = Stretch(moment(first * MINUTE), moment((first + length) * MINUTE))
    assert whole_days.divided(*stretch, calendar.divided(stretch, days.zone), days) is not None


def _told(zone: ZoneInfo) -> tuple[dict[int, Gold], list[int]]:
    """What a week has after the minutes of all days but the first and the last went."""
    noon = datetime.fromtimestamp(AT / 1000, SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    stretch = Stretch(*((noon + timedelta(days=days)).astimezone(UTC) for days in (0, 7)))
    times = [epoch_ms(stretch.since + timedelta(hours=hours)) for hours in (1, 30, 60, 167)]
    store(gift(str(at), at) for at in times)
    MinuteCount.objects.filter(minute__range=(moment(times[1]), moment(times[2]))).delete()
    chosen = Chosen(since=stretch.since, until=stretch.until)
    found = takings.revenue(chosen, calendar.divided(stretch, zone))
    return found.by_room, [part.total for part in found.by_time]


@pytest.mark.django_db
def test_whole_days_are_read_from_their_rollup_and_the_ends_from_minutes() -> None:
    assert _told(SHANGHAI) == ({ROOM: Gold(400)}, [100, 100, 0, 100, 0, 0, 0, 100])


@pytest.mark.django_db
def test_days_of_a_viewer_elsewhere_are_read_from_minutes() -> None:
    assert _told(ZoneInfo("America/New_York"))[0] == {ROOM: Gold(200)}


@pytest.mark.django_db
def test_a_rollup_of_days_that_is_not_complete_is_not_read() -> None:
    store([gift("a", AT - 90 * DAY * MINUTE)])
    RollupCalendar.objects.update(is_whole=False)
    assert _told(SHANGHAI)[0] == {ROOM: Gold(200)}


@pytest.mark.django_db
@pytest.mark.parametrize(("floor", "revenue"), [(ONE, 200), (-ONE, 400)])
def test_no_day_below_a_retention_floor_is_read(floor: timedelta, revenue: int) -> None:
    RetentionFloor.objects.create(kind="gift", floor=moment(AT) + floor)
    assert _told(SHANGHAI)[0] == {ROOM: Gold(revenue)}
