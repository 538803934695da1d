"""The collector as a process, between a simulated Bilibili and a real Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from bilibili_live.events import AnyEvent, Coverage, Danmaku, Gift
from collector.attention import LONGEST_LAG
from collector.records import Kind, decode_record
from event_store import keys, reader, rooms
from event_store.codec import Batch, decode
from event_store.connect import client
from event_store.cursor import LogCursor
from event_store.rooms import CollectorLife, CommittedPosition, DesiredRooms, RoomConnection
from journal.reader import read
from journal.segments import segments
from tests import full_disk
from tests.runtime.running import wait_until
from tests.simulator_process import SimulatorProcess

_SECONDS = 20


class Collector:
    """`python -m collector` with a scheduler that the test plays."""

    def __init__(self, data_dir: Path, redis_url: str, site: str, **settings: str) -> None:
        self.data_dir = data_dir
        self.redis = client(redis_url)
        self._environ = os.environ | {
            "DATA_DIR": str(data_dir),
            "REDIS_URL": redis_url,
            "BILIBILI_URL": site,
            **settings,
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

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def life(self) -> CollectorLife:
        [life] = rooms.collectors(self.redis).values()
        return life

    def want(self, *room_ids: int) -> None:
        self._wanted = list(room_ids)

    def until(self, condition: Callable[[], object]) -> None:
        """Tick as the scheduler does until it is true; SQL's word stays at 0."""
        deadline = time.monotonic() + _SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.log_text()
            self.publish()
            time.sleep(0.02)

    def publish(self) -> None:
        rooms.publish_desired(self.redis, DesiredRooms(at=0, room_ids=self._wanted))
        names = rooms.collectors(self.redis)
        rooms.publish_positions(self.redis, dict.fromkeys(names, CommittedPosition(0)))

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
    """Without copies of other rooms' chat, which the ledger counts there."""
    of_kind = (event for event in events if isinstance(event, kind))
    return len({event.event_id for event in of_kind if not getattr(event, "is_mirror", False)})


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
    spans = [event for event in journaled if isinstance(event, Coverage)]
    down = {span.room_id: span for span in spans if span.cause == "collector was not running"}
    for room_id in (90001, 90002):
        own = [event for event in journaled if event.room_id == room_id]
        before = [event for event in own if event.received_at < down[room_id].received_at]
        last = max(event.received_at for event in before if isinstance(event, Danmaku))
        assert last - LONGEST_LAG <= down[room_id].at <= last  # its own last frame, not that of another room


def test_a_full_disk_is_told_and_outlived_and_nothing_is_lost(
    collector: Collector, site: SimulatorProcess
) -> None:
    collector.want(90001, 90002)
    collector.until(lambda: distinct(collector.events(), Danmaku) > 30)
    [segment] = segments(collector.data_dir / "journal")
    full_disk.fill(segment.path.stat().st_size, collector.pid)
    collector.until(lambda: collector.life().storage.waiting > 30)
    assert collector.life().problem.startswith("the disk refuses the journal since")
    assert collector.life().storage.waiting_since > 0
    assert collector.is_connected(90001, 90002)
    full_disk.free(collector.pid)
    collector.until(lambda: collector.life().storage.waiting == 0)
    site.fault(stop=True)
    site.fault(cut="all")
    sent = site.totals()
    collector.until(lambda: distinct(collector.events(), Danmaku) >= sent["danmaku"])
    collector.until(lambda: not collector.life().problem)
    assert collector.end() == (0, "")
    events = collector.events()
    assert (distinct(events, Danmaku), distinct(events, Gift)) == (sent["danmaku"], sent["gift"])
    assert "connection ended" not in {event.cause for event in events if isinstance(event, Coverage)}
    assert "the disk takes the journal again" in collector.log_text()


