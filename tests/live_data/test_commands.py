"""The commands: what they say, what they do, and how they end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from bilibili_live.events import AnyEvent
from event_store import sync_lives
from event_store.rooms import CollectorLife, JournalStorage
from event_store.sync_lives import SyncLife
from live_data import sync
from live_data.management.commands.reconcile import Comparison
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    DataMigrationLog,
    EventCount,
    GuardPurchase,
    GuardReportData,
    LiveRoom,
    MinuteCount,
    RollupCalendar,
)
from live_data.reconciling.connections import Findings
from runtime.errors import TRY_AGAIN
from tests import databases
from tests.live_data.conftest import Log, with_settings
from tests.made import AT, batch, coverage, danmaku, gift, guard
from tests.simulator_process import SimulatorProcess

ROOT = Path(__file__).parents[2]
NOWHERE = "redis://127.0.0.1:1"
in_database = pytest.mark.django_db(transaction=True)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@in_database
@pytest.mark.parametrize("data_type", ["all", "danmaku", "gifts"])
def test_a_run_by_hand_says_what_it_did_and_is_one_row_of_the_log(
    log: Log, capsys: pytest.CaptureFixture[str], data_type: str
) -> None:
    for number in range(3):
        log.append(batch([danmaku(number), gift(number)], journal=(number, number + 1)))
    call_command("sync_redis_to_db", data_type=data_type)
    stored = {"all": 6, "danmaku": 3, "gifts": 3}[data_type]
    assert f"Synced {data_type}: {stored} received, {stored} stored, 0 duplicate" in capsys.readouterr().out
    row = DataMigrationLog.objects.get(migration_type=data_type)
    assert (row.status, row.total_records, row.success_records) == ("success", stored, stored)


@in_database
@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("data_type", ["all", "danmaku"])
def test_a_run_that_cannot_go_on_says_why(log: Log, data_type: str, before: int) -> None:
    for number in range(before):
        log.append(batch([danmaku(number)]))
    log.append(batch([danmaku(1)], schema=99))
    with pytest.raises(CommandError, match="newer version"):
        call_command("sync_redis_to_db", data_type=data_type)
    row = DataMigrationLog.objects.get(migration_type=data_type)
    assert (row.status, row.total_records) == ("failed", before)


@in_database
@pytest.mark.parametrize(
    "command",
    [
        ("sync_redis_to_db",),
        ("start_sync_scheduler",),
        ("check_redis_keys",),
        ("reconcile", "--simulator", "http://127.0.0.1:1"),
    ],
)
def test_redis_that_is_away_is_told_in_one_line(settings: Any, command: tuple[str, ...]) -> None:
    with_settings(settings, redis_url=NOWHERE)
    with pytest.raises(CommandError) as told:
        call_command(*command)
    assert str(told.value).startswith(f"Redis does not answer at {NOWHERE}")
    assert "\n" not in str(told.value)


@in_database
def test_rooms_that_a_locked_database_did_not_take_are_to_be_tried_again() -> None:
    def locked(*_: Any) -> Any:
        raise OperationalError("database is locked")

    with connection.execute_wrapper(locked), pytest.raises(CommandError, match="locked") as told:
        call_command("watch", from_settings=True)
    assert told.value.returncode == TRY_AGAIN


def show_all_well(log: Log) -> None:
    life = CollectorLife(now_ms(), 1, 1, rooms=2, journal_position=5, published_position=5)
    log.redis.hset("collectors", "c0ffee", msgspec.json.encode(life).decode())
    sync_lives.show(log.redis, SyncLife(at=now_ms(), behind=0))


def show_journal(log: Log, **storage: Any) -> None:
    life = CollectorLife(now_ms(), 1, 1, 2, 5, 5, storage=JournalStorage(**storage))
    log.redis.hset("collectors", "c0ffee", msgspec.json.encode(life).decode())


def show_waiting(log: Log) -> None:
    now = now_ms()
    life = CollectorLife(
        now, 1, now - 3_600_000, rooms=0, journal_position=5, published_position=0, is_waiting=True
    )
    log.redis.hset("collectors", "c0ffee", msgspec.json.encode(life).decode())


@in_database
def test_keys_are_shown_and_health_is_the_exit_code(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    show_all_well(log)
    for number in range(4):
        log.redis.set(f"room:{number}:info", "x", ex=60)
    call_command("check_redis_keys", limit=3)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["string"] * 3
    assert "expires in" in lines[0]
    assert lines[-1] == "Health: ok"


@in_database
@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda log: log.redis.delete("sync:0"), "no sync has run"),
        (lambda log: log.redis.delete("collectors"), "no collector has reported"),
        (lambda log: sync_lives.show(log.redis, SyncLife(now_ms(), 0, "disk full")), "disk full"),
        (
            lambda log: sync_lives.show(log.redis, SyncLife(now_ms() - 900_000, 0)),
            "the last sync was 900 s ago",
        ),
        (
            lambda log: sync_lives.show(log.redis, SyncLife(now_ms() + 900_000, 0)),
            "s in the future: was a clock set?",
        ),
        (show_waiting, "has waited 3600 s for the sync to say where to go on"),
        (lambda log: show_journal(log, full_in=1200.0), "c0ffee is full in about 20 min"),
        (lambda log: show_journal(log, full_in=0.0, waiting=7), "c0ffee; 7 records wait in memory"),
        (lambda log: show_journal(log, is_over=True), "c0ffee is larger than its limit (JOURNAL_MAX_GIB)"),
        (lambda log: log.append(batch([], journal=(50, 60))) and sync.step(log.redis), "lacks bytes 0 to 50"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_1(
    log: Log, capsys: pytest.CaptureFixture[str], break_it: Callable[[Log], object], told: str
) -> None:
    show_all_well(log)
    break_it(log)
    with pytest.raises(SystemExit) as ended:
        call_command("check_redis_keys", pattern="nothing:*")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "No key matches 'nothing:*'." in said
    assert told in said


@in_database
def test_a_slow_sync_between_its_steps_and_a_hole_of_a_collector_that_is_gone_are_no_problem(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    show_all_well(log)
    sync_lives.show(log.redis, SyncLife(now_ms() - 290_000, 0, interval=300))
    gone = CollectorLife(now_ms() - 48 * 3600_000, 1, 1, rooms=2, journal_position=5, published_position=5)
    log.redis.hset("collectors", "gone", msgspec.json.encode(gone).decode())
    log.append(batch([], journal=(50, 60), collector="gone"))
    sync.step(log.redis)
    call_command("check_redis_keys")
    assert "Health: ok" in capsys.readouterr().out


def clean(days: int, *options: str) -> None:
    call_command("cleanup_old_data", "--days", str(days), *options)


@in_database
def test_a_clean_up_takes_old_events_with_their_minutes_and_keeps_the_totals(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = msgspec.structs.replace(danmaku(2), at=now_ms(), event_id=b"f" * 16)
    spans = [coverage(0, "covered"), coverage(9, "blind")]
    events: list[AnyEvent] = [danmaku(1), gift(1), guard("toast"), fresh, *spans]
    log.append(batch(events))
    # A day later than the events: the rows' own time counts, not when they were stored.
    days = (datetime.now(UTC) - datetime.fromtimestamp(AT / 1000, UTC)) // timedelta(days=1)
    clean(days + 1)
    sync.step(log.redis)
    clean(days - 1, "--dry-run")
    assert "DanmakuData: 1" in capsys.readouterr().out
    assert DanmakuData.objects.count() == 2
    clean(days + 1)
    assert DanmakuData.objects.count() == 2
    clean(days - 1)
    assert DanmakuData.objects.get().event_id == b"f" * 16
    assert (GuardPurchase.objects.count(), GuardReportData.objects.count()) == (0, 0)
    assert MinuteCount.objects.count() == 1
    assert CoverageSpan.objects.get().state == "blind"  # it goes on
    assert EventCount.objects.get(outcome="received").count == 6
    assert LiveRoom.objects.count() == 1


@in_database
def test_a_clean_up_between_the_reports_of_a_purchase_makes_no_second_one(log: Log) -> None:
    cut = now_ms() // 60_000 * 60_000 - 86_400_000
    log.append(batch([guard("toast", cut - 1_000), guard("bought", cut + 1_000)]))
    sync.step(log.redis)
    clean(1)
    assert GuardPurchase.objects.count() == 0
    log.append(batch([guard("toast", now_ms())]))
    sync.step(log.redis)
    assert GuardPurchase.objects.get().gold == 198_000


@in_database
def test_a_clean_up_waits_for_the_first_rebuild(log: Log) -> None:
    log.append(batch([danmaku(1)]))
    sync.step(log.redis)
    RollupCalendar.objects.update(is_whole=False)
    with pytest.raises(CommandError, match="rebuild_rollups"):
        clean(0)
    assert DanmakuData.objects.count() == 1


@in_database
def test_figures_are_compared_with_those_of_the_simulator(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    with SimulatorProcess("--rooms", "1", "--rate", "1", "--seed", "1") as simulator:
        [room] = simulator.rooms
        simulator.fault(stop=True)
        call_command("reconcile", simulator=simulator.url, json=True, wait=0)
        answer = json.loads(capsys.readouterr().out)
        assert answer["equal"] is True
        kinds = {"danmaku", "gift", "super_chat", "guard", "red_packet", "gold"}
        assert answer["rooms"][str(room)].keys() == kinds
        log.append(
            batch([danmaku(1, room_id=room), danmaku(2, room_id=room, is_mirror=True), gift(1, room_id=room)])
        )
        sync.step(log.redis)
        with pytest.raises(SystemExit) as ended:
            call_command("reconcile", simulator=simulator.url, json=True, wait=0)
    assert ended.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["equal"] is False
    assert answer["rooms"][str(room)]["danmaku"] == {"ledger": 0, "sql": 1}
    assert answer["rooms"][str(room)]["gold"] == {"ledger": 0, "sql": 100}


def beside(**kinds: tuple[int, int]) -> dict[str, dict[str, int]]:
    """Of one room: what the ledger says, what SQL has."""
    return {kind: {"ledger": sent, "sql": stored} for kind, (sent, stored) in kinds.items()}


def test_a_difference_is_told_by_its_size_and_not_by_the_total() -> None:
    equal, less = beside(danmaku=(700, 700), gold=(5, 5)), beside(danmaku=(9, 7), gift=(3, 4), gold=(300, 50))
    assert Comparison({"1": equal}).in_words == "Equal: 700 events in 1 rooms."
    assert Comparison({"1": equal, "2": less}).in_words == (
        "Not equal: 3 events and 250 gold apart in 1 of 2 rooms; 711 events are stored."
    )
    lost = Findings(not_a_suffix=["gift 1"], not_blind=["gift 1", "danmaku 2"])
    assert Comparison({"1": equal}, lost).in_words == (
        "Not equal: 2 reports missing that may not be; 700 events are stored."
    )


@pytest.mark.parametrize("url", ["http://example.org", "ftp://127.0.0.1", "file:///etc/passwd"])
def test_only_a_simulator_on_this_machine_is_asked(url: str) -> None:
    with pytest.raises(CommandError, match="must be a simulator on this machine"):
        call_command("reconcile", "--simulator", url)


@contextmanager
def managed(folder: Path, redis_url: str, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    """`manage.py ARGUMENTS` with data in ``folder``, killed in the end if it lives."""
    environ = os.environ | databases.settings(folder) | {"REDIS_URL": redis_url}
    command = [sys.executable, "manage.py", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=pipe, stderr=pipe, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.with_database
def test_a_database_without_tables_is_told_in_one_line(tmp_path: Path, redis_url: str) -> None:
    with managed(tmp_path, redis_url, "sync_redis_to_db") as process:
        said, errors = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert "make run" in errors
    assert errors.count("\n") == 1


@pytest.mark.with_database
def test_the_scheduler_stores_what_comes_and_ends_when_told(tmp_path: Path, log: Log, redis_url: str) -> None:
    with managed(tmp_path, redis_url, "migrate", "--skip-checks", "-v0") as migrating:
        assert migrating.wait(60) == 0
    with managed(tmp_path, redis_url, "start_sync_scheduler", "--interval", "0.1") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Syncing every 0.1 s")
        log.append(batch([danmaku(1), gift(1)]))
        wait_for_danmaku(tmp_path)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def wait_for_danmaku(data_dir: Path) -> None:
    deadline = time.monotonic() + 30
    with databases.opened(data_dir) as database:
        while database.ask("SELECT count(*) FROM live_data_danmakudata") != [(1,)]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.mark.django_db
def test_a_limit_below_0_is_refused(redis_url: str) -> None:
    with pytest.raises(CommandError, match="--limit must be 0 or more"):
        call_command("check_redis_keys", limit=-1)
