"""Which time nobody watched, also when nobody says so any more."""

from datetime import timedelta

import pytest
from django.test import Client

from live_data import sync
from live_data.instants import moment
from live_data.models import JournalPosition
from live_data.queries import blindness, minutes
from live_data.queries import coverage as coverage_of
from live_data.queries.calendar import Stretch
from tests.live_data.conftest import Log
from tests.made import AT, ROOM, batch, coverage

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
BEGIN = moment(AT)


def blind(now: int) -> dict[int, float]:
    """Seconds by room, of the hour from AT on, ``now`` minutes after it."""
    found = blindness.blind_time(Stretch(BEGIN, BEGIN + HOUR), BEGIN + timedelta(minutes=now))
    return {room_id: length.total_seconds() for room_id, length in found.items()}


@pytest.fixture
def covered(log: Log) -> None:
    """Covered from AT on, after ten seconds of blindness; the collector died ten minutes later."""
    log.append(batch([coverage(0, "blind"), coverage(10, "covered")]))
    sync.step(log.redis)
    JournalPosition.objects.update(heard_at=BEGIN + timedelta(minutes=10))


@pytest.mark.usefixtures("covered")
def test_an_open_span_counts_while_its_collector_is_heard_of() -> None:
    assert blind(now=10) == {ROOM: 10}


@pytest.mark.usefixtures("covered")
def test_an_open_span_says_nothing_of_the_time_after_its_collectors_last_word() -> None:
    assert blind(now=30) == {ROOM: 10 + 20 * 60}
    said = minutes.latest(BEGIN + timedelta(minutes=30), 30, ROOM)
    assert [minute.danmaku for minute in said[-5:]] == [None] * 5


def test_the_sync_notes_when_a_collector_was_heard_of(log: Log) -> None:
    stream_id = log.append(batch([coverage(0, "covered")]))
    sync.step(log.redis)
    [row] = JournalPosition.objects.all()
    assert row.heard_at == moment(int(stream_id.partition("-")[0]))


@pytest.mark.usefixtures("covered")
def test_a_replay_is_no_sign_of_its_collector(log: Log) -> None:
    log.append(batch([coverage(0, "blind")], journal=(0, 0)))
    sync.step(log.redis)
    assert JournalPosition.objects.get().heard_at == BEGIN + timedelta(minutes=10)
    assert blind(now=30) == {ROOM: 10 + 20 * 60}


@pytest.mark.usefixtures("covered")
def test_a_rooms_newest_spans_end_with_what_is_not_known() -> None:
    later = BEGIN + timedelta(minutes=30)
    spans = coverage_of.newest(ROOM, later, 20)
    heard = BEGIN + timedelta(minutes=10)
    assert [(span.state, span.end) for span in spans] == [
        ("unknown", None),
        ("covered", heard),
        ("blind", BEGIN + timedelta(seconds=10)),
    ]
    assert [span.state for span in coverage_of.newest(ROOM, heard, 20)] == ["covered", "blind"]


@pytest.mark.usefixtures("covered")
def test_the_page_of_a_room_says_when_it_was_watched(client: Client, log: Log) -> None:
    log.append(batch([coverage(60, "degraded", "starved")], journal=(100, 200)))
    sync.step(log.redis)
    page = client.get(f"/live/rooms/{ROOM}/").content.decode()
    assert "Partly: the chat was far below the room&#x27;s own rhythm" in page
    assert "1 min" in page or "50 s" in page


def test_of_parts_each_has_its_own(log: Log) -> None:
    # Blind for the first 30 seconds of each hour, and over the end of the second one.
    spans = [(0, "blind"), (30, "covered"), (3_600, "blind"), (3_630, "covered"), (7_000, "blind")]
    log.append(batch([*(coverage(at, state) for at, state in spans), coverage(7_300, "covered")]))
    sync.step(log.redis)
    hours = [Stretch(BEGIN + number * HOUR, BEGIN + (number + 1) * HOUR) for number in range(-1, 4)]
    now = BEGIN + 2.5 * HOUR
    JournalPosition.objects.update(heard_at=now)
    found = blindness.blind_parts(ROOM, hours, now)
    assert [part.total_seconds() for part in found] == [0, 30, 230, 100, 0]
    assert (
        sum(found, timedelta()) == blindness.blind_time(Stretch(hours[0].since, hours[-1].until), now)[ROOM]
    )
    assert blindness.blind_parts(ROOM, [], now) == []
