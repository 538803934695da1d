"""/live/debug/: it stands whatever is broken, says what is wrong, and shows nothing secret."""

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from event_store import keys, rooms
from event_store.connect import Redis
from event_store.rooms import CollectorLife, SyncLife
from journal.record import Record
from journal.writer import JournalWriter
from live_data import sync
from live_data.inspection import storage
from live_data.instants import epoch_ms
from live_data.models import DataMigrationLog, EventCount, JournalPosition, LiveRoom
from runtime.process_states import ProcessState, StateFile
from tests.live_data.conftest import Log, with_settings
from tests.live_data.web_rows import room
from tests.made import AT, ROOM, batch, danmaku

pytestmark = pytest.mark.django_db

NOWHERE = "redis://somebody:s3cr3t@127.0.0.1:1/0"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eright to left",
    "\x07\x1b[31m",
    "长" * 5000,
]


@pytest.fixture
def folder(tmp_path: Path, redis: Redis, settings: Settings) -> Path:
    """A data folder of its own, so that no other test's journal is in it."""
    with_settings(settings, data_dir=tmp_path)
    return tmp_path


def page(client: Client, query: str = "", status: int = 200) -> str:
    """The page's text."""
    response = client.get(f"/live/debug/{query}")
    assert response.status_code == status, response.content
    return response.content.decode()


def part(html: str, name: str) -> str:
    """What a person reads in one part."""
    found = re.search(rf'<(section|div|p)[^>]* ?id="{name}".*?</\1>', html, re.DOTALL)
    assert found, name
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[0])).split())


def now_ms() -> int:
    return epoch_ms(datetime.now(UTC))


def collector(redis: Redis, name: str = "c0ffee", **changed: Any) -> None:
    said = {"at": now_ms(), "pid": 4711, "started_at": AT, "rooms": 3}
    said |= {"journal_position": 5000, "published_position": 2000}
    redis.hset(keys.COLLECTORS, name, msgspec.json.encode(CollectorLife(**{**said, **changed})).decode())


def all_well(redis: Redis, folder: Path) -> StateFile:
    collector(redis)
    rooms.show_sync(redis, SyncLife(at=now_ms(), behind=1500, interval=1))
    states = StateFile(folder / "processes.json")
    states.note(ProcessState("collector", "running", AT / 1000, os.getpid()))
    return states


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
    assert "web ended and is started again soon killed by SIGKILL" in part(html, "problems")
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
    assert "sqlite wal" in part(html, "disk")


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
        lambda redis: redis.set(keys.log(0), "not a stream"),
        lambda redis: redis.set(keys.lease(0), b"\xff:\xff"),
        lambda redis: collector(redis, at=10**17, started_at=10**17),
        lambda redis: redis.xadd(keys.log(0), {"h": "x"}, id="99999999999999999-1"),
    ],
)
def test_it_stands_whatever_somebody_wrote_into_redis(
    client: Client, redis: Redis, folder: Path, spoil: Callable[[Redis], object]
) -> None:
    all_well(redis, folder)
    spoil(redis)
    assert "sqlite wal" in part(page(client), "disk")
    assert client.get("/live/api/health").status_code in (200, 503)
    assert client.post("/live/debug/check").status_code == 302


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(
    client: Client, redis: Redis, folder: Path, text: str
) -> None:
    name = text[:300]
    collector(redis, name=name, problem=text)
    rooms.show_sync(redis, SyncLife(now_ms(), 0, text))
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


def test_unknown_commands_and_reasons_are_counted_most_first_and_bounded(
    client: Client, folder: Path
) -> None:
    for number in range(25):
        EventCount.objects.create(room_id=1, outcome="ignored", name=f"CMD_{number:02d}", count=number + 1)
        EventCount.objects.create(room_id=2, outcome="ignored", name=f"CMD_{number:02d}", count=number + 1)
    EventCount.objects.create(room_id=1, outcome="rejected", name="not JSON", count=7)
    EventCount.objects.create(room_id=1, outcome="undecodable", name="bad header", count=4)
    said = part(page(client), "ledger")
    assert "CMD_24 50 CMD_23 48" in said
    assert "CMD_04" not in said
    assert "5 more" in said
    assert "not JSON 7" in said
    assert "bad header 4" in said


def test_many_rooms_make_no_endless_page_and_no_more_queries(
    client: Client, folder: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 71):
        EventCount.objects.create(room_id=number, outcome="received", count=number)
        EventCount.objects.create(room_id=number, outcome="stored", count=number)
    with django_assert_max_num_queries(60):
        said = part(page(client), "ledger")
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


