"""The sync alone is killed at random points, again and again; then SQL must have everything once.

Nothing else runs: what there is to store is in the log before. In the suite in a short form, in `make soak`
with fifty deaths.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.contestants.log import Log
from benchmarks.history import History
from bilibili_live.events import AnyEvent
from runtime.setting_values import ROOT

TABLES = {
    "danmaku": "live_data_danmakudata",
    "gift": "live_data_giftdata",
    "super_chat": "live_data_superchatdata",
    "guard": "live_data_guardreportdata",
    "interaction": "live_data_interactiondata",
    "room_state": "live_data_roomstatedata",
}
_A_LIFE = 4_000  # events that wait for one
_LONGEST = 300  # s


@dataclass
class Report:
    events: int = 0
    deaths: int = 0
    midway: int = 0  #: of the deaths, those that came when something had been stored in that life
    unstored: Counter[str] = field(default_factory=Counter)  #: by kind, events that SQL has not
    strange: Counter[str] = field(default_factory=Counter)  #: by kind, rows that nobody sent, or twice
    counts: dict[str, int] = field(default_factory=dict)  #: what the sync says became of all
    rebuilt: str = ""  #: what `rebuild_rollups` had to say
    rebuild_code: int = -1  #: 0: it changed nothing

    @property
    def is_well(self) -> bool:
        books = Counter(self.counts) == Counter(received=self.events, stored=self.events)
        return books and not self.unstored and not self.strange and self.rebuild_code == 0


class _Lives:
    """`manage.py sync_redis_to_db`, which ends by itself when nothing waits any more."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.database = folder / "live.sqlite3"
        self._environ = {**os.environ, "DATA_DIR": str(folder), "REDIS_URL": redis_url, "DATABASE_URL": ""}
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
        process = subprocess.Popen(
            [sys.executable, "manage.py", "sync_redis_to_db"],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait(_LONGEST) < 0

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(question).fetchall()

    def cursor(self) -> list[tuple[object, ...]]:
        return self.ask("SELECT stream_id FROM live_data_synccursor")


def run(folder: Path, redis_url: str, *, deaths: int, seed: int) -> Report:
    """``folder`` is empty and stays; the Redis is empty."""
    random, following = Random(seed), History().following()
    lives, log, report = _Lives(folder, redis_url), Log(redis_url), Report()
    sent: list[AnyEvent] = []

    def say() -> None:
        some = list(islice(following, _A_LIFE))
        log.append(some)
        sent.extend(some)

    say()
    longest = lives.whole()
    while report.deaths < deaths:
        say()
        before = lives.cursor()
        if lives.is_killed_after(random.uniform(0, longest)):
            report.deaths += 1
            report.midway += lives.cursor() != before
    lives.whole()
    _look(lives, sent, report)
    return report


def _look(lives: _Lives, sent: Sequence[AnyEvent], report: Report) -> None:
    report.events = len(sent)
    for kind, table in TABLES.items():
        rows = Counter(
            event_id for (event_id,) in lives.ask(f"SELECT event_id FROM {table}")
        )  # our own table
        wanted: Counter[object] = Counter(event.event_id for event in sent if event.kind == kind)
        report.unstored[kind] = (wanted - rows).total()
        report.strange[kind] = (rows - wanted).total()
    report.unstored, report.strange = +report.unstored, +report.strange
    sums = lives.ask("SELECT outcome, sum(count) FROM live_data_eventcount GROUP BY outcome")
    report.counts = {str(outcome): int(str(count)) for outcome, count in sums}
    rebuilt = lives.manage("rebuild_rollups")
    report.rebuilt, report.rebuild_code = rebuilt.stdout.strip(), rebuilt.returncode
