"""One run of the sync to the end of the log, as a person asks for it: one DataMigrationLog row a run.

Harmless beside the running scheduler: the cursor in SQL decides who stores what.
"""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError

from live_data import sync
from live_data.models import DataMigrationLog
from live_data.redis_access import Client, RedisRefused, RedisUnavailable, opened
from live_data.storing import counts, run_log, sync_places
from live_data.storing.counts import Counts, Outcome

ALL = "all"
DATA_TYPES = (ALL, *sync.KINDS)

#: What ends a run at any moment; the row of the run says it, and whoever asked is told.
FAILURES = (RedisUnavailable, RedisRefused, DatabaseError, OSError)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did."""

    counts: Counts
    problem: str = ""  #: why the log cannot be read to its end, in one line
    is_drained: bool = True  #: False: its time was up, and more waits

    def total(self, outcome: Outcome) -> int:
        return counts.total(self.counts, outcome)


def run(data_type: str = ALL, patience: float = float("inf")) -> Run:
    """Store what waits; of ``all`` no longer than ``patience`` seconds. Raises FAILURES."""
    with opened() as client:
        row = run_log.begin(datetime.now(UTC), data_type)
        total: Counts = Counter()
        try:
            done = _run(client, data_type, patience, total)
        except FAILURES as error:
            _end(row, total, str(error))
            raise
    _end(row, done.counts, done.problem)
    return done


def _end(row: DataMigrationLog, total: Counts, problem: str) -> None:
    received, rejected = (counts.total(total, each) for each in (Outcome.RECEIVED, Outcome.REJECTED))
    run_log.end(row, datetime.now(UTC), received, rejected, problem)


def _run(client: Client, data_type: str, patience: float, total: Counts) -> Run:
    """``total`` grows with each step, so that what was stored before a failure is known."""
    if data_type in sync.KINDS:
        return Run(*sync.sync_kind(client, data_type))
    ends = time.monotonic() + patience
    for number in range(len(sync_places.all_places())):
        done = _run_one(client, number, ends, total)
        if done.problem or not done.is_drained:
            return done
    return done


def _run_one(client: Client, partition: int, ends: float, total: Counts) -> Run:
    while True:
        step = sync.step(client, partition=partition)
        total.update(step.counts)
        is_drained = step.is_drained and not step.lost_race
        if step.problem or is_drained or time.monotonic() >= ends:
            return Run(total, step.problem, is_drained)