def test_keys_are_found_by_pattern(client: Client, redis: Redis, folder: Path) -> None:
    for number in range(5):
        redis.set(f"room:{number}:info", "x", ex=90)
    redis.set("other", "x")
    assert "room:*:info 5" in part(page(client), "keys")
    assert "other" not in part(page(client), "keys")
    assert "other string never" in part(page(client, "?pattern=oth*&limit=1"), "keys")
    some = part(page(client, "?limit=2"), "keys")
    assert some.count("string") == 2
    assert "1 min" in some
    assert "No key matches." in part(page(client, "?pattern=nothing*"), "keys")


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("?limit=0", "limit", "from 1 to 200"),
        ("?limit=201", "limit", "from 1 to 200"),
        ("?limit=many", "limit", "from 1 to 200"),
        (f"?limit={'9' * 5000}", "limit", "from 1 to 200"),
        (f"?pattern={'x' * 101}", "pattern", "at most 100 characters"),
        ("?pattern=%00", "pattern", "NUL"),
    ],
)
def test_a_bad_question_is_answered_beside_its_field(
    client: Client, folder: Path, query: str, field: str, said: str
) -> None:
    html = page(client, query, status=400)
    assert said in part(html, f"keys-{field}-said")
    assert "sqlite wal" in part(html, "disk")


@pytest.mark.parametrize("pattern", ["[", "\\", "%5B%5E", "*a*a*a*a*a*a*a*a*b", "%F0%9F%92%A9", "%FF"])
def test_a_strange_pattern_does_no_harm(client: Client, redis: Redis, folder: Path, pattern: str) -> None:
    redis.set("room:" + "a" * 200, "x")
    part(page(client, f"?pattern={pattern}"), "keys")


def test_sync_now_stores_what_waits_and_says_what_it_did(client: Client, log: Log, folder: Path) -> None:
    log.append(batch([danmaku(1), danmaku(2)]))
    answer = client.post("/live/debug/sync", follow=True)
    assert "Synced: 2 received, 2 stored, 0 rejected." in answer.content.decode()
    row = DataMigrationLog.objects.get(migration_type="all")
    assert (row.status, row.total_records) == ("success", 2)
    assert "Synced:" not in page(client)


def test_a_sync_that_cannot_go_on_says_why_in_a_line(client: Client, log: Log, folder: Path) -> None:
    log.append(batch([danmaku(1)], schema=99))
    html = client.post("/live/debug/sync", follow=True).content.decode()
    assert "cannot be read to its end" in html
    assert "newer version" in html
    assert DataMigrationLog.objects.get(migration_type="all").status == "failed"


@pytest.mark.parametrize("address", ["sync", "check"])
def test_buttons_say_that_redis_is_away(
    client: Client, folder: Path, settings: Settings, address: str
) -> None:
    with_settings(settings, redis_url=NOWHERE)
    answer = client.post(f"/live/debug/{address}")
    assert (answer.status_code, answer["Location"]) == (302, "/live/debug/")
    html = client.get("/live/debug/").content.decode()
    assert "Redis does not answer" in html.partition("debug-messages")[2].partition("</ul>")[0]
    assert "s3cr3t" not in html


def test_check_keys_says_ok_or_what_is_wrong(client: Client, redis: Redis, folder: Path) -> None:
    all_well(redis, folder)
    assert "Keys: ok" in client.post("/live/debug/check", follow=True).content.decode()
    collector(redis, problem="disk full")
    html = client.post("/live/debug/check", follow=True).content.decode()
    said = html.partition("debug-messages")[2].partition("</ul>")[0]
    assert "collector c0ffee:" in said
    assert '<bdi class="foreign" translate="no">disk full</bdi>' in said


def test_no_more_problems_are_said_than_a_cookie_holds(client: Client, redis: Redis, folder: Path) -> None:
    for number in range(30):
        collector(redis, name=f"c{number}", problem="x" * 5000)
    html = client.post("/live/debug/check", follow=True).content.decode()
    said = html.partition("debug-messages")[2].partition("</ul>")[0]
    assert said.count("<li") == 11
    assert "21 more" in said


@pytest.mark.parametrize("address", ["sync", "check"])
def test_buttons_need_a_post_with_a_token(folder: Path, address: str) -> None:
    assert Client().get(f"/live/debug/{address}").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"/live/debug/{address}").status_code == 403


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
        (100 << 30, 5 << 30, False),
        (100 << 30, (5 << 30) - 1, True),
    ],
)
def test_under_1_gib_or_5_percent_is_low(size: int, free: int, is_low: bool) -> None:
    assert storage.Volume(Path("/"), size, free).is_low is is_low


def test_machines_are_told_in_json_whether_all_is_well(
    client: Client, redis: Redis, folder: Path, settings: Settings
) -> None:
    all_well(redis, folder)
    answer = client.get("/live/api/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "problems": []})
    rooms.show_sync(redis, SyncLife(now_ms(), 0, "database is locked"))
    answer = client.get("/live/api/health")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["sync: database is locked"])
    with_settings(settings, redis_url=NOWHERE)
    answer = client.get("/live/api/health")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert answer.json()["problems"][0].startswith("Redis does not answer")
    assert client.post("/live/api/health").status_code == 405


def test_no_table_of_events_is_read_through(client: Client, folder: Path) -> None:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        page(client)
    events = [sql for sql in asked if "live_data_danmakudata" in sql]
    assert events == ['SELECT MAX("live_data_danmakudata"."id") AS "last" FROM "live_data_danmakudata"']
    assert not [sql for sql in asked if "COUNT(" in sql and "journalposition" not in sql]


def test_the_page_has_no_inline_script_or_style(client: Client, folder: Path) -> None:
    html = page(client)
    assert "<script>" not in html
    assert "style=" not in html
