"""Whatever befalls Redis: what was journaled is in SQL once, memory stays bounded, and it is told."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector import publisher as publisher_module
from event_store import bounds, connect, keys, rooms
from event_store.connect import Redis, client
from live_data.models import DanmakuData, EventCount
from live_data.scheduler import Scheduler
from tests.live_data.conftest import with_settings
from tests.system.capturing import Capturing, assert_everything_once, capturing, settle, wait
from tests.valkey_process import ValkeyProcess, valkey_process

pytestmark = pytest.mark.django_db(transaction=True)

_PAUSE = 1500  # ms; longer than the clients wait


@pytest.fixture(autouse=True)
def _clients_do_not_wait_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_TIMEOUT", 0.5)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyProcess]:
    with valkey_process(tmp_path / "redis") as process:
        yield process


@pytest.fixture
def scheduler(valkey: ValkeyProcess, settings: Any) -> Scheduler:
    with_settings(settings, redis_url=valkey.url)
    return Scheduler(interval=1e-9, stop=threading.Event(), say=lambda _: None)


@pytest.fixture
def capture(tmp_path: Path, valkey: ValkeyProcess, scheduler: Scheduler) -> Iterator[Capturing]:
    """Something is in SQL already when the test begins."""
    with capturing(tmp_path, valkey.url) as running:
        wait(lambda: running.publisher.knows_its_place, scheduler.safe_turn)
        running.say(10)
        settle(running, scheduler)
        yield running


@pytest.fixture
def redis(valkey: ValkeyProcess, capture: Capturing) -> Iterator[Redis]:
    with client(valkey.url) as connection:
        yield connection


@pytest.fixture
def small_log(monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes from which on the log takes nothing. To be set before anything is appended."""
    limit = 300_000
    monkeypatch.setattr(bounds, "_MOST", limit)
    monkeypatch.setattr(bounds, "_KEPT", limit // 4)
    monkeypatch.setattr(bounds, "_EVERY", 0.0)
    return limit


def log_bytes(redis: Redis) -> int:
    return redis.memory_usage(keys.LOG, samples=0) or 0


def begins(problem: str, capture: Capturing) -> bool:
    return capture.problem.startswith(problem)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("kill", "start"), ("stop", "start"), ("freeze", "thaw")],
    ids=["refuses connections", "its socket is gone", "answers nothing"],
)
def test_while_it_is_away_the_journal_carries_on_and_nothing_is_held_in_memory(
    valkey: ValkeyProcess, capture: Capturing, scheduler: Scheduler, begin: str, end: str
) -> None:
    getattr(valkey, begin)()
    capture.say(1200)
    wait(lambda: begins("Redis is away", capture), scheduler.safe_turn)
    held = capture.publisher.held
    capture.say(800)
    assert capture.publisher.held <= held
    assert DanmakuData.objects.count() == 10
    getattr(valkey, end)()
    settle(capture, scheduler)
    assert_everything_once(capture)
    wait(lambda: capture.problem == "", scheduler.safe_turn)


def test_a_name_that_nobody_knows_is_an_absence_like_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with capturing(tmp_path, "redis://nowhere.invalid:6379") as running:
        running.publisher.heed(rooms.CommittedPosition(0))
        running.say(3)
        wait(lambda: begins("Redis is away", running))
        assert "nowhere.invalid" in running.problem


def test_when_it_is_slow_memory_is_bounded_and_nothing_is_stored_twice(
    capture: Capturing, scheduler: Scheduler, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "WAITING_BATCHES", 3)
    monkeypatch.setattr(publisher_module, "BATCH_EVENTS", 20)
    redis.client_pause(_PAUSE, all=False)
    held = 0
    for _ in range(20):
        capture.say(10)
        held = max(held, capture.publisher.held)
    assert held <= 4 * 20
    assert not capture.is_published()
    assert capture.problem == "Redis is slower than the rooms"
    capture.say(200)
    settle(capture, scheduler)
    assert_everything_once(capture)
    wait(lambda: capture.problem == "", scheduler.safe_turn)


