"""A collector whose journal is gone tells nothing of its end: what SQL says of its rooms then."""

from datetime import datetime, timedelta

import msgspec
import pytest

from live_data import sync
from live_data.instants import epoch_ms, moment
from live_data.models import CoverageSpan, JournalPosition
from live_data.storing import sync_places
from tests.live_data.conftest import Log, assert_balanced
from tests.made import AT, ROOM, batch, coverage, danmaku

pytestmark = pytest.mark.django_db(transaction=True)

NOT_RUNNING = ("blind", "collector was not running")
KILLED = moment(AT) + timedelta(seconds=60)


def told() -> list[tuple[str, str, datetime, datetime | None]]:
    rows = CoverageSpan.objects.order_by("timestamp")
    return [(row.state, row.cause, row.timestamp, row.end) for row in rows]


@pytest.fixture
def killed(log: Log) -> None:
    """A room was covered from AT on, and its collector last heard of a minute later."""
    log.append(batch([coverage(0, "covered")]))
    sync.step(log.redis)
    JournalPosition.objects.update(heard_at=KILLED)


@pytest.mark.usefixtures("killed")
def test_rooms_of_a_collector_whose_journal_is_gone_are_blind_until_the_new_one_speaks(log: Log) -> None:
    new = [coverage(600, "blind", "connecting"), coverage(602, "degraded", "guest")]
    log.append(batch(new, collector="new"))
    sync.step(log.redis)
    log.append(batch([danmaku(1)], journal=(100, 200), collector="new"))
    sync.step(log.redis)
    begin, opened, let_in = moment(AT), moment(AT + 600_000), moment(AT + 602_000)
    assert told() == [
        ("covered", "", begin, KILLED),
        (*NOT_RUNNING, KILLED, opened),
        ("blind", "connecting", opened, let_in),
        ("degraded", "guest", let_in, None),
    ]
    assert_balanced()


@pytest.mark.usefixtures("killed")
def test_a_new_collector_that_has_not_spoken_of_the_room_yet_says_it_by_being_there(log: Log) -> None:
    log.append(batch([], journal=(0, 0), collector="replay"))
    log.append(batch([], journal=(0, 10), collector="new"))
    sync.step(log.redis)
    assert [row[:2] for row in told()] == [("covered", ""), NOT_RUNNING]


@pytest.mark.usefixtures("killed")
def test_a_collector_that_goes_on_in_its_journal_tells_it_itself(log: Log) -> None:
    log.append(batch([], journal=(100, 200)))
    sync.step(log.redis)
    assert [row[0] for row in told()] == ["covered"]


def test_a_room_that_was_blind_already_stays_so_with_its_cause(log: Log) -> None:
    log.append(batch([coverage(0, "covered"), coverage(9, "blind", "unreachable")]))
    log.append(batch([], collector="new"))
    sync.step(log.redis)
    assert [row[1] for row in told()] == ["", "unreachable"]


def test_both_may_come_in_one_step(log: Log) -> None:
    stream_id = log.append(batch([coverage(0, "covered")]))
    log.append(batch([], collector="new"))
    sync.step(log.redis)
    heard = moment(int(stream_id.partition("-")[0]))
    assert [(row[0], row[2]) for row in told()] == [("covered", moment(AT)), ("blind", heard)]
    assert CoverageSpan.objects.get(state="blind").room_id == ROOM
    assert CoverageSpan.objects.filter(received_at__gte=moment(epoch_ms(heard))).count() == 1


def test_what_a_clock_noted_that_was_ahead_does_not_outdo_the_new_collector(log: Log) -> None:
    day = 86_400
    ahead = [
        msgspec.structs.replace(coverage(at, state), received_at=AT + day * 1000 + at)
        for at, state in ((3, "blind"), (5, "covered"))
    ]
    log.append(batch([coverage(0, "covered"), *ahead]), f"{AT + 60_000}-0")
    log.append(batch([coverage(600, "blind", "connecting")], collector="new"), f"{AT + 600_000}-0")
    sync.step(log.redis)
    log.append(batch([coverage(602, "covered")], (100, 200), collector="new"), f"{AT + 602_000}-0")
    sync.step(log.redis)
    starts = [moment(AT + seconds * 1000) for seconds in (0, 3, 5, 60, 600, 602)]
    states = ("covered", "blind", "covered", "blind", "blind", "covered")
    told_states = [(state, start, end) for state, _, start, end in told()]
    assert told_states == [*zip(states, starts, [*starts[1:], None], strict=True)]


