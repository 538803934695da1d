"""Several syncs that share the rooms: together they do what one does, whatever each one's pace."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bilibili_live.events import News, Tally
from event_store import keys, reader, sync_lives
from event_store.codec import RoomCounts
from event_store.cursor import LogCursor
from event_store.rooms import CollectorLife
from event_store.sync_lives import SyncLife
from live_data import rebuilding, sync, sync_by_hand, tasks
from live_data.accounting import accounting
from live_data.models import (
    DanmakuData,
    DataMigrationLog,
    EventCount,
    JournalPosition,
    MonitoringTask,
    ProtocolNews,
    SyncCursor,
)
from live_data.scheduler import Scheduler
from live_data.storing import counts, positions, run_log, sync_places
from live_data.sync_loop import SyncLoop
from tests import environment
from tests.live_data import rollups_of_rows
from tests.live_data.conftest import INCARNATION, Log, assert_balanced, with_settings
from tests.made import AT, batch, danmaku, gift
from tests.runtime.running import started, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

EVEN, ODD = 90002, 90001


def append(log: Log, number: int) -> str:
    """An entry with a line of each room, both of one person."""
    lines = [danmaku(2 * number, EVEN, uid=7), danmaku(2 * number + 1, ODD, uid=7)]
    return log.append(batch(lines, journal=(number * 10, number * 10 + 10)))


def stored(room_id: int) -> int:
    return DanmakuData.objects.filter(room_id=room_id).count()


def in_flight(log: Log) -> dict[int, int]:
    answer = accounting(log.redis)
    assert "log" not in answer
    return {room["room_id"]: room["in_flight"] for room in answer["results"] if room["in_flight"]}


def test_each_stores_what_is_of_its_rooms_at_its_own_pace(log: Log) -> None:
    sync_places.divide(2)
    append(log, 0)
    last = append(log, 1)
    assert sync.step(log.redis, partition=1).received == 2
    assert (stored(EVEN), stored(ODD)) == (0, 2)
    assert in_flight(log) == {EVEN: 2}
    assert sync_places.reached() == LogCursor("")
    assert positions.committed()["c0ffee"].position == 0
    assert sync.step(log.redis, partition=0).received == 2
    assert (stored(EVEN), stored(ODD)) == (2, 2)
    assert in_flight(log) == {}
    assert sync_places.reached() == LogCursor(INCARNATION, last)
    assert positions.committed()["c0ffee"].position == 20
    assert rollups_of_rows.stored() == rollups_of_rows.of_rows()


def test_a_partition_that_is_not_there_stores_nothing(log: Log) -> None:
    append(log, 0)
    assert sync.step(log.redis, partition=1).received == 0
    assert sync.step(log.redis).received == 2


def test_what_is_of_no_room_is_told_once(log: Log) -> None:
    sync_places.divide(3)
    told = [RoomCounts(room_id=0, received=0, tally=Tally(undecodable={"journal parts lost": 2}))]
    entry = batch([danmaku(1, ODD)], counts=[*told, RoomCounts(room_id=ODD, received=1)])
    entry.header.news = [News(kind="command", name="NEW", at=AT, last_at=AT, count=1, sample="")]
    log.append(entry)
    log.append_raw({"h": b"", "e": b""})
    for number in range(3):
        sync.step(log.redis, partition=number)
    lost = dict(EventCount.objects.filter(outcome="undecodable").values_list("name", "count"))
    assert lost == {"journal parts lost": 2, counts.DAMAGED: 1}
    assert ProtocolNews.objects.get().count == 1
    assert stored(ODD) == 1


def test_divided_anew_they_begin_where_the_last_one_stood(log: Log) -> None:
    append(log, 0)
    sync.step(log.redis)
    first = sync_places.reached()
    sync_places.divide(2)
    assert sync_places.all_places() == [first, first]
    append(log, 1)
    sync.step(log.redis, partition=1)
    assert positions.committed()["c0ffee"].position == 10
    sync_places.divide(1)
    assert sync_places.all_places() == [first]
    assert list(JournalPosition.objects.values_list("partition", "position")) == [(0, 10)]
    sync.step(log.redis)
    assert (stored(EVEN), stored(ODD)) == (2, 2)
    assert EventCount.objects.get(room_id=ODD, outcome="duplicate").count == 1
    assert positions.committed()["c0ffee"].position == 20
    assert rollups_of_rows.stored() == rollups_of_rows.of_rows()


def test_who_read_before_they_were_divided_stores_nothing_after(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(log, 0)
    read = reader.read

    def divided_meanwhile(*arguments: Any) -> Any:
        sync_places.divide(2)
        return read(*arguments)

    monkeypatch.setattr(reader, "read", divided_meanwhile)
    assert sync.step(log.redis).lost_race
    monkeypatch.undo()
    assert stored(EVEN) == 0
    for number in (0, 1):
        sync.step(log.redis, partition=number)
    assert (stored(EVEN), stored(ODD)) == (1, 1)


def test_syncs_of_different_logs_begin_anew_together(log: Log) -> None:
    sync_places.divide(2)
    append(log, 0)
    sync.step(log.redis, partition=0)
    log.redis.set(keys.INCARNATION, "aaaaaaaaaaaaaaaa")
    sync.step(log.redis, partition=1)
    assert sync_places.reached() == LogCursor("")
    sync_places.divide(1)
    sync.step(log.redis)
    assert (stored(EVEN), stored(ODD)) == (1, 1)
    assert sync_places.reached().incarnation == "aaaaaaaaaaaaaaaa"


def test_a_hole_that_one_of_them_sees_is_told_with_what_all_of_them_have(log: Log) -> None:
    sync_places.divide(2)
    append(log, 0)
    for number in (0, 1):
        sync.step(log.redis, partition=number)
    hole = append(log, 2)
    sync.step(log.redis, partition=1)
    [told] = positions.committed().values()
    assert (told.position, told.hole_from, told.hole_stream_id) == (10, 20, hole)


def test_their_lives_are_shown_as_one(log: Log) -> None:
    sync_lives.show(log.redis, SyncLife(5_000, 0, "", 1.0, f"{INCARNATION}.7-0", partitions=2))
    life = sync_lives.together(log.redis)
    assert life is not None
    assert (life.problem, life.cursor) == ("the sync of partition 1 has not been heard of", "")
    sync_lives.show(log.redis, SyncLife(4_000, 900, "", 1.0, f"{INCARNATION}.5-0", partitions=2), 1)
    assert sync_lives.together(log.redis) == SyncLife(4_000, 900, "", 1.0, f"{INCARNATION}.5-0", 2)
    sync_lives.show(log.redis, SyncLife(4_000, 0, "disk full", 1.0, partitions=2), 1)
    life = sync_lives.together(log.redis)
    assert life is not None
    assert (life.problem, life.cursor) == ("partition 1: disk full", "")


def loop(kind: type[SyncLoop], number: int) -> SyncLoop:
    return kind(1e-9, threading.Event(), print, number, 2)


def test_the_scheduler_divides_and_tells_collectors_and_the_log_what_all_have(
    log: Log, settings: Any
) -> None:
    with_settings(settings, log_keep=0)
    log.redis.hset(keys.COLLECTORS, "c0ffee", msgspec.json.encode(CollectorLife(1, 1, 1, 1, 20, 20)))
    append(log, 0)
    last = append(log, 1)
    first, second = loop(Scheduler, 0), loop(SyncLoop, 1)
    assert second.turn() == ""  # before they were divided
    assert first.turn() == ""
    assert log.redis.get(keys.position("c0ffee")) == b'{"position":0,"hole_stream_id":""}'
    assert log.redis.xlen(keys.LOG) == 2
    assert second.turn() == ""
    assert first.turn() == ""
    assert log.redis.get(keys.position("c0ffee")) == b'{"position":20,"hole_stream_id":""}'
    assert log.redis.xlen(keys.LOG) == 1
    life = sync_lives.together(log.redis)
    assert life is not None
    assert (life.problem, life.cursor, life.partitions) == ("", f"{INCARNATION}.{last}", 2)


def test_a_sync_by_hand_is_of_all_rooms(log: Log) -> None:
    sync_places.divide(2)
    append(log, 0)
    done = sync_by_hand.run()
    assert (done.total(counts.Outcome.STORED), done.is_drained, done.problem) == (2, True, "")
    assert (stored(EVEN), stored(ODD)) == (1, 1)


def test_both_add_to_one_task(log: Log) -> None:
    tasks.start(tasks.create("t", [EVEN, ODD]))
    sync_places.divide(2)
    append(log, 0)
    for number in (0, 1):
        sync.step(log.redis, partition=number)
    assert MonitoringTask.objects.get().collected_danmaku == 2


def test_an_hour_that_two_began_at_once_is_still_counted() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(2):
        DataMigrationLog.objects.create(
            migration_type=run_log.CONTINUOUS, start_time=now, status=run_log.Status.SUCCESS
        )
    run_log.add_to_hour(now, 5, 1)
    assert sorted(DataMigrationLog.objects.values_list("total_records", flat=True)) == [0, 5]


def test_a_partition_beyond_their_number_is_refused(log: Log) -> None:
    with pytest.raises(CommandError, match="below SYNC_PARTITIONS, which is 1"):
        call_command("start_sync_scheduler", "--partition", "1")


ENTRIES = 60
LINES = 40  #: of one entry and room
ROOMS = (1, 2, 3, 4)
#: Into SQLite one writes at a time.
PARTITIONS = 2 if environment.SERVER else 1


@pytest.fixture
def syncs(log: Log, redis_url: str, tmp_path: Path) -> Iterator[Any]:
    """What starts the sync of a partition, and ends it with the test."""
    name = connection.settings_dict["NAME"]
    address = environment.SERVER.url(name) if environment.SERVER else f"sqlite:///{name}"
    environ = {
        "DATABASE_URL": address,
        "REDIS_URL": redis_url,
        "DATA_DIR": str(tmp_path),
        "SYNC_PARTITIONS": str(PARTITIONS),
    }
    with ExitStack() as stack:

        def start(number: int) -> int:
            command = ["manage.py", "start_sync_scheduler", "--interval", "0.05", "--partition", str(number)]
            return stack.enter_context(started(command, environ)).pid

        yield start


def test_as_processes_with_people_in_common_they_store_all_once_though_one_is_killed(
    log: Log, syncs: Any
) -> None:
    pids = [syncs(number) for number in range(PARTITIONS)]
    for number in range(ENTRIES):
        first = number * LINES
        lines = [
            danmaku(each, room_id, uid=each % 50 + 1, username=f"名{each % 70}")
            for room_id in ROOMS
            for each in range(first, first + LINES)
        ]
        gifts = [gift(number, room_id, uid=number % 50 + 1) for room_id in ROOMS]
        log.append(batch([*lines, *gifts], journal=(number, number + 1)))
        if number == ENTRIES // 2:
            wait_until(DanmakuData.objects.exists, "they work")
            os.kill(pids[-1], signal.SIGKILL)
            syncs(PARTITIONS - 1)
    wait_until(_is_all_stored, "all is stored")
    assert SyncCursor.objects.count() == PARTITIONS
    events = ENTRIES * len(ROOMS) * (LINES + 1)
    counted: dict[str, int] = {}
    for outcome, count in EventCount.objects.values_list("outcome", "count"):
        counted[outcome] = counted.get(outcome, 0) + count
    assert counted == {"received": events, "stored": events}
    assert_balanced()
    assert rollups_of_rows.stored() == rollups_of_rows.of_rows()
    assert not sum(found.total for _, found in rebuilding.rebuild(rebuilding.Part()))


def _is_all_stored() -> bool:
    known = positions.committed()
    return "c0ffee" in known and known["c0ffee"].position == ENTRIES
