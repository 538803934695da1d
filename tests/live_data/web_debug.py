"""The page about the system: asked for, read as a person reads it, and a system that is well."""

import os
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
from django.test import Client

from event_store import keys, sync_lives
from event_store.connect import Redis
from event_store.rooms import CollectorLife
from event_store.sync_lives import SyncLife
from live_data.instants import epoch_ms
from runtime.process_states import ProcessState, StateFile
from tests import environment
from tests.made import AT

#: What the page calls the database of this run.
DATABASE = "sqlite wal" if environment.SERVER is None else "postgresql 18"

NOWHERE = "redis://somebody:s3cr3t@127.0.0.1:1/0"


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
    sync_lives.show(redis, SyncLife(at=now_ms(), behind=1500, interval=1))
    states = StateFile(folder / "processes.json")
    states.note(ProcessState("collector", "running", AT / 1000, os.getpid()))
    return states
