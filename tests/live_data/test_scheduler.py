"""The scheduler's turns: what it tells collectors, and how it goes on after trouble."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

import msgspec
import pytest
from django.db import OperationalError, connection

from event_store import keys, reader, rooms, sync_lives
from event_store.connect import Redis, async_client
from event_store.rooms import CollectorLife, CommittedPosition, DesiredRooms
from live_data import scheduler, sync, sync_loop, tasks
from live_data.models import DanmakuData, DataMigrationLog
from live_data.scheduler import Scheduler
from live_data.storing import sync_places
from tests.live_data.conftest import Log, assert_balanced, with_settings
from tests.made import batch, danmaku

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def turning(said: list[str]) -> Iterator[Scheduler]:
    stop = threading.Event()
    yield Scheduler(interval=1e-9, stop=stop, say=said.append)
    stop.set()


def heard(redis_url: str, collector: str) -> tuple[DesiredRooms | None, CommittedPosition | None]:
    """What a collector reads."""

    async def ask() -> tuple[DesiredRooms | None, CommittedPosition | None]:
        async with async_client(redis_url) as client:
            return await rooms.desired(client), await rooms.committed_position(client, collector)

    return asyncio.run(ask())


def show_life(redis: Redis, collector: str) -> None:
    life = CollectorLife(at=1, pid=1, started_at=1, rooms=0, journal_position=0, published_position=0)
    redis.hset(keys.COLLECTORS, collector, msgspec.json.encode(life).decode())


def test_a_turn_publishes_rooms_and_positions_and_syncs(log: Log, turning: Scheduler, redis_url: str) -> None:
    tasks.start(tasks.create("t", [1, 2]))
    show_life(log.redis, "c0ffee")
    show_life(log.redis, "new")
    log.append(batch([danmaku(1)], journal=(0, 70)))
    turning.safe_turn()
    turning.safe_turn()
    desired, position = heard(redis_url, "c0ffee")
    assert desired is not None
    assert desired.room_ids == [1, 2]
    assert position == CommittedPosition(70)
    assert heard(redis_url, "new")[1] == CommittedPosition(0)
    assert DanmakuData.objects.count() == 1
    life = sync_lives.together(log.redis)
    assert life is not None
    assert (life.behind, life.problem) == (0, "")


def test_an_emptied_redis_heals_with_the_next_turn(log: Log, turning: Scheduler, redis_url: str) -> None:
    tasks.start(tasks.create("t", [7]))
    turning.safe_turn()
    log.redis.flushall()
    turning.safe_turn()
    desired, _ = heard(redis_url, "c")
    assert desired is not None
    assert desired.room_ids == [7]


def test_the_log_is_trimmed_behind_the_sync_after_log_keep(
    log: Log, turning: Scheduler, settings: Any
) -> None:
    with_settings(settings, log_keep=600)
    log.append(batch([danmaku(1)]), "1000-0")
    log.append(batch([danmaku(2)]), "2000-0")
    log.append(batch([danmaku(3)]))
    turning.safe_turn()
    assert reader.log_state(log.redis).length == 1


def test_who_has_no_lease_publishes_and_leaves_the_sync_to_the_other(
    log: Log, turning: Scheduler, redis_url: str
) -> None:
    reader.take_lease(log.redis, "other", 60)
    log.append(batch([danmaku(1)]))
    turning.safe_turn()
    assert heard(redis_url, "c")[0] is not None
    assert DanmakuData.objects.count() == 0
    reader.give_lease_back(log.redis, "other")
    turning.safe_turn()
    assert DanmakuData.objects.count() == 1


def test_trouble_is_told_once_and_so_is_its_end(
    log: Log, turning: Scheduler, said: list[str], settings: Any, redis_url: str
) -> None:
    with_settings(settings, redis_url="redis://127.0.0.1:1")
    pauses = [turning.safe_turn() for _ in range(6)]
    assert pauses == sorted(pauses)
    assert pauses[-1] <= 5
    [line] = said
    assert line.startswith("Redis does not answer at redis://127.0.0.1:1")
    with_settings(settings, redis_url=redis_url)
    log.append(batch([danmaku(1)]))
    turning.safe_turn()
    assert said[1:] == ["The sync goes on."]
    assert DanmakuData.objects.count() == 1
    assert DataMigrationLog.objects.filter(status="failed").count() == 1


def test_a_database_that_cannot_be_written_is_shown_and_waited_for(
    log: Log, turning: Scheduler, said: list[str], redis_url: str
) -> None:
    log.append(batch([danmaku(1)]))

    def full(call, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper form
        if sql.startswith(("INSERT", "UPDATE")):
            raise OperationalError("database or disk is full")
        return call(sql, params, many, context)

    with connection.execute_wrapper(full):
        turning.safe_turn()
    life = sync_lives.together(log.redis)
    assert life is not None
    assert "disk is full" in life.problem
    assert heard(redis_url, "c")[0] is not None
    assert DanmakuData.objects.count() == 0
    turning.safe_turn()
    assert DanmakuData.objects.count() == 1
    assert len(said) == 2


@contextmanager
def opened_anew(**changed: Any) -> Iterator[None]:
    """The database, with other settings of its connection."""
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = before | changed
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def assert_waits(turning: Scheduler, said: list[str], redis: Redis, problem: str) -> None:
    """However often it tries: nothing is trimmed; pages are told at each turn, and people once."""
    for _ in range(3):
        redis.delete(keys.sync(0))
        assert turning.safe_turn() > 0
        life = sync_lives.together(redis)
        assert life is not None
        assert problem in life.problem
    [line] = said
    assert problem in line
    assert "nothing is lost, it is tried again" in line
    assert reader.log_state(redis).length == 1


@pytest.mark.only_on("sqlite")
def test_a_database_that_another_process_locks_is_waited_for(
    log: Log, turning: Scheduler, said: list[str]
) -> None:
    log.append(batch([danmaku(1)]))
    sync_places.place(0)
    options = connection.settings_dict["OPTIONS"] | {"timeout": 0.05}
    with opened_anew(OPTIONS=options):
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert_waits(turning, said, log.redis, "database is locked")
        turning.safe_turn()
    assert DanmakuData.objects.count() == 1
    assert said[1:] == ["The sync goes on."]
    assert_balanced()


@pytest.mark.only_on("sqlite")
def test_a_database_file_that_cannot_be_written_is_waited_for(
    log: Log, turning: Scheduler, said: list[str]
) -> None:
    log.append(batch([danmaku(1)]))
    sync_places.place(0)
    with opened_anew(NAME=f"{Path(connection.settings_dict['NAME']).as_uri()}?mode=ro"):
        assert_waits(turning, said, log.redis, "readonly database")
    turning.safe_turn()
    assert DanmakuData.objects.count() == 1
    assert said[1:] == ["The sync goes on."]
    assert_balanced()


def test_an_entry_of_newer_code_is_shown_as_the_sync_s_problem(log: Log, turning: Scheduler) -> None:
    log.append(batch([danmaku(1)], schema=99))
    turning.safe_turn()
    life = sync_lives.together(log.redis)
    assert life is not None
    assert "newer version" in life.problem
    assert "newer version" in str(DataMigrationLog.objects.get().error_message)


def test_a_clock_that_is_set_back_does_not_hold_the_sync_up(
    log: Log, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, clock = threading.Event(), monotonic_of(monkeypatch)
    slow = Scheduler(interval=300, stop=stop, say=said.append)

    class EightHoursAgo(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(datetime.now(tz).timestamp() - 8 * 3600, tz)

    slow.turn()
    monkeypatch.setattr(sync_loop, "datetime", EightHoursAgo)
    log.append(batch([danmaku(1)]))
    slow.turn()
    assert DanmakuData.objects.count() == 0
    clock.append(clock[-1] + 301)
    slow.turn()
    assert DanmakuData.objects.count() == 1


def monotonic_of(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The scheduler's clock: the last one counts."""
    times = [1000.0]

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return times[-1]

    monkeypatch.setattr(sync_loop, "time", Clock)
    return times


