"""received = stored + duplicate + sampled + ignored + rejected + in flight, at any moment."""

import threading
from typing import Any

import pytest
from django.db import connection

from bilibili_live.events import Tally
from event_store import reader
from event_store.codec import RoomCounts
from event_store.connect import client
from live_data import sync
from live_data.accounting import Answer, accounting
from live_data.storing import sync_places
from tests.live_data.conftest import Log
from tests.made import ROOM, batch, danmaku, gift

pytestmark = pytest.mark.django_db(transaction=True)

TALLY = Tally(ignored={"NOTICE_MSG": 2}, rejected={"not JSON": 1}, undecodable={"bomb": 1})


def assert_balances(answer: Answer) -> None:
    for room in answer["results"]:
        known = room["stored"] + room["duplicate"] + room["sampled"] + room["in_flight"]
        named = sum(room["ignored"].values()) + sum(room["rejected"].values())
        assert room["received"] == known + named, room


def test_what_is_not_synced_yet_is_in_flight(log: Log) -> None:
    log.append(batch([danmaku(1)], counts=[RoomCounts(room_id=ROOM, received=4, tally=TALLY)]))
    answer = accounting(log.redis)
    [room] = answer["results"]
    assert (room["received"], room["in_flight"], room["stored"], room["ignored"]) == (4, 4, 0, {})
    assert answer["undecodable"] == 1
    sync.step(log.redis)
    log.append(batch([danmaku(2)], journal=(100, 101)))
    answer = accounting(log.redis)
    assert answer == {
        "results": [
            {
                "room_id": ROOM,
                "received": 5,
                "stored": 1,
                "duplicate": 0,
                "sampled": 0,
                "ignored": {"NOTICE_MSG": 2},
                "rejected": {"not JSON": 1},
                "in_flight": 1,
            }
        ],
        "undecodable": 1,
        "entries_in_flight": 1,
    }


def test_what_a_second_connection_repeated_counts_as_duplicate(log: Log) -> None:
    counts = [RoomCounts(room_id=ROOM, received=5, tally=Tally(ignored={"NOTICE_MSG": 1}, repeated=3))]
    log.append(batch([danmaku(1)], counts=counts))
    assert accounting(log.redis)["results"][0]["in_flight"] == 5
    sync.step(log.redis)
    answer = accounting(log.redis)
    [room] = answer["results"]
    assert (room["received"], room["stored"], room["duplicate"], room["rejected"]) == (5, 1, 3, {})
    assert_balances(answer)


def test_without_redis_it_balances_with_what_is_in_sql(log: Log) -> None:
    log.append(batch([danmaku(1)]))
    sync.step(log.redis)
    log.append(batch([danmaku(2)]))
    for away in (None, client("redis://127.0.0.1:1")):
        answer = accounting(away)
        assert (answer["log"], answer["results"][0]["received"]) == ("unreachable", 1)
        assert_balances(answer)


def test_an_entry_of_newer_code_is_told(log: Log) -> None:
    log.append(batch([danmaku(1)], schema=99))
    assert accounting(log.redis) == {"results": [], "undecodable": 0, "log": "unreadable"}


def test_a_long_log_is_not_read_for_who_cannot_wait(log: Log) -> None:
    for number in range(3):
        log.append(batch([danmaku(number)]))
    assert accounting(log.redis, most=2) == {"results": [], "undecodable": 0, "log": "too long"}
    whole = accounting(log.redis, most=3)
    assert (whole["results"][0]["in_flight"], whole["entries_in_flight"]) == (3, 3)


def test_entries_that_were_synced_and_trimmed_meanwhile_are_not_lost(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(batch([danmaku(1)]))
    in_flight = reader.in_flight

    def overtaken(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(reader, "in_flight", in_flight)
        cursor = sync.step(log.redis).cursor
        log.append(batch([danmaku(2)]))
        sync.step(log.redis)
        reader.trim(log.redis, sync_places.reached(), 1 << 60, 1)
        assert cursor != sync_places.reached()
        return in_flight(*arguments, **named)

    monkeypatch.setattr(reader, "in_flight", overtaken)
    [room] = accounting(log.redis)["results"]
    assert (room["received"], room["stored"], room["in_flight"]) == (2, 2, 0)


def test_it_balances_and_never_falls_while_the_sync_works(log: Log, redis_url: str) -> None:
    finished = threading.Event()
    looks: list[Answer] = []

    def look() -> None:
        with client(redis_url) as own:
            while not finished.is_set():
                looks.append(accounting(own))
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for number in range(60):
            log.append(batch([danmaku(number), gift(number // 2)], journal=(number, number + 1)))
            sync.step(log.redis)
            reader.trim(log.redis, sync_places.reached(), 1 << 60, 1)
    finally:
        finished.set()
        watcher.join(30)
    looks.append(accounting(log.redis))
    for answer in looks:
        assert_balances(answer)
    received = [room["received"] for answer in looks for room in answer["results"]]
    assert received == sorted(received)
    assert received[-1] == 120
    assert len(looks) > 2
