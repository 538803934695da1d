"""What a person may ask of /live/debug/: keys, a sync by hand, a check; and what a machine may ask."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from event_store import sync_lives
from event_store.connect import Redis
from event_store.sync_lives import SyncLife
from live_data.models import DataMigrationLog
from tests.live_data.conftest import Log, with_settings
from tests.live_data.web_debug import DATABASE, NOWHERE, all_well, collector, now_ms, page, part
from tests.made import batch, danmaku

pytestmark = pytest.mark.django_db


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
    assert DATABASE in part(html, "disk")


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
    assert "collector c0ffee is in trouble" in said
    assert '<bdi class="foreign" translate="no">(disk full)</bdi>' in said


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


def test_machines_are_told_in_json_whether_all_is_well(
    client: Client, redis: Redis, folder: Path, settings: Settings
) -> None:
    all_well(redis, folder)
    answer = client.get("/live/api/health")
    news = {"unknown command": 0, "changed shape": 0, "rejected": 0}
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "problems": [], "news": news})
    sync_lives.show(redis, SyncLife(now_ms(), 0, "database is locked"))
    answer = client.get("/live/api/health")
    assert (answer.status_code, answer.json()["problems"]) == (
        503,
        ["the sync is in trouble (database is locked)"],
    )
    with_settings(settings, redis_url=NOWHERE)
    answer = client.get("/live/api/health")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert answer.json()["problems"][0].startswith("Redis does not answer")
    assert client.post("/live/api/health").status_code == 405
