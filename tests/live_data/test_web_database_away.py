"""Pages while the database cannot be used: a full disk, a lock that somebody holds."""

import contextlib
import json
import logging
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from django.db import OperationalError, connection
from django.test import Client

from event_store import keys
from event_store.connect import Redis
from event_store.rooms import CollectorLife, JournalStorage
from live_data import instants
from tests import full_disk
from tests.live_data.web_running import web

LOCKED = "database is locked"


def _lock(_execute: Callable[..., Any], *_: Any) -> Any:
    raise OperationalError(LOCKED)


@pytest.fixture
def in_trouble(redis: Redis) -> None:
    """A collector whose journal the disk refuses."""
    life = CollectorLife(
        at=instants.epoch_ms(datetime.now(UTC)),
        pid=1,
        started_at=1,
        rooms=1,
        journal_position=1,
        published_position=1,
        problem="the disk refuses the journal",
        storage=JournalStorage(waiting=7),
    )
    redis.hset(keys.COLLECTORS, "c", cast(Any, msgspec.json.encode(life)))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "rooms/", "rooms/1/", "danmaku/", "gifts/"])
@pytest.mark.usefixtures("in_trouble")
def test_a_page_says_what_goes_on_meanwhile_and_asks_again(
    client: Client, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.execute_wrapper(_lock), caplog.at_level(logging.WARNING):
        page = client.get(f"/live/{path}", headers={"Accept": "text/html"})
    assert (page.status_code, page["Refresh"]) == (503, "10")
    shown = page.content.decode()
    assert LOCKED in shown
    assert "the disk refuses the journal" in shown
    assert "7 records wait in memory" in shown
    [line] = [each for each in caplog.records if each.name == "django.request"]
    assert (LOCKED in line.getMessage(), line.exc_info) == (True, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["status", "overview", "figures?room_id=5", "rooms", "danmaku", "gifts", "super_chats", "guards"],
)
@pytest.mark.usefixtures("redis")
def test_a_program_gets_an_error_in_json(client: Client, path: str) -> None:
    with connection.execute_wrapper(_lock):
        answered = client.get(f"/live/api/{path}", headers={"Accept": "text/html"})
    assert (answered.status_code, list(answered.json())) == (503, ["error"])
    assert LOCKED in answered.json()["error"]


@pytest.mark.django_db
@pytest.mark.usefixtures("in_trouble")
def test_health_says_once_that_the_database_is_away_and_what_collectors_say(client: Client) -> None:
    with connection.execute_wrapper(_lock):
        answered = client.get("/live/api/health")
    said = answered.json()["problems"]
    assert answered.status_code == 503
    assert [LOCKED in line for line in said].count(True) == 1
    assert [line for line in said if "the disk refuses the journal" in line]


@pytest.mark.django_db
@pytest.mark.usefixtures("redis")
def test_the_debug_page_shows_what_can_be_looked_at(client: Client) -> None:
    with connection.execute_wrapper(_lock):
        page = client.get("/live/debug/")
    assert (page.status_code, LOCKED in page.content.decode()) == (200, True)


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_a_wrong_query_is_no_state_of_the_database(client: Client) -> None:
    def misspelt(_execute: Callable[..., Any], *_: Any) -> Any:
        with connection.wrap_database_errors, contextlib.closing(sqlite3.connect(":memory:")) as other:
            other.execute("SELECT 1 FROM nowhere")

    with connection.execute_wrapper(misspelt), pytest.raises(OperationalError, match="nowhere"):
        client.get("/live/rooms/")


@pytest.mark.only_on("sqlite")
def test_on_a_full_disk_pages_show_what_the_database_has(tmp_path: Path) -> None:
    # auto_vacuum takes a page of the write-ahead log, and a full disk has none.
    with web(tmp_path, "unix:///nowhere/valkey.sock") as running, _held_open(tmp_path) as held:
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        full_disk.fill(0, running.process.pid)
        assert _said_by(f"{running.url}/live/api/status")[0] == 200
        assert _said_by(f"{running.url}/live/")[0] == 200
        assert _said_by(f"{running.url}/live/rooms/")[0] == 200


@pytest.mark.only_on("sqlite")
def test_a_database_that_cannot_be_opened_is_told_in_words(tmp_path: Path) -> None:
    with web(tmp_path, "unix:///nowhere/valkey.sock") as running:
        full_disk.fill(0, running.process.pid)  # nobody holds it open: what readers share must be written
        status, page = _said_by(f"{running.url}/live/")
        assert (status, "The database cannot be used." in page, "start it with" in page) == (503, True, True)
        status, answered = _said_by(f"{running.url}/live/api/rooms")
        assert (status, list(json.loads(answered))) == (503, ["error"])
        status, answered = _said_by(f"{running.url}/live/api/health")
        said = json.loads(answered)["problems"]
        assert (status, sum("The database cannot be used." in line for line in said)) == (503, 1)
        full_disk.free(running.process.pid)
        assert _said_by(f"{running.url}/live/")[0] == 200


@contextlib.contextmanager
def _held_open(folder: Path) -> Iterator[sqlite3.Connection]:
    """As the sync does."""
    with contextlib.closing(sqlite3.connect(folder / "live.sqlite3")) as database:
        database.execute("SELECT count(*) FROM live_data_liveroom").fetchone()
        yield database


def _said_by(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
