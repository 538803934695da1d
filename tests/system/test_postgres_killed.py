"""SIGKILL of PostgreSQL while the sync writes: nothing is lost, nothing comes twice, and the sums agree."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bilibili_live.events import AnyEvent
from event_store import keys
from event_store.connect import client
from runtime.setting_values import ROOT
from tests.live_data.web_log import append
from tests.made import danmaku, gift, guard, super_chat
from tests.postgres_process import PostgresProcess, postgres_process
from tests.runtime.running import lines_until, started, wait_until

DATABASE = "monitor"
ENTRIES = 60
KILLS = 5


@pytest.fixture
def server() -> Iterator[PostgresProcess]:
    """As in production: what it has committed is on the disk."""
    with postgres_process(options=()) as process:
        process.create(DATABASE)
        yield process


def ask(server: PostgresProcess, question: str) -> list[tuple[Any, ...]]:
    with server.connected(DATABASE) as connection:
        return connection.execute(question).fetchall()


def cursor(server: PostgresProcess) -> str:
    """The place in the log behind which nothing is stored yet."""
    rows = ask(server, "SELECT stream_id FROM live_data_synccursor")
    return str(rows[0][0]) if rows else ""


def entry(number: int) -> list[AnyEvent]:
    """Paid things among a chat: sums would tell what was lost or came twice."""
    chat = [danmaku(number * 50 + each) for each in range(50)]
    toast = guard("toast", at=1_790_000_000_000 + number * 1000, uid=1000 + number)
    return [*chat, gift(number), super_chat(number), toast]


ROWS = {
    "danmaku": "live_data_danmakudata",
    "gift": "live_data_giftdata",
    "super_chat": "live_data_superchatdata",
    "guard": "live_data_guardreportdata",
}


def check(server: PostgresProcess, sent: list[AnyEvent], entries: int) -> None:
    """Rows, rollups and counts, each against what was sent in so many entries."""
    for kind, table in ROWS.items():
        stored = sorted(event_id.bytes for (event_id,) in ask(server, f"SELECT event_id FROM {table}"))
        assert stored == sorted(event.event_id for event in sent if event.kind == kind), kind
    sums = "sum(danmaku), sum(gifts), sum(super_chats), sum(guards), sum(gold)"
    gold = "(SELECT sum(gold) FROM live_data_{})"
    paid = " + ".join(gold.format(table) for table in ("giftdata", "superchatdata", "guardpurchase"))
    [rolled] = ask(server, f"SELECT {sums} FROM live_data_minutecount")
    assert rolled == (ENTRIES * 50, ENTRIES, ENTRIES, ENTRIES, ask(server, f"SELECT {paid}")[0][0])
    by_outcome = "SELECT outcome, sum(count) FROM live_data_eventcount GROUP BY outcome"
    counts = Counter(dict(ask(server, by_outcome)))
    # On a busy machine an answer of Redis comes too late, and the writer appends an entry once more.
    again = (entries - ENTRIES) * len(entry(0))
    assert counts == Counter(received=len(sent) + again, stored=len(sent), duplicate=again)


def test_whenever_it_is_killed_every_event_is_stored_once(
    tmp_path: Path, redis_url: str, server: PostgresProcess
) -> None:
    dice = random.Random(random.getrandbits(32))  # pytest-randomly says with which seed
    environ = {"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url, "DATABASE_URL": server.url(DATABASE)}
    environ["LOG_KEEP"] = "86400"  # what was appended is counted in the end
    manage = [sys.executable, "manage.py"]
    migrate = [*manage, "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, **environ}, check=True)
    deaths = set(dice.sample(range(2, ENTRIES), KILLS))
    sent: list[AnyEvent] = []
    with started(["manage.py", "start_sync_scheduler", "--interval", "0.01"], environ) as process:
        lines_until(process, "Syncing every")
        for number in range(ENTRIES):
            sent += entry(number)
            place = append(redis_url, entry(number))
            if number in deaths:
                time.sleep(dice.uniform(0, 0.3))  # no waiting for anything: the moment is what is random
                server.kill()
                server.start()
        wait_until(lambda: cursor(server) == place.stream_id, "all is stored")
    with client(redis_url) as redis:
        check(server, sent, int(redis.xlen(keys.LOG)))
