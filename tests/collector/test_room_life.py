"""A room that is connected only while it is live, between a simulated Bilibili and a real Redis."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from bilibili_live.events import Coverage, Danmaku, Gauge, RoomInfo
from event_store import rooms
from event_store.rooms import CommittedPosition, DesiredRooms
from tests.collector.test_collector import Collector, distinct
from tests.simulator_process import SimulatorProcess

WAITING = ("blind", "not live")


class LifeCollector(Collector):
    """A collector whose rooms are all connected only while they are live; a short grace after their end."""

    def __init__(self, data_dir: Path, redis_url: str, site: str) -> None:
        super().__init__(data_dir, redis_url, site)
        self._environ["OFFLINE_GRACE"] = "1"

    def publish(self) -> None:
        desired = DesiredRooms(at=0, room_ids=self._wanted, live_only=self._wanted)
        rooms.publish_desired(self.redis, desired)
        names = rooms.collectors(self.redis)
        rooms.publish_positions(self.redis, dict.fromkeys(names, CommittedPosition(0)))

    def coverage(self, room_id: int) -> list[tuple[str, str]]:
        events = [event for event in self.events() if isinstance(event, Coverage)]
        return [(event.state, event.cause) for event in events if event.room_id == room_id]

    def is_waiting(self, room_id: int) -> bool:
        found = self.connection(room_id)
        return found is not None and (found.state, found.cause) == WAITING


@pytest.fixture
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "2", "--rate", "50", "--seed", "5") as simulator:
        simulator.fault(on_air=0, silent=True)
        yield simulator


@pytest.fixture
def collector(tmp_path: Path, redis_url: str, site: SimulatorProcess) -> Iterator[LifeCollector]:
    started = LifeCollector(tmp_path / "data", redis_url, site.url)
    started.start()
    yield started
    started.end(9)
    started.redis.close()


def test_it_is_connected_when_it_goes_live_and_no_longer_after_the_end(
    collector: LifeCollector, site: SimulatorProcess
) -> None:
    collector.want(90001)
    collector.until(lambda: collector.is_waiting(90001))
    assert site.ledger(connections=True)["connections"] == []
    site.fault(on_air=1, room=90001, silent=True)  # nobody is told: only the poll finds it
    collector.until(lambda: collector.is_connected(90001))
    collector.until(lambda: distinct(collector.events(), Danmaku) > 5)
    site.fault(on_air=0, room=90001)
    collector.until(lambda: collector.is_waiting(90001))
    collector.until(lambda: collector.coverage(90001)[-1] == WAITING)
    found = collector.coverage(90001)
    assert found[0] == WAITING
    assert {state for state, _ in found[1:-1]} == {"blind", "degraded"}  # connected, as a guest
    assert found.count(WAITING) == 2
    said = [event.live_status for event in collector.events() if isinstance(event, RoomInfo)]
    assert [status for status, _ in groupby(said)] == [0, 1, 0]


def test_what_was_missed_of_a_stream_before_the_poll_saw_it_is_blind_and_not_on_purpose(
    collector: LifeCollector, site: SimulatorProcess
) -> None:
    collector.want(90001)
    collector.until(lambda: collector.is_waiting(90001))
    site.fault(on_air=1, room=90001, silent=True)
    collector.until(lambda: collector.is_connected(90001))
    collector.until(lambda: len(collector.coverage(90001)) >= 3)
    waiting, connecting, *_ = [event for event in collector.events() if isinstance(event, Coverage)]
    began = max(event.live_since for event in collector.events() if isinstance(event, RoomInfo))
    assert (connecting.state, connecting.cause) == ("blind", "connecting")
    assert waiting.at <= connecting.at <= max(waiting.at, began)


def test_a_waiting_room_is_watched_over_http_and_its_guards_are_counted(
    collector: LifeCollector, site: SimulatorProcess
) -> None:
    collector.want(90001)
    site.fault(change={"guards": 77, "followers": 1234}, room=90001, silent=True)

    def gauges() -> set[tuple[str, int]]:
        return {(event.name, event.value) for event in collector.events() if isinstance(event, Gauge)}

    collector.until(lambda: {("guards", 77), ("followers", 1234)} <= gauges())
    assert site.ledger(connections=True)["connections"] == []


def test_a_room_that_does_not_exist_says_so_instead_of_waiting(collector: LifeCollector) -> None:
    collector.want(4711)
    collector.until(lambda: (found := collector.connection(4711)) and found.cause == "room does not exist")


def test_a_waiting_room_that_nobody_wants_any_more_is_let_go(collector: LifeCollector) -> None:
    collector.want(90001, 90002)
    collector.until(lambda: collector.is_waiting(90001) and collector.is_waiting(90002))
    collector.want(90002)
    collector.until(lambda: collector.coverage(90001)[-1:] == [("blind", "not watched")])
    assert collector.end() == (0, "")
    assert collector.coverage(90002) == [WAITING, ("blind", "collector was stopped")]


def test_the_time_in_which_no_collector_ran_is_not_called_waiting(collector: LifeCollector) -> None:
    collector.want(90001)
    collector.until(lambda: collector.coverage(90001) == [WAITING])
    collector.end(9)
    collector.start()
    collector.until(lambda: len(collector.coverage(90001)) >= 4)  # the journal is published again
    assert collector.coverage(90001)[-2:] == [("blind", "collector was not running"), WAITING]
