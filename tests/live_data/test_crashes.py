"""Nothing half done: a transaction that breaks leaves no trace, and of two syncs one stores."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from event_store import reader
from event_store.codec import Batch
from event_store.connect import Redis, client
from live_data import sync
from live_data.models import (
    DanmakuData,
    DataMigrationLog,
    EventCount,
    GuardPurchase,
    JournalPosition,
    LiveRoom,
    MinuteCount,
)
from live_data.storing import log_slice, sync_places
from tests.live_data.conftest import Log, assert_balanced
from tests.made import batch, coverage, danmaku, gauge, gift, guard, super_chat


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(number: int) -> Iterator[list[str]]:
    """The ``number``-th writing statement is the last; the statements that were executed."""
    seen: list[str] = []

    def execute(call, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper form
        if sql.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            seen.append(sql)
            if len(seen) == number:
                raise Killed
        return call(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield seen


def everything() -> Batch:
    return batch(
        [
            danmaku(1),
            gift(1),
            guard("bought"),
            guard("toast", price=138_000),
            super_chat(1),
            coverage(0, "covered"),
            gauge(0, 5),
        ]
    )


@pytest.mark.django_db(transaction=True)
def test_wherever_the_sync_is_killed_the_next_one_stores_everything_once(log: Log) -> None:
    sync_places.place(0)
    log.append(everything())
    number = 0
    while True:
        number += 1
        try:
            with killed_at(number):
                sync.step(log.redis)
            break
        except Killed:
            for table in (DanmakuData, MinuteCount, EventCount, LiveRoom, JournalPosition, DataMigrationLog):
                assert not table.objects.exists(), number
            assert sync_places.reached().stream_id == "0-0"
    assert number > 10
    assert GuardPurchase.objects.get().gold == 138_000
    assert sum(MinuteCount.objects.values_list("gold", flat=True)) == 100 + 138_000 + 30_000
    assert JournalPosition.objects.get().position == 100
    assert_balanced()


@pytest.mark.django_db(transaction=True)
def test_a_sync_that_lost_the_race_stores_nothing(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(everything())
    read = log_slice.read

    def overtaken(*arguments, **options):  # type: ignore[no-untyped-def]  # read()'s own form
        found = read(*arguments, **options)
        monkeypatch.setattr(log_slice, "read", read)
        sync.step(log.redis)
        return found

    monkeypatch.setattr(log_slice, "read", overtaken)
    step = sync.step(log.redis)
    assert (step.lost_race, step.is_drained) == (True, False)
    assert DanmakuData.objects.count() == 1
    assert sync.step(log.redis).entries == 0
    assert_balanced()


@pytest.mark.django_db(transaction=True)
def test_syncs_at_the_same_time_store_every_event_once(log: Log, redis_url: str) -> None:
    for number in range(40):
        log.append(batch([danmaku(number), gift(number)], journal=(number, number + 1)))
    state = reader.log_state(log.redis)
    begin = threading.Barrier(3)

    def work() -> None:
        with client(redis_url) as own:
            begin.wait(10)
            _drain(own, state.last_id)
        connection.close()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result(60)
    assert DanmakuData.objects.count() == 40
    assert sum(MinuteCount.objects.values_list("gold", flat=True)) == 40 * 100
    [received] = EventCount.objects.filter(outcome="received")
    assert received.count == 80
    assert JournalPosition.objects.get().position == 40
    assert_balanced()


def _drain(redis: Redis, last_id: str) -> None:
    while sync.step(redis, events=7).cursor.stream_id != last_id:
        pass


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_loses_nothing(log: Log) -> None:
    log.append(everything())

    def locked(call, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper form
        if sql.startswith("INSERT"):
            raise OperationalError("database is locked")
        return call(sql, params, many, context)

    sync_places.place(0)
    with connection.execute_wrapper(locked), pytest.raises(OperationalError):
        sync.step(log.redis)
    assert not EventCount.objects.exists()
    assert sync.step(log.redis).received == 7
    assert_balanced()
