"""Days of people that are over are summed by person and room, whatever comes, changes or goes later."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from event_store.connect import Redis
from live_data import sync
from live_data.instants import moment
from live_data.models import LiveRoom, PersonDay, PersonRoom, RollupCalendar, SummedDays
from live_data.queries import people
from live_data.queries.people import Deeds
from live_data.scheduler import Scheduler
from live_data.storing import closed_days, counts, sync_places
from tests.live_data.conftest import Log, with_settings
from tests.live_data.rollups_of_rows import of_rows, stored
from tests.live_data.test_rollups import DAY, HOUR, at, clean, deeds_of_days, keep, rebuilt, uids
from tests.made import AT, ROOM, batch, danmaku, gift, room_info
from tests.runtime.running import wait_until

pytestmark = pytest.mark.django_db

FIRST = date(2026, 9, 21)  #: of AT, at 22:13
MIDNIGHT = datetime(2026, 9, 21, 16, tzinfo=UTC)  #: behind it
LATER = moment(AT) + 99 * DAY


def evenings(count: int, room_id: int = ROOM) -> None:
    """So many days of a room, with two people each."""
    for number in range(count):
        keep(*(at(danmaku(2 * number + uid, room_id, uid=uid), number * 24 * HOUR) for uid in (1, 2)))


def reached() -> dict[int, date]:
    """Before which day all is summed, by room."""
    return dict(SummedDays.objects.values_list("room_id", "before"))


def sums() -> dict[tuple[int, int], int]:
    """Danmaku, by room and person."""
    rows = PersonRoom.objects.exclude(danmaku=0).values_list("room_id", "uid", "danmaku")
    return {(room_id, uid): count for room_id, uid, count in rows}


def test_a_day_is_summed_an_hour_after_its_end_and_only_when_a_later_one_has_begun() -> None:
    evenings(2)
    closed_days.sum_all(MIDNIGHT + timedelta(minutes=59))
    assert sums() == {}
    closed_days.sum_all(MIDNIGHT + timedelta(minutes=60))
    assert sums() == {(ROOM, 1): 1, (ROOM, 2): 1}
    closed_days.sum_all(LATER)
    assert reached() == {ROOM: FIRST + DAY}
    evenings(3)
    closed_days.sum_all(LATER)
    assert reached() == {ROOM: FIRST + 2 * DAY}
    assert sums() == {(ROOM, 1): 2, (ROOM, 2): 2}
    assert not closed_days.sum_some(LATER)
    assert stored() == of_rows()


def test_days_are_summed_in_pieces_and_by_room() -> None:
    evenings(4)
    evenings(3, ROOM + 1)
    pieces = []
    while closed_days.sum_some(LATER, piece=3):
        pieces.append(reached())
        assert stored() == of_rows()
    assert pieces == [
        {ROOM: FIRST + 2 * DAY},
        {ROOM: FIRST + 3 * DAY, ROOM + 1: FIRST + DAY},
        {ROOM: FIRST + 3 * DAY, ROOM + 1: FIRST + 2 * DAY},
    ]
    assert sums() == {(ROOM, 1): 3, (ROOM, 2): 3, (ROOM + 1, 1): 2, (ROOM + 1, 2): 2}


def test_where_nothing_was_counted_nothing_is_summed_and_no_calendar_chosen() -> None:
    LiveRoom.objects.create(room_id=ROOM)
    assert not closed_days.sum_some(LATER)
    assert not RollupCalendar.objects.exists()
    RollupCalendar.objects.create(zone="Asia/Shanghai", day_start=0, is_whole=True)
    assert not closed_days.sum_some(LATER)


def test_what_people_did_is_their_sums_and_the_days_since() -> None:
    evenings(3)
    keep(danmaku(90, ROOM + 1, uid=1), at(gift(91, uid=2, total_coin=700), 48 * HOUR))
    keep(at(danmaku(92, uid=3), 48 * HOUR))
    before = deeds_of_days()
    assert people.deeds(uids()) == before
    closed_days.sum_all(LATER)
    assert sums() == {(ROOM, 1): 2, (ROOM, 2): 2}
    expected = {1: Deeds(4, 0, 0, 0, 0, 0, 0), 2: Deeds(3, 1, 0, 0, 700, 0, 0), 3: Deeds(1, 0, 0, 0, 0, 0, 0)}
    assert people.deeds(uids()) == before == expected
    assert people.deeds([]) == {}
    # What is summed is not read again.
    PersonDay.objects.filter(day=FIRST, room_id=ROOM).update(danmaku=100)
    assert people.deeds([1, 2, 3]) == expected


def test_what_comes_changes_or_goes_late_changes_the_sums() -> None:
    evenings(4)
    closed_days.sum_all(LATER)
    keep(at(danmaku(70, uid=1), HOUR), at(danmaku(71, uid=9), 25 * HOUR), at(gift(72, uid=9), 72 * HOUR))
    assert sums() == {(ROOM, 1): 4, (ROOM, 2): 3, (ROOM, 9): 1}
    # A parser that knows better says that it is a copy of another room's.
    keep(at(danmaku(70, uid=1, is_mirror=True), HOUR), version=2)
    assert sums() == {(ROOM, 1): 3, (ROOM, 2): 3, (ROOM, 9): 1}
    keep(gift(73, uid=1, receiver_uid=42, coin_type="gold"), room_info(5))
    assert stored() == of_rows()
    clean(AT + 30 * HOUR)
    assert stored() == of_rows()
    assert people.deeds(uids()) == deeds_of_days()
    clean(AT + 999 * HOUR)
    assert not PersonRoom.objects.exists()
    assert rebuilt() == 0


def test_counts_that_outlived_their_rows_go_out_of_the_sums_too() -> None:
    evenings(3)
    closed_days.sum_all(LATER)
    PersonDay.objects.filter(uid=1, day=FIRST).update(danmaku=F("danmaku") + 5)
    PersonRoom.objects.filter(uid=1).update(danmaku=F("danmaku") + 5)
    clean(AT + 24 * HOUR)
    assert sums() == {(ROOM, 1): 1, (ROOM, 2): 1}
    assert stored() == of_rows()


def test_what_comes_to_an_open_day_writes_no_sum() -> None:
    evenings(3)
    closed_days.sum_all(LATER)

    def written(later: int) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            keep(at(danmaku(60 + later, uid=1), later * HOUR))
        return [query["sql"] for query in asked if "live_data_personroom.danmaku + " in query["sql"]]

    assert written(48) == []
    assert len(written(24)) == 1


def test_a_rebuild_puts_wrong_sums_right_and_says_how_many() -> None:
    evenings(3)
    closed_days.sum_all(LATER)
    assert rebuilt() == 0
    right = stored()
    PersonRoom.objects.filter(uid=1).update(gift_gold=7)
    assert rebuilt(room_id=ROOM + 1) == 0
    assert rebuilt(room_id=ROOM) == 1
    assert stored() == right == of_rows()
    SummedDays.objects.all().delete()
    assert rebuilt() == 2
    assert sums() == {}


def test_other_days_leave_no_sum_behind_however_they_meet(settings: Any) -> None:
    evenings(5)
    evenings(5, ROOM + 1)
    closed_days.sum_some(LATER, piece=5)
    for hours in (23, 6):
        with_settings(settings, day_start=hours * 60)
        rebuilt()
        assert stored() == of_rows(hours=hours)
        closed_days.sum_some(LATER, piece=3)
        assert stored() == of_rows(hours=hours)
        assert people.deeds(uids()) == deeds_of_days()
    assert rebuilt() == 0


def test_a_room_that_has_nothing_any_more_can_go() -> None:
    evenings(2)
    closed_days.sum_all(LATER)
    clean(AT + 999 * HOUR)
    assert reached()
    LiveRoom.objects.get().delete()
    assert not reached()


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_sums_when_nothing_waits(log: Log, redis: Redis) -> None:
    turning = Scheduler(interval=1e-9, stop=threading.Event(), say=lambda _: None)
    log.append(batch([danmaku(1, uid=1), at(danmaku(2, uid=1), 24 * HOUR)]))
    turning.turn()
    assert sums() == {(ROOM, 1): 1}
    # It looks again after a while, not at each turn.
    log.append(batch([at(danmaku(3, uid=1), 48 * HOUR)]))
    turning.turn()
    assert sums() == {(ROOM, 1): 1}
    turning._sums_due = 0.0
    turning.turn()
    assert sums() == {(ROOM, 1): 2}


def alone(work: Callable[[], Any]) -> Callable[[], Any]:
    """In a thread, with a connection of its own."""

    def done() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return done


def wait_for_one_who_waits() -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    def waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return bool(cursor.fetchone()[0])

    wait_until(waiting, "one waits for the other")


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_summing_misses_nothing_that_a_sync_is_storing(log: Log) -> None:
    sync_places.divide(2)
    evenings(3)
    is_stored, may_commit = threading.Event(), threading.Event()
    log.append(batch([danmaku(80, uid=1), danmaku(81, uid=7)]))
    write = counts.write

    def slowly(*arguments: Any) -> None:
        write(*arguments)
        is_stored.set()
        assert may_commit.wait(20)

    with pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setattr(counts, "write", slowly)
        storing = pool.submit(alone(lambda: sync.step(log.redis, partition=ROOM % 2)))
        assert is_stored.wait(20)
        summing = pool.submit(alone(lambda: closed_days.sum_all(LATER)))
        wait_for_one_who_waits()
        may_commit.set()
        assert storing.result().received == 2
        summing.result()
    assert sums() == {(ROOM, 1): 3, (ROOM, 2): 2, (ROOM, 7): 1}
    assert stored() == of_rows()


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_sync_that_begins_during_a_summing_adds_to_what_it_summed(log: Log) -> None:
    sync_places.divide(2)
    evenings(3)
    log.append(batch([danmaku(80, uid=1), danmaku(81, uid=7)]))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            closed_days.sum_some(LATER)
            storing = pool.submit(alone(lambda: sync.step(log.redis, partition=ROOM % 2)))
            wait_for_one_who_waits()
        assert storing.result().received == 2
    assert sums() == {(ROOM, 1): 3, (ROOM, 2): 2, (ROOM, 7): 1}
    assert stored() == of_rows()
