"""SIGKILL of the sync, and of its PostgreSQL, at random points: nothing lost, nothing double."""

import random
from pathlib import Path

from tests.postgres_process import postgres_process
from tests.system import sync_ordeal
from tests.system.sync_ordeal import Report


def check(report: Report) -> None:
    assert report.deaths >= 5
    assert report.midway >= 1
    assert report.events > 35_000
    assert not report.unstored
    assert not report.strange
    assert not report.unsearched
    assert report.counts == {"received": report.events, "stored": report.events}
    assert report.rebuild_code == 0, report.rebuilt
    assert report.is_well


# pytest-randomly says with which seed.


def test_whenever_the_sync_is_killed_every_event_is_stored_once(tmp_path: Path, redis_url: str) -> None:
    check(sync_ordeal.run(tmp_path, redis_url, deaths=5, seed=random.getrandbits(32)))


def test_whenever_it_or_postgresql_is_killed_every_event_is_stored_once(
    tmp_path: Path, redis_url: str
) -> None:
    with postgres_process(options=()) as server:  # what it has committed is on the disk
        report = sync_ordeal.run(tmp_path, redis_url, deaths=5, seed=random.getrandbits(32), server=server)
    assert report.of_server >= 5
    check(report)
