"""The sync, or its PostgreSQL, is killed at random points, again and again; SQL must have everything once.

Nothing else runs: what there is to store is in the log before, and takes several transactions. In the suite
in a short form, in `make soak` with fifty deaths of each.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.contestants.log import Log
from benchmarks.history import History
from bilibili_live.events import AnyEvent
from live_data.search import tokens
from runtime.setting_values import ROOT
from tests.databases import Database
from tests.postgres_process import PostgresProcess

TABLES = {
    "danmaku": "live_data_danmakudata",
    "gift": "live_data_giftdata",
    "super_chat": "live_data_superchatdata",
    "guard": "live_data_guardreportdata",
    "interaction": "live_data_interactiondata",
    "room_state": "live_data_roomstatedata",
}
SEARCHED = ("danmaku", "super_chat")
_DATABASE = "ordeal"
_A_LIFE = (6_000,) * 4 + (30_000,)  # events that wait for one: a part of a transaction, or two
_LONGEST = 300  # s


@dataclass
class Report:
    events: int = 0
    deaths: int = 0
    of_server: int = 0  #: how often PostgreSQL was killed, beside them
    midway: int = 0  #: of the deaths, those that came when something had been stored in that life
    unstored: Counter[str] = field(default_factory=Counter)  #: by kind, events that SQL has not
    strange: Counter[str] = field(default_factory=Counter)  #: by kind, rows that nobody sent, or twice
    unsearched: int = 0  #: documents that the index of search lacks, or has for nothing
    counts: dict[str, int] = field(default_factory=dict)  #: what the sync says became of all
    rebuilt: str = ""  #: what `rebuild_rollups` had to say
    rebuild_code: int = -1  #: 0: it changed nothing

    @property
    def is_well(self) -> bool:
        is_balanced = Counter(self.counts) == Counter(received=self.events, stored=self.events)
        is_whole = not (self.unstored or self.strange or self.unsearched)
        return is_balanced and is_whole and self.rebuild_code == 0


class _Lives:
    """`manage.py sync_redis_to_db`, which ends by itself when nothing waits any more."""

    def __init__(self, folder: Path, redis_url: str, server: PostgresProcess | None) -> None:
        self._server = server
        self._file = folder / "live.sqlite3"
        database_url = server.url(_DATABASE) if server else ""
        self._environ = {
            **os.environ,
            "DATA_DIR": str(folder),
            "REDIS_URL": redis_url,
            "DATABASE_URL": database_url,
        }
        if server:
            server.create(_DATABASE)
        made = self.manage("migrate", "--verbosity", "0")
        assert made.returncode == 0, made.stderr

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def whole(self) -> float:
        """Lives to its end; the seconds that it took."""
        begun = time.monotonic()
        done = self.manage("sync_redis_to_db")
        assert done.returncode == 0, done.stderr
        return time.monotonic() - begun

    def is_killed_after(self, seconds: float) -> bool:
        """False: it was through by then."""
        process = self._alive_after(seconds)
        process.kill()
        return process.wait(_LONGEST) < 0

    def is_left_alone_after(self, seconds: float) -> bool:
        """Its PostgreSQL is killed, and starts again. False: it was through by then."""
        assert self._server is not None
        process = self._alive_after(seconds)
        is_alive = process.poll() is None
        self._server.kill()
        self._server.start()
        process.wait(_LONGEST)
        return is_alive

    def _alive_after(self, seconds: float) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "manage.py", "sync_redis_to_db"],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process

    @property
    def is_sqlite(self) -> bool:
        return self._server is None

    @contextmanager
    def opened(self) -> Iterator[Database]:
        connected = self._server.connected(_DATABASE) if self._server else sqlite3.connect(self._file)
        with closing(connected) as connection:
            yield Database(connection)

    def cursor(self) -> list[tuple[object, ...]]:
        with self.opened() as database:
            return database.ask("SELECT stream_id FROM live_data_synccursor")


def run(
    folder: Path, redis_url: str, *, deaths: int, seed: int, server: PostgresProcess | None = None
) -> Report:
    """``folder`` is empty and stays; the Redis is empty. With a server it dies as often as the sync does."""
    random, following = Random(seed), History().following()
    lives, log, report = _Lives(folder, redis_url, server), Log(redis_url), Report()
    sent: list[AnyEvent] = []

    def say(events: int) -> None:
        some = list(islice(following, events))
        log.append(some)
        sent.extend(some)

    begins = lives.whole()
    say(max(_A_LIFE))
    ends = lives.whole()  # long enough for any of them to store something
    while report.deaths < deaths or (server and report.of_server < deaths) or not report.midway:
        say(random.choice(_A_LIFE))
        before, moment = lives.cursor(), random.uniform(begins / 2, ends)
        if server and report.of_server < report.deaths:
            died = lives.is_left_alone_after(moment)
            report.of_server += died
        else:
            died = lives.is_killed_after(moment)
            report.deaths += died
        report.midway += died and lives.cursor() != before
    lives.whole()
    _look(lives, sent, report)
    return report


def _look(lives: _Lives, sent: Sequence[AnyEvent], report: Report) -> None:
    report.events = len(sent)
    with lives.opened() as database:
        for kind, table in TABLES.items():
            # Our own table.
            rows = Counter(event_id for (event_id,) in database.ask(f"SELECT event_id FROM {table}"))
            wanted: Counter[object] = Counter(event.event_id for event in sent if event.kind == kind)
            report.unstored[kind] = (wanted - rows).total()
            report.strange[kind] = (rows - wanted).total()
        sums = database.ask("SELECT outcome, sum(count) FROM live_data_eventcount GROUP BY outcome")
        found = _searched(database, {event.room_id for event in sent}, is_sqlite=lives.is_sqlite)
    report.unstored, report.strange = +report.unstored, +report.strange
    said = {int.from_bytes(event.event_id[:8], "big") >> 1 for event in sent if event.kind in SEARCHED}
    report.unsearched = len(found ^ said)
    report.counts = {str(outcome): int(str(count)) for outcome, count in sums}
    rebuilt = lives.manage("rebuild_rollups")
    report.rebuilt, report.rebuild_code = rebuilt.stdout.strip(), rebuilt.returncode


def _searched(database: Database, rooms: Iterable[int], *, is_sqlite: bool) -> set[int]:
    """All documents of the index, found by their rooms."""
    table = "live_data_searchindex"
    if is_sqlite:
        question = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
        wanted = [f'"{tokens.of_room(room)}"' for room in rooms]
    else:
        question = f"SELECT docid FROM {table} WHERE tokens @> ARRAY[?]"
        wanted = [tokens.of_room(room) for room in rooms]
    return {docid for each in wanted for (docid,) in database.ask(question, [each])}