def test_while_a_backlog_drains_collectors_are_told_the_log_is_trimmed_and_pages_see_it(
    log: Log, turning: Scheduler, redis_url: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    with_settings(settings, log_keep=600)
    tasks.start(tasks.create("t", [1]))
    show_life(log.redis, "c0ffee")
    for number in range(1, 4):
        log.append(batch([danmaku(number)], journal=(number - 1, number)), f"{number}-0")
    monkeypatch.setattr(sync_loop, "WORK", -1.0)
    monkeypatch.setattr(sync.step, "__defaults__", (None, 0, 1))
    assert turning.safe_turn() == 0.0
    desired, position = heard(redis_url, "c0ffee")
    assert desired is not None
    assert position == CommittedPosition(1)
    life = sync_lives.together(log.redis)
    assert life is not None
    assert life.behind > 0
    turning.safe_turn()
    assert reader.log_state(log.redis).first_id == "2-0"
    assert turning.safe_turn() > 0
    assert DanmakuData.objects.count() == 3


FULL = {"maxmemory": "1"}
READ_ONLY = {"min-replicas-to-write": "1"}


@pytest.mark.parametrize("refusing", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_a_redis_that_refuses_to_write_is_read_and_nothing_ends(
    log: Log, turning: Scheduler, said: list[str], refusing: dict[str, str]
) -> None:
    turning.safe_turn()  # the lease is its own: it is to be given back in the end
    log.append(batch([danmaku(1)]), "1-0")
    log.append(batch([danmaku(2)], journal=(100, 200)), "2-0")
    before = {name: str(log.redis.config_get(name)[name]) for name in refusing}
    try:
        for name, value in refusing.items():
            log.redis.config_set(name, value)
        assert turning.safe_turn() > 0
        assert DanmakuData.objects.count() == 2
        # What is trimmed frees the memory that the rest waits for.
        assert reader.log_state(log.redis).length == (1 if refusing is FULL else 2)
        turning.stop.set()
        turning.run()
    finally:
        for name, value in before.items():
            log.redis.config_set(name, value)
    assert "Redis refuses" in said[0]
    turning.safe_turn()
    assert said[1:] == ["The sync goes on."]


def test_the_sign_of_life_says_when_the_next_is_due_and_lasts_until_then(log: Log, said: list[str]) -> None:
    Scheduler(interval=86_400, stop=threading.Event(), say=said.append).turn()
    life = sync_lives.together(log.redis)
    assert life is not None
    assert life.interval == 86_400
    assert log.redis.ttl(keys.sync(0)) > 86_400


def test_nothing_ends_the_loop(
    log: Log, turning: Scheduler, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(scheduler, "publish", broken)
        turning.safe_turn()
    assert "ZeroDivisionError: a bug" in said[0]
    turning.safe_turn()
    assert said[1:] == ["The sync goes on."]


def test_it_gives_its_lease_back_in_the_end(log: Log, said: list[str]) -> None:
    stop = threading.Event()
    ends_itself = Scheduler(interval=1e-9, stop=stop, say=said.append)
    ends_itself.turn()
    stop.set()
    ends_itself.run()
    assert reader.take_lease(log.redis, "another", 60)