def test_a_journal_that_cannot_go_on_where_sql_stands_is_told_and_tried_again(collector: Collector) -> None:
    wait_until(lambda: bool(rooms.collectors(collector.redis)), "it shows that it lives")
    [name] = rooms.collectors(collector.redis)
    journal, away = collector.data_dir / "journal", collector.data_dir / "unmounted"
    journal.rename(away)
    rooms.publish_positions(collector.redis, {name: CommittedPosition(5000)})
    wait_until(lambda: bool(collector.life().problem), "it says why it does not begin")
    assert collector.life().problem.startswith("the journal is in trouble: ")
    assert collector.log_text().count("nothing can be journaled, and no room is watched") == 1
    away.rename(journal)
    wait_until(lambda: collector.life().journal_position == 5000, "it has gone on behind what was lost")
    assert collector.log_text().count("the journal lost 5000 bytes") == 1
    collector.want(90001)
    collector.until(lambda: collector.is_connected(90001) and not collector.life().problem)


def test_before_sql_has_said_where_to_go_on_it_says_that_it_waits(collector: Collector) -> None:
    collector.want(90001)
    rooms.publish_desired(collector.redis, DesiredRooms(at=0, room_ids=[90001]))
    wait_until(lambda: bool(rooms.collectors(collector.redis)), "a sign of life")
    assert (collector.life().is_waiting, collector.connection(90001)) == (True, None)
    collector.until(lambda: collector.is_connected(90001) and not collector.life().is_waiting)


def test_a_second_collector_begins_when_the_first_one_is_silent(
    tmp_path: Path, redis_url: str, site: SimulatorProcess
) -> None:
    """A wrong DATA_DIR is enough for one. It must not tell of rooms that another one watches."""
    second = Collector(tmp_path, redis_url, site.url)
    second.want(90001)

    def show_first(age: int) -> None:
        at = time.time_ns() // 1_000_000 - age
        first = CollectorLife(at, 1, at, rooms=1, journal_position=0, published_position=0)
        second.redis.hset(keys.COLLECTORS, "first", msgspec.json.encode(first).decode())

    def own_life() -> CollectorLife | None:
        return next((life for name, life in rooms.collectors(second.redis).items() if name != "first"), None)

    show_first(0)
    second.start()
    try:
        second.until(lambda: (life := own_life()) and life.yields_to == "first")
        life = own_life()
        assert life is not None
        assert life.is_waiting
        assert second.connection(90001) is None
        show_first(16_000)
        second.until(lambda: second.is_connected(90001) and (life := own_life()) and not life.yields_to)
    finally:
        second.end()
    assert second.log_text().count("collector first watches the rooms") == 1


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
    assert {event.room_id for event in collector.events()} - {0} == {90002}  # 0: what the clock does
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


def test_risk_control_is_told_to_the_page_and_to_machines_and_waited_out(
    collector: Collector, site: SimulatorProcess
) -> None:
    site.fault(risk=2)  # the first is answered with a new identity
    collector.want(90001)
    collector.until(lambda: (found := collector.connection(90001)) and found.cause == "risk control")
    collector.until(
        lambda: any("risk control" in life.problem for life in rooms.collectors(collector.redis).values())
    )
    assert "WARNING bilibili_live.api the site's risk control refused us" in collector.log_text()
    collector.until(lambda: collector.is_connected(90001))


def test_behind_a_proxy_that_is_down_it_says_so_without_the_password(
    tmp_path: Path, redis_url: str, site: SimulatorProcess
) -> None:
    behind = Collector(tmp_path, redis_url, site.url, PROXY_URL="http://user:geheim@127.0.0.1:1")
    behind.start()
    behind.want(90001)
    behind.until(lambda: (found := behind.connection(90001)) and "the proxy 127.0.0.1:1" in found.detail)
    assert behind.end()[1] == ""
    connection = behind.connection(90001)
    assert connection is not None
    assert "geheim" not in connection.detail + behind.log_text()
    behind.redis.close()


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
    kinds -= {Kind.CLOCK, Kind.SUPER_CHATS}  # what there was to say
    assert kinds == {Kind.FRAME, Kind.COVERAGE, Kind.ROOM_INFO, Kind.FIGURES}
