"""/live/debug/: it stands whatever is broken, says what is wrong, and shows nothing secret."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from event_store import keys, rooms, sync_lives
from event_store.connect import Redis, async_client
from event_store.rooms import JournalStorage, RoomConnection
from event_store.sync_lives import SyncLife
from journal.record import Record
from journal.writer import JournalWriter
from live_data import sync
from live_data.inspection import storage
from live_data.models import (
    CoverageSpan,
    DataMigrationLog,
    EventCount,
    JournalPosition,
    LiveRoom,
    MonitoringTask,
)
from runtime.process_states import ProcessState
from tests.live_data.conftest import Log, with_settings
from tests.live_data.web_debug import DATABASE, NOWHERE, all_well, collector, now_ms, page, part
from tests.live_data.web_rows import room
from tests.made import AT, ROOM, batch, coverage, danmaku

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eright to left",
    "\x07\x1b[31m",
    "长" * 5000,
]


def test_when_all_is_well_it_says_so(client: Client, redis: Redis, folder: Path) -> None:
    all_well(redis, folder)
    html = page(client)
    assert "All is well." in part(html, "problems")
    processes = part(html, "processes")
    assert re.search(rf"collector runs 2026-09-21 \d\d:13:20 {os.getpid()} 0 [\d.,]+ MiB", processes)
    assert "c0ffee" in processes
    assert "2.9 KiB" in processes  # 3,000 bytes that are not published yet
    assert "Sync: 1.5 s behind, a step every 1 s" in processes
    assert "Valkey" in part(html, "redis")
    assert "noeviction" in part(html, "redis")


def test_a_process_that_ended_is_a_problem_with_its_reason(
    client: Client, redis: Redis, folder: Path
) -> None:
    states = all_well(redis, folder)
    states.note(ProcessState("web", "waiting", AT / 1000, restarts=4, last_exit="killed by SIGKILL"))
    html = page(client)
    assert "web ended and is started again soon (killed by SIGKILL)" in part(html, "problems")
    assert "4 – killed by SIGKILL" in part(html, "processes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "started by hand"),
        ('{"supervisor": 1, "processes": [', "cannot be read"),
        (
            '{"supervisor": 999999999, "mark": "1", "since": 1790000000, "processes": []}',
            "does not run any more",
        ),
    ],
)
def test_a_state_file_that_is_missing_torn_or_of_a_dead_up_is_told(
    client: Client, folder: Path, text: str | None, said: str
) -> None:
    if text is not None:
        (folder / "processes.json").write_text(text)
    assert said in part(page(client), "processes")


def test_redis_that_is_away_takes_nothing_else_away(client: Client, folder: Path, settings: Settings) -> None:
    EventCount.objects.create(room_id=ROOM, outcome="received", count=2)
    EventCount.objects.create(room_id=ROOM, outcome="stored", count=2)
    with_settings(settings, redis_url=NOWHERE)
    html = page(client)
    for name in ("problems", "processes", "redis", "log", "keys"):
        assert "Redis does not answer" in part(html, name), name
    assert "127.0.0.1:1" in part(html, "redis")
    assert f"{ROOM} 2 2 0 0 0 0 0 0" in part(html, "ledger")
    assert "unknown while Redis is away" in part(html, "ledger")
    assert DATABASE in part(html, "disk")


def test_no_secret_is_on_the_page(
    client: Client, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(settings, redis_url=NOWHERE)
    monkeypatch.setenv("SOME_TOKEN", "t0k3n-of-the-environment")
    html = page(client)
    assert "s3cr3t" not in html
    assert settings.SECRET_KEY not in html
    assert "t0k3n" not in html


@pytest.mark.parametrize(
    "spoil",
    [
        lambda redis: redis.hset(keys.COLLECTORS, "x", "{"),
        lambda redis: redis.hset(keys.COLLECTORS, b"\xff", "{}"),
        lambda redis: redis.set(keys.COLLECTORS, "not a hash"),
        lambda redis: redis.set(keys.sync(0), "[]"),
        lambda redis: redis.set(keys.LOG, "not a stream"),
        lambda redis: redis.set(keys.lease(0), b"\xff:\xff"),
        lambda redis: collector(redis, at=10**17, started_at=10**17),
        lambda redis: redis.xadd(keys.LOG, {"h": "x"}, id="99999999999999999-1"),
    ],
)
def test_it_stands_whatever_somebody_wrote_into_redis(
    client: Client, redis: Redis, folder: Path, spoil: Callable[[Redis], object]
) -> None:
    all_well(redis, folder)
    spoil(redis)
    assert DATABASE in part(page(client), "disk")
    assert client.get("/live/api/health").status_code in (200, 503)
    assert client.post("/live/debug/check").status_code == 302


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(
    client: Client, redis: Redis, folder: Path, text: str
) -> None:
    name = text[:300]
    collector(redis, name=name, problem=text)
    sync_lives.show(redis, SyncLife(now_ms(), 0, text))
    redis.set(f"room:{name}", "x")
    room()
    LiveRoom.objects.update(uname=text)
    EventCount.objects.create(room_id=ROOM, outcome="received", count=1)
    EventCount.objects.create(room_id=ROOM, outcome="ignored", name=name, count=1)
    DataMigrationLog.objects.create(
        migration_type=name[:50], start_time=datetime.now(UTC), status="failed", error_message=text
    )
    client.post("/live/debug/check")
    html = page(client)
    assert "<script>alert" not in html
    assert "<img" not in html.replace('<img src="/static', "")
    assert "\x07" not in part(html, "keys")
    assert "\u202e" not in re.sub("<bdi.*?</bdi>", "", html, flags=re.DOTALL)


def test_the_log_says_how_far_the_sync_is_behind(client: Client, log: Log, folder: Path) -> None:
    log.append(batch([danmaku(1)]), "1790000000000-0")
    sync.step(log.redis)
    log.append(batch([danmaku(2)], journal=(100, 200)), "1790000090000-0")
    html = page(client)
    said = part(html, "log")
    assert "1 entry · 1 min 30 s" in said
    assert "nobody at the moment" in said
    assert f"{ROOM} 2 1 0 0 0 0 1 0" in part(html, "ledger")
    assert "Balanced." in part(html, "ledger")


def test_what_does_not_balance_is_shown(client: Client, folder: Path) -> None:
    EventCount.objects.create(room_id=ROOM, outcome="received", count=5)
    EventCount.objects.create(room_id=ROOM, outcome="stored", count=3)
    said = part(page(client), "ledger")
    assert "1 room is not balanced" in said
    assert f"{ROOM} 5 3 0 0 0 0 0 2" in said


def test_commands_passed_over_and_reasons_are_counted_most_first_and_bounded(
    client: Client, folder: Path
) -> None:
    EventCount.objects.create(room_id=1, outcome="ignored", name="COMBO_SEND", count=1000)
    EventCount.objects.create(room_id=1, outcome="ignored", name="WARNING", count=999)
    for number in range(65):
        EventCount.objects.create(room_id=1, outcome="ignored", name=f"CMD_{number:02d}", count=number + 1)
        EventCount.objects.create(room_id=2, outcome="ignored", name=f"CMD_{number:02d}", count=number + 1)
    EventCount.objects.create(room_id=1, outcome="rejected", name="not JSON", count=7)
    EventCount.objects.create(room_id=1, outcome="undecodable", name="bad header", count=4)
    said = part(page(client), "ledger")
    assert "COMBO_SEND sums up what is reported singly 1,000" in said
    assert "WARNING kept by now; these are of before 999" in said
    unknown = "not known: see New from Bilibili"
    assert f"CMD_64 {unknown} 130 CMD_63 {unknown} 128" in said
    assert "CMD_06" not in said
    assert "7 more" in said
    assert "not JSON 7" in said
    assert "bad header 4" in said


def test_many_rooms_make_no_endless_page_and_no_more_queries(client: Client, folder: Path) -> None:
    def balanced(room_id: int) -> None:
        EventCount.objects.create(room_id=room_id, outcome="received", count=room_id)
        EventCount.objects.create(room_id=room_id, outcome="stored", count=room_id)

    balanced(1)
    with CaptureQueriesContext(connection) as of_one:
        page(client)
    for number in range(2, 71):
        balanced(number)
    with CaptureQueriesContext(connection) as of_many:
        said = part(page(client), "ledger")
    assert len(of_many) == len(of_one)
    assert "20 more rooms, also in the total" in said
    assert "All rooms 2,485 2,485" in said


def test_a_journal_is_told_with_what_sql_has_of_it(client: Client, folder: Path) -> None:
    with JournalWriter(folder / "journal") as journal:
        for number in range(100):
            end = journal.append(Record(1, AT + number, ROOM, 1, b"x" * 1000))
        name = journal.name
    JournalPosition.objects.create(collector=name, position=end - 2048)
    JournalPosition.objects.create(collector="elsewhere", position=5, hole_from=9)
    said = part(page(client), "journals")
    assert re.search(rf"{name} 1 100 KiB 2026-09-21 \S+ {end:,} {end - 2048:,} 2.0 KiB none", said), said
    assert "elsewhere not in this data folder 5 – the log lacks what lies before 9" in said


def test_a_journal_that_sql_has_not_heard_of_is_told(client: Client, folder: Path) -> None:
    assert "There is no journal yet." in part(page(client), "journals")
    with JournalWriter(folder / "journal") as journal:
        name = journal.name
    assert f"{name} 1 0 B – 0 0 0 B none" in part(page(client), "journals")


def test_the_newest_runs_are_listed_and_failures_marked(client: Client, folder: Path) -> None:
    for number in range(25):
        DataMigrationLog.objects.create(
            migration_type="continuous", start_time=datetime.now(UTC), status="success", total_records=number
        )
    DataMigrationLog.objects.create(
        migration_type="all",
        start_time=datetime.now(UTC),
        status="failed",
        error_message="database is locked",
    )
    said = part(page(client), "runs")
    assert said.count("continuous, an hour") == 19
    assert "by hand: all failed" in said
    assert "database is locked" in said


def test_a_disk_that_is_nearly_full_is_a_problem(
    client: Client, redis: Redis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_well(redis, folder)
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(total=100 << 30, free=900 << 20))
    html = page(client)
    assert "900 MiB are left" in part(html, "problems")
    assert "nearly full" in part(html, "disk")


@pytest.mark.parametrize(
    ("size", "free", "is_low"),
    [
        (100 << 30, (1 << 30) - 1, True),
        (10 << 30, 2 << 30, False),
        (120 << 20, 118 << 20, False),
        (4 << 30, 700 << 20, True),
        (120 << 20, 5 << 20, True),
        (100 << 30, 5 << 30, False),
        (100 << 30, (5 << 30) - 1, True),
    ],
)
def test_under_5_percent_or_under_1_gib_and_20_percent_is_low(size: int, free: int, is_low: bool) -> None:
    assert storage.Volume(Path("/"), size, free).is_low is is_low


def test_no_table_of_events_is_read_through(client: Client, folder: Path) -> None:
    with CaptureQueriesContext(connection) as asked:
        page(client)
    asked_for = [query["sql"] for query in asked]
    assert [sql for sql in asked_for if "live_data_danmakudata" in sql] == [
        'SELECT MAX("live_data_danmakudata"."id") AS "last" FROM "live_data_danmakudata"'
    ]
    assert not [sql for sql in asked_for if "COUNT(" in sql and "journalposition" not in sql]


def test_the_page_has_no_inline_script_or_style(client: Client, folder: Path) -> None:
    html = page(client)
    assert "<script>" not in html
    assert "style=" not in html


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (JournalStorage(size=3 << 20), ["3.0 MiB · no limit", "Grows by not measured yet"]),
        (
            JournalStorage(size=3 << 20, limit=5 << 30, rate=1024.0),
            ["3.0 MiB / 5.0 GiB", "Grows by 84.4 MiB a day", "Full not in sight"],
        ),
        (JournalStorage(rate=1024.0, full_in=3 * 86400.0 + 7300), ["Full in about 3 d 2 h"]),
        (JournalStorage(rate=1e300, full_in=1e300, size=-1, limit=2**62), ["Full in about"]),
        (JournalStorage(is_over=True), ["larger than its limit: nothing is deleted"]),
        (
            JournalStorage(waiting=2, waiting_since=AT),
            ["In memory 2 records that the disk refuses, since 2026-09-21"],
        ),
    ],
)
def test_the_time_until_the_journal_is_full_is_shown(
    client: Client, redis: Redis, folder: Path, said: JournalStorage, shown: list[str]
) -> None:
    all_well(redis, folder)
    collector(redis, storage=said)
    text = part(page(client), "journals")
    assert [each for each in shown if each not in text] == [], text


def test_a_journal_that_is_full_within_the_hour_is_a_problem_for_people_and_machines(
    client: Client, redis: Redis, folder: Path
) -> None:
    all_well(redis, folder)
    collector(redis, storage=JournalStorage(rate=9e6, full_in=1200.0))
    assert "full in about 20 min" in part(page(client), "problems")
    answer = client.get("/live/api/health")
    assert answer.status_code == 503
    assert "full in about 20 min" in answer.content.decode()


def test_a_lost_part_of_the_journal_is_a_problem_for_people_and_machines(
    client: Client, redis: Redis, folder: Path, log: Log
) -> None:
    all_well(redis, folder)
    log.append(
        batch([coverage(0, "covered"), coverage(1, "blind", "journal damaged"), coverage(9, "covered")])
    )
    sync.step(log.redis)
    assert "a part of the journal was lost" not in part(page(client), "problems")  # that was years ago
    now = datetime.now(UTC)
    CoverageSpan.objects.filter(state="blind").update(timestamp=now - timedelta(seconds=9), end=now)
    said = "a part of the journal was lost before the database had it: what rooms sent between"
    assert said in part(page(client), "problems")
    answer = client.get("/live/api/health")
    assert answer.status_code == 503
    assert said in answer.content.decode()


async def show(redis_url: str, room_id: int, connection: RoomConnection) -> None:
    async with async_client(redis_url) as client:
        await rooms.show_connections(client, {room_id: connection})


def test_health_is_not_ok_while_every_watched_room_is_blind(
    client: Client, redis: Redis, redis_url: str, folder: Path
) -> None:
    all_well(redis, folder)
    MonitoringTask.objects.create(task_name="one", room_ids_json=f"[{ROOM}]", status="running")
    lost = now_ms() - 90_000
    unreachable = RoomConnection("blind", "unreachable", "no route", lost, blind_since=lost)
    asyncio.run(show(redis_url, ROOM, unreachable))
    told = "none has been connected for 9"
    answer = client.get("/live/api/health")
    assert answer.status_code == 503
    assert told in answer.content.decode()
    assert "the site cannot be reached" in answer.content.decode()
    assert told in part(page(client), "problems")
    levels = {sign["part"]: sign["level"] for sign in client.get("/live/api/status").json()["health"]}
    assert levels["network"] == "bad"
    asyncio.run(show(redis_url, ROOM, RoomConnection("covered")))
    assert client.get("/live/api/health").status_code == 200


def test_a_paused_room_that_nobody_connects_is_no_problem(
    client: Client, redis: Redis, redis_url: str, folder: Path
) -> None:
    all_well(redis, folder)
    MonitoringTask.objects.create(task_name="one", room_ids_json=f"[{ROOM}]", status="running")
    room()
    LiveRoom.objects.update(is_paused=True)
    lost = RoomConnection("blind", "unreachable", blind_since=1)
    asyncio.run(show(redis_url, ROOM, lost))
    assert client.get("/live/api/health").status_code == 200
