"""The collector as a process, between a simulated Bilibili and a real Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bilibili_live.events import AnyEvent, Coverage, Danmaku, Gift
from collector.records import Kind, decode_record
from event_store import reader, rooms
from event_store.codec import Batch, decode
from event_store.connect import client
from event_store.cursor import LogCursor
from event_store.rooms import CommittedPosition, DesiredRooms, RoomConnection
from journal.reader import read
from tests.simulator_process import SimulatorProcess

_SECONDS = 20


class Collector:
    """`python -m collector` with a scheduler that the test plays."""

    def __init__(self, data_dir: Path, redis_url: str, site: str) -> None:
        self.data_dir = data_dir
        self.redis = client(redis_url)
        self._environ = os.environ | {
            "DATA_DIR": str(data_dir),
            "REDIS_URL": redis_url,
            "BILIBILI_URL": site,
        }
        self._wanted: list[int] = []
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "collector"], env=self._environ, stderr=subprocess.PIPE, encoding="utf-8"
        )

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what it said on stderr."""
        if self._process is None:
            return 0, ""
        self._process.send_signal(number)
        _, errors = self._process.communicate(timeout=10)
        code, self._process = self._process.returncode, None
        return code, errors

    def want(self, *room_ids: int) -> None:
        self._wanted = list(room_ids)

    def until(self, condition: Callable[[], object]) -> None:
        """Tick as the scheduler does until it is true; SQL's word stays at 0."""
        deadline = time.monotonic() + _SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.log_text()
            rooms.publish_desired(self.redis, DesiredRooms(at=0, room_ids=self._wanted))
            names = rooms.collectors(self.redis)
            rooms.publish_positions(self.redis, dict.fromkeys(names, CommittedPosition(0)))
            time.sleep(0.02)

    def log_text(self) -> str:
        return (self.data_dir / "logs" / "collector.log").read_text(encoding="utf-8")

    def batches(self) -> list[Batch]:
        return [decode(entry.fields) for entry in reader.read(self.redis, LogCursor(""), 100_000)]

    def events(self) -> list[AnyEvent]:
        return [event for batch in self.batches() for event in batch.events]

    def connection(self, room_id: int) -> RoomConnection | None:
        return rooms.connections(self.redis, [room_id]).get(room_id)

    def is_connected(self, *room_ids: int) -> bool:
        found = rooms.connections(self.redis, room_ids)
        return all(room_id in found and found[room_id].state != "blind" for room_id in room_ids)


@pytest.fixture
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "3", "--rate", "150", "--seed", "5") as simulator:
        yield simulator


@pytest.fixture
def collector(tmp_path: Path, redis_url: str, site: SimulatorProcess) -> Iterator[Collector]:
    started = Collector(tmp_path / "直播 数据", redis_url, site.url)
    started.start()
    yield started
    started.end(signal.SIGKILL)
    started.redis.close()


def distinct(events: list[AnyEvent], kind: type) -> int:
    return len({event.event_id for event in events if isinstance(event, kind)})


def test_it_collects_what_the_site_sent_and_stops_cleanly(
    collector: Collector, site: SimulatorProcess
) -> None:
    collector.want(90001, 90002)
    collector.until(lambda: distinct(collector.events(), Danmaku) > 200)
    site.fault(stop=True)
    site.fault(cut="all")
    sent = site.totals()
    collector.until(lambda: distinct(collector.events(), Danmaku) >= sent["danmaku"])
    assert collector.end() == (0, "")
    events = collector.events()
    assert distinct(events, Danmaku) == sent["danmaku"]
    assert distinct(events, Gift) == sent["gift"]
    last = [event for event in events if isinstance(event, Coverage)][-1]
    assert (last.state, last.cause) == ("blind", "collector was stopped")
    assert collector.log_text().count("\n") < 30  # a handful of lines, not one per message


def test_a_killed_collector_goes_on_and_loses_nothing_that_was_journaled(collector: Collector) -> None:
    collector.want(90001, 90002)
    collector.until(lambda: distinct(collector.events(), Danmaku) > 100)
    collector.end(signal.SIGKILL)
    collector.redis.flushall()  # what was published is lost with it
    collector.start()
    collector.until(lambda: collector.is_connected(90001, 90002))
    collector.end()
    batches = collector.batches()
    reached = 0
    for batch in batches:
        assert batch.header.journal_from <= reached
        reached = max(reached, batch.header.journal_to)
    journaled = [
        event
        for item in read(collector.data_dir / "journal", 0, reached)
        if item.record
        for event in decode_record(item.record).events
    ]
    assert len(journaled) > 100
    assert [event for batch in batches for event in batch.events] == journaled
    causes = [event.cause for event in journaled if isinstance(event, Coverage)]
    assert "collector was not running" in causes


