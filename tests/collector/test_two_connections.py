"""A room that two connections watch: the collector as a process, against a site with two servers."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilibili_live.events import Coverage, Danmaku, Tally
from tests.collector.test_collector import Collector
from tests.simulator_process import SimulatorProcess

ROOM = 90001


@pytest.fixture
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "2", "--rate", "100", "--seed", "5", "--hosts", "2") as simulator:
        yield simulator


@pytest.fixture
def collector(tmp_path: Path, redis_url: str, site: SimulatorProcess) -> Iterator[Collector]:
    started = Collector(tmp_path, redis_url, site.url, CONNECTIONS_PER_ROOM="2")
    started.start()
    started.want(ROOM)
    started.until(lambda: servers(site) == [0, 1] and spans(started)[-1:] == ["degraded"])
    yield started
    started.end(signal.SIGKILL)
    started.redis.close()


def servers(site: SimulatorProcess) -> list[int]:
    """On which of them the connections are."""
    return sorted(each["host"] for each in site.connections())


def danmaku(collector: Collector) -> list[bytes]:
    """Without copies of other rooms' chat, which the ledger counts there."""
    found = (event for event in collector.events() if isinstance(event, Danmaku))
    return [event.event_id for event in found if not event.is_mirror]


def spans(collector: Collector) -> list[str]:
    return [event.state for event in collector.events() if isinstance(event, Coverage)]


def detail(collector: Collector) -> str:
    found = collector.connection(ROOM)
    return found.detail if found else ""


def received_and_tally(collector: Collector) -> tuple[int, Tally]:
    received, tally = 0, Tally()
    for batch in collector.batches():
        for counts in batch.header.counts:
            received += counts.received
            tally.add(counts.tally)
    return received, tally


def test_what_both_bring_is_told_once_and_counted_twice(collector: Collector, site: SimulatorProcess) -> None:
    collector.until(lambda: len(danmaku(collector)) > 100)
    site.fault(stop=True)
    sent = site.totals()["danmaku"]
    collector.until(lambda: len(set(danmaku(collector))) == sent)
    collector.end()
    assert len(danmaku(collector)) == sent
    received, tally = received_and_tally(collector)
    assert tally.repeated > 100
    named = sum(tally.ignored.values()) + sum(tally.rejected.values())
    assert received == len(collector.events()) + named + tally.repeated


def test_a_room_is_covered_while_one_of_them_lives(collector: Collector, site: SimulatorProcess) -> None:
    blind_before = spans(collector).count("blind")
    site.fault(refuse_hosts=[0])
    site.fault(cut="all", host=0)
    collector.until(lambda: detail(collector).startswith("one of two connections"))
    assert ": one of two connections: " in collector.log_text()
    seen = len(danmaku(collector))
    collector.until(lambda: len(danmaku(collector)) > seen + 20)
    site.fault(refuse_hosts=[])
    collector.until(lambda: servers(site) == [0, 1] and "one of two" not in detail(collector))
    assert spans(collector).count("blind") == blind_before


def test_it_is_blind_when_both_are_lost(collector: Collector, site: SimulatorProcess) -> None:
    blind_before = spans(collector).count("blind")
    site.fault(refuse_hosts=[0, 1])
    site.fault(cut="all", host=0)
    site.fault(cut="all", host=1)
    collector.until(lambda: spans(collector).count("blind") == blind_before + 1)
    site.fault(refuse_hosts=[])
    collector.until(lambda: servers(site) == [0, 1])
    collector.until(lambda: collector.is_connected(ROOM))
