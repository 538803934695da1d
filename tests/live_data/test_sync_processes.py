"""Several syncs as real processes: whichever of them works or is killed, every event is stored once."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from event_store import keys, reader
from live_data.models import DanmakuData, EventCount, JournalPosition, MinuteCount
from tests import environment
from tests.live_data.conftest import Log, assert_balanced
from tests.made import batch, danmaku, gift
from tests.runtime.running import is_running, started, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

BATCHES = 60
DANMAKU = 50  #: of one batch, and one gift


@pytest.fixture
def two_syncs(log: Log, redis_url: str, tmp_path: Path) -> Iterator[list[int]]:
    """Their process ids, once one of them has the lease."""
    name = connection.settings_dict["NAME"]
    address = environment.SERVER.url(name) if environment.SERVER else f"sqlite:///{name}"
    environ = {"DATABASE_URL": address, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path)}
    command = ["manage.py", "start_sync_scheduler", "--interval", "0.05"]
    with ExitStack() as stack:
        pids = [stack.enter_context(started(command, environ)).pid for _ in range(2)]
        wait_until(lambda: reader.lease_holder(log.redis) is not None, "a sync takes the lease")
        yield pids


def append(log: Log, numbers: range) -> None:
    for number in numbers:
        first = number * DANMAKU
        lines = [danmaku(each) for each in range(first, first + DANMAKU)]
        log.append(batch([*lines, gift(number)], journal=(number, number + 1)))


def is_all_stored() -> bool:
    return JournalPosition.objects.filter(position=BATCHES).exists()


def assert_all_stored_once() -> None:
    total = BATCHES * DANMAKU
    wait_until(is_all_stored, "all is stored")
    assert DanmakuData.objects.count() == total
    assert sum(MinuteCount.objects.values_list("danmaku", flat=True)) == total
    assert sum(MinuteCount.objects.values_list("gold", flat=True)) == BATCHES * 100
    counted = dict(EventCount.objects.values_list("outcome", "count"))
    assert counted == {"received": total + BATCHES, "stored": total + BATCHES}
    assert_balanced()


def test_when_the_one_that_works_is_killed_the_other_goes_on(log: Log, two_syncs: list[int]) -> None:
    append(log, range(BATCHES // 2))
    wait_until(DanmakuData.objects.exists, "it works")
    holder = reader.lease_holder(log.redis)
    assert holder is not None
    pid = int(holder.owner.split(":")[1])
    assert pid in two_syncs
    os.kill(pid, signal.SIGKILL)
    append(log, range(BATCHES // 2, BATCHES))
    assert_all_stored_once()


def test_without_a_lease_that_holds_they_get_in_each_other_s_way_and_nothing_else(
    log: Log, two_syncs: list[int]
) -> None:
    for number in range(BATCHES):
        append(log, range(number, number + 1))
        log.redis.delete(keys.lease(0))
    wait_until(lambda: bool(log.redis.delete(keys.lease(0))) and is_all_stored(), "all is stored")
    assert_all_stored_once()
    assert all(map(is_running, two_syncs))
