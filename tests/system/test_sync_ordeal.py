"""SIGKILL of the sync at random points: nothing lost, nothing double, rollups equal to a rebuild."""

import random
from pathlib import Path

from tests.system import sync_ordeal


def test_whenever_the_sync_is_killed_every_event_is_stored_once(tmp_path: Path, redis_url: str) -> None:
    # pytest-randomly says with which seed
    report = sync_ordeal.run(tmp_path, redis_url, deaths=5, seed=random.getrandbits(32))
    assert report.deaths == 5
    assert report.events > 20_000
    assert not report.unstored
    assert not report.strange
    assert report.counts == {"received": report.events, "stored": report.events}
    assert report.rebuild_code == 0, report.rebuilt
    assert report.is_well