def seconds() -> list[tuple[str, str, float, float | None]]:
    """As told, with times in s after AT; in the order of their begin, then of their notes."""
    rows = CoverageSpan.objects.order_by("timestamp", "received_at", "event_id")
    return [
        (
            row.state,
            row.cause,
            (epoch_ms(row.timestamp) - AT) / 1000,
            None if row.end is None else (epoch_ms(row.end) - AT) / 1000,
        )
        for row in rows
    ]


@pytest.mark.parametrize("entries", [1, 20_000])
def test_a_step_over_a_long_time_keeps_what_the_new_one_noted(log: Log, entries: int) -> None:
    """No clock was wrong: the sync was away for twenty minutes, and reads all of it at once."""
    log.append(batch([coverage(0, "covered")]), f"{AT + 60_000}-0")
    for at, events in (
        (602, [coverage(600, "blind", "connecting"), coverage(602, "covered")]),
        (1_200, [coverage(1_200, "blind", "connection lost")]),
        (1_260, [coverage(1_260, "covered")]),
    ):
        log.append(batch(events, (at, at + 1), collector="new"), f"{AT + at * 1000}-0")
    while not sync.step(log.redis, events=entries).is_drained:
        pass
    assert seconds() == [
        ("covered", "", 0, 60),
        (*NOT_RUNNING, 60, 600),
        ("blind", "connecting", 600, 602),
        ("covered", "", 602, 1_200),
        ("blind", "connection lost", 1_200, 1_260),
        ("covered", "", 1_260, None),
    ]
    newest = CoverageSpan.objects.latest("timestamp")
    assert newest.received_at == newest.timestamp


@pytest.mark.parametrize("ahead", [230_000, 86_400_000])
@pytest.mark.parametrize("state", ["covered", "blind"])
def test_the_new_one_has_the_last_word_of_each_room(log: Log, state: str, ahead: int) -> None:
    """Also of rooms that were blind when the one before ended, and also where its clock was minutes ahead."""
    before = [coverage(0, "covered"), coverage(40, "blind", "connection lost"), coverage(50, state)]
    before[-1] = msgspec.structs.replace(before[-1], received_at=AT + ahead)
    log.append(batch(before), f"{AT + 60_000}-0")
    new = [coverage(80, "blind", "connecting"), coverage(82, "covered")]
    log.append(batch(new, collector="new"), f"{AT + 82_000}-0")
    sync.step(log.redis)
    assert [span[:3] for span in seconds() if span[3] is None] == [("covered", "", 82)]


def test_a_log_whose_clock_was_ahead_dates_nothing_into_the_future(log: Log) -> None:
    """Ids of a stream never go back: after its clock was set right they stand still until that date."""
    day = 86_400_000
    old = msgspec.structs.replace(coverage(0, "covered"), at=AT + day, received_at=AT + day)
    log.append(batch([old]), f"{AT + day + 60_000}-0")
    new = [coverage(600, "blind", "connecting"), coverage(602, "covered")]
    log.append(batch(new, collector="new"), f"{AT + day + 60_000}-1")
    sync.step(log.redis)
    assert [span[:3] for span in seconds() if span[3] is None] == [("covered", "", 602)]


def test_a_partition_that_lags_leaves_the_rooms_of_the_others_alone(log: Log) -> None:
    sync_places.divide(2)
    mine, other = ROOM % 2, 1 - ROOM % 2
    ahead = msgspec.structs.replace(coverage(5, "covered"), received_at=AT + 86_400_000)
    log.append(batch([coverage(0, "covered"), ahead]), f"{AT + 60_000}-0")
    for partition in (mine, other):
        sync.step(log.redis, partition=partition)
    for at, events in (
        (602, [coverage(600, "blind", "connecting"), coverage(602, "covered")]),
        (1_200, [coverage(1_200, "blind", "connection lost")]),
    ):
        log.append(batch(events, (at, at + 1), collector="new"), f"{AT + at * 1000}-0")
        sync.step(log.redis, partition=mine)
    numbers = list(CoverageSpan.objects.order_by("pk").values_list("received_at", "end"))
    sync.step(log.redis, partition=other)
    assert list(CoverageSpan.objects.order_by("pk").values_list("received_at", "end")) == numbers
    assert [span[:2] for span in seconds() if span[3] is None] == [("blind", "connection lost")]