def test_a_full_redis_is_told_and_takes_events_again_once_the_sync_has_made_room(
    capture: Capturing, scheduler: Scheduler, redis: Redis
) -> None:
    redis.setrange("of somebody else", 12 << 20, "x")
    redis.config_set("maxmemory", redis.info("memory")["used_memory"] + (1 << 19))
    for _ in range(60):
        capture.say(100)
        if begins("Redis is full", capture):
            break
    wait(lambda: begins("Redis is full: its maxmemory", capture))
    assert "line 1" not in capture.problem  # no texts of rooms
    capture.say(500)
    assert not capture.is_published()
    settle(capture, scheduler)
    assert_everything_once(capture)
    wait(lambda: capture.problem == "", scheduler.safe_turn)
    assert log_bytes(redis) < 1 << 19


def test_while_the_sync_stands_still_the_log_does_not_grow_without_end(
    small_log: int, capture: Capturing, scheduler: Scheduler, redis: Redis
) -> None:
    for _ in range(40):
        capture.say(100)
    wait(lambda: begins("the sync is behind", capture))
    assert not capture.is_published()
    # It is weighed by a few of its entries, each time by others.
    assert small_log * 3 // 4 < log_bytes(redis) < 2 * small_log
    settle(capture, scheduler)
    assert_everything_once(capture)
    wait(lambda: capture.problem == "", scheduler.safe_turn)


def test_a_log_in_a_small_redis_is_bounded_by_a_share_of_it() -> None:
    small = bounds.Memory(used=10 << 20, most=64 << 20)
    assert bounds.most_bytes(small) == 32 << 20
    assert bounds.kept_bytes(small) == 8 << 20
    assert bounds.kept_bytes(bounds.Memory(used=63 << 20, most=64 << 20)) == 0
    unlimited = bounds.Memory(used=900 << 20, most=0)
    assert bounds.most_bytes(unlimited) > bounds.kept_bytes(unlimited) > small.most // 2


@pytest.mark.parametrize("is_synced", [True, False], ids=["after the sync", "before the sync"])
def test_restarted_empty_it_gets_again_what_sql_has_not(
    valkey: ValkeyProcess, capture: Capturing, scheduler: Scheduler, is_synced: bool
) -> None:
    capture.say(300)
    wait(capture.is_published)
    if is_synced:
        settle(capture, scheduler)
    valkey.lose_everything()
    capture.say(50)
    valkey.start()
    settle(capture, scheduler)
    assert_everything_once(capture)


def test_an_evicted_log_is_published_again(capture: Capturing, scheduler: Scheduler, redis: Redis) -> None:
    capture.say(300)
    wait(capture.is_published)
    redis.delete(keys.LOG)
    capture.say(50)
    settle(capture, scheduler)
    assert_everything_once(capture)


@pytest.mark.parametrize("torn", [0, 37], ids=["between records", "inside a record"])
@pytest.mark.parametrize("is_synced", [True, False], ids=["after the sync", "before the sync"])
def test_restarted_without_the_tail_of_its_file_it_gets_again_what_sql_has_not(
    valkey: ValkeyProcess, capture: Capturing, scheduler: Scheduler, is_synced: bool, torn: int
) -> None:
    kept = valkey.log_file.stat().st_size
    before = DanmakuData.objects.count()
    capture.say(300)
    wait(capture.is_published)
    if is_synced:
        settle(capture, scheduler)
    valkey.kill()
    capture.say(50)
    with valkey.log_file.open("r+b") as file:
        file.truncate(kept + torn)
    valkey.start()
    settle(capture, scheduler)
    assert_everything_once(capture)
    assert DanmakuData.objects.count() == before + 350


def test_a_substitute_that_keeps_nothing_on_disk_may_be_restarted(
    tmp_path: Path, scheduler: Scheduler, settings: Any
) -> None:
    with valkey_process(tmp_path / "memory", "--appendonly", "no") as substitute:
        with_settings(settings, redis_url=substitute.url)
        with capturing(tmp_path, substitute.url) as running:
            wait(lambda: running.publisher.knows_its_place, scheduler.safe_turn)
            for _ in range(3):
                running.say(200)
                wait(running.is_published)
                scheduler.safe_turn()
                running.say(200)
                substitute.kill()
                running.say(20)
                substitute.start()
            settle(running, scheduler)
            assert_everything_once(running)
            assert EventCount.objects.filter(outcome="stored").exists()