def test_rooms_come_and_go_without_a_restart(collector: Collector) -> None:
    collector.want(90001)
    collector.until(lambda: collector.is_connected(90001))
    collector.want(90002, 90003)
    collector.until(lambda: collector.is_connected(90002, 90003))
    collector.until(
        lambda: any(
            isinstance(event, Coverage) and event.room_id == 90001 and event.cause == "not watched"
            for event in collector.events()
        )
    )


def test_a_short_id_is_watched_as_its_long_one_and_only_once(
    collector: Collector, site: SimulatorProcess
) -> None:
    collector.want(102, 90002)
    collector.until(lambda: collector.is_connected(90002))
    collector.until(lambda: distinct(collector.events(), Danmaku) > 20)
    assert {event.room_id for event in collector.events()} == {90002}
    assert len(site.ledger(connections=True)["connections"]) == 1


def test_a_short_id_that_is_replaced_by_its_long_one_keeps_its_connection(
    collector: Collector, site: SimulatorProcess
) -> None:
    collector.want(102)
    collector.until(lambda: collector.is_connected(90002))
    collector.want(90002, 90003)
    collector.until(lambda: collector.is_connected(90002, 90003))
    rooms_connected = [each["room"] for each in site.ledger(connections=True)["connections"]]
    assert sorted(map(int, rooms_connected)) == [90002, 90003]
    assert "not watched" not in {event.cause for event in collector.events() if isinstance(event, Coverage)}


def test_a_room_that_does_not_exist_says_so_and_reaches_no_table(collector: Collector) -> None:
    collector.want(90001, 4711, 99001)
    collector.until(lambda: (found := collector.connection(4711)) and found.cause == "room does not exist")
    collector.until(lambda: (found := collector.connection(99001)) and found.cause == "room is locked")
    collector.until(lambda: distinct(collector.events(), Danmaku) > 20)
    assert 4711 not in {event.room_id for event in collector.events()}
    connection = collector.connection(4711)
    assert connection is not None
    assert connection.retry_at > 0


def test_without_a_site_it_says_what_failed_and_when_it_tries_again(
    collector: Collector, site: SimulatorProcess
) -> None:
    collector.want(90001)
    collector.until(lambda: collector.is_connected(90001))
    port = site.port
    site.stop()
    collector.until(lambda: (found := collector.connection(90001)) and found.state == "blind")
    collector.until(lambda: (found := collector.connection(90001)) and found.cause == "unreachable")
    connection = collector.connection(90001)
    assert connection is not None
    assert connection.retry_at > connection.since
    with SimulatorProcess("--rooms", "3", "--rate", "150", "--seed", "5", port=port):
        collector.until(lambda: collector.is_connected(90001))


def test_broken_frames_are_counted_and_the_connection_lives_on(
    collector: Collector, site: SimulatorProcess
) -> None:
    collector.want(90001)
    collector.until(lambda: collector.is_connected(90001))
    kinds = ("truncated", "version", "bomb", "not_json", "protobuf", "garbage")
    for kind in kinds:
        site.fault(broken=kind, room=90001)

    def reasons() -> set[str]:
        return {
            reason
            for batch in collector.batches()
            for counts in batch.header.counts
            for reason in (*counts.tally.rejected, *counts.tally.undecodable)
        }

    collector.until(lambda: len(reasons()) >= 5)
    before = distinct(collector.events(), Danmaku)
    collector.until(lambda: distinct(collector.events(), Danmaku) > before)
    assert len(site.ledger(connections=True)["connections"]) == 1


def test_a_second_collector_on_the_same_journal_says_so_in_one_line(collector: Collector) -> None:
    collector.want(90001)
    collector.until(lambda: collector.is_connected(90001))
    second = Collector(
        collector.data_dir, collector._environ["REDIS_URL"], collector._environ["BILIBILI_URL"]
    )
    second.start()
    assert second._process is not None
    _, errors = second._process.communicate(timeout=20)
    assert second._process.returncode == 1
    assert errors.startswith("collector: another collector writes the journal")
    assert errors.count("\n") == 1
    second.redis.close()


def test_a_frame_is_one_record_of_the_journal(collector: Collector) -> None:
    collector.want(90001)
    collector.until(lambda: distinct(collector.events(), Danmaku) > 20)
    collector.end()
    found = list(read(collector.data_dir / "journal", 0, 1 << 40))
    kinds = {item.record.kind for item in found if item.record}
    assert kinds == {Kind.FRAME, Kind.COVERAGE, Kind.ROOM_INFO}
