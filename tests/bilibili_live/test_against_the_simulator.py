"""The client against a site of the project's own that shares no code with it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.client import Authenticated, ConnectGate, Ended, Messages, RoomClient
from bilibili_live.errors import BilibiliError, NoRoomBehindLink, RiskControl, RoomLocked, RoomNotFound
from bilibili_live.events import AnyEvent, Danmaku, Decoded
from tests.simulator_process import SimulatorProcess

LIMIT = 20.0  # s that any of these may take


@pytest.fixture
def simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "2", "--rate", "200", "--seed", "5") as simulator:
        yield simulator


@pytest.fixture(scope="module")
def shared() -> Iterator[SimulatorProcess]:
    """For tests that leave no trace in it."""
    with SimulatorProcess("--rooms", "2", "--rate", "200", "--seed", "6") as simulator:
        yield simulator


@pytest.fixture
async def site(simulator: SimulatorProcess) -> AsyncIterator[Bilibili]:
    async with Bilibili(simulator.url, 0) as site:
        yield site


class Watch:
    """Everything one room said, until enough of it is there."""

    def __init__(self, site: Bilibili, room_id: int) -> None:
        self.events: dict[bytes, AnyEvent] = {}
        self.tally = Decoded().tally
        self.errors: list[BilibiliError] = []
        self.connections = 0
        self._changed = asyncio.Event()
        self._client = RoomClient(room_id, site, ConnectGate(0), lambda *_: None, random=lambda: 0.0)

    async def follow(self) -> None:
        async with aclosing(self._client.signals()) as signals:
            async for signal in signals:
                match signal:
                    case Authenticated():
                        self.connections += 1
                    case Messages(decoded):
                        self.events |= {event.event_id: event for event in decoded.events}
                        self.tally.add(decoded.tally)
                    case Ended(error=error):
                        self.errors.append(error)
                self._changed.set()

    async def until(self, **least: int) -> None:
        """Wait for so many of events, connections, errors."""
        while any(self._have(name) < number for name, number in least.items()):
            await self.change()

    async def change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def said(self) -> list[Danmaku]:
        return [event for event in self.events.values() if isinstance(event, Danmaku)]

    def _have(self, name: str) -> int:
        have: int = getattr(self, name) if name == "connections" else len(getattr(self, name))
        return have

    def counts(self) -> Counter[str]:
        """Without copies of other rooms' chat, which the ledger counts there."""
        events = self.events.values()
        return Counter(event.kind for event in events if not getattr(event, "is_mirror", False))


@asynccontextmanager
async def watching(site: Bilibili, room_id: int) -> AsyncIterator[Watch]:
    watch = Watch(site, room_id)
    async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as tasks:
        following = tasks.create_task(watch.follow())
        yield watch
        following.cancel()


async def test_every_event_that_was_written_arrives_once(simulator: SimulatorProcess, site: Bilibili) -> None:
    async with watching(site, 90001) as watch:
        await watch.until(events=300)
        await asyncio.to_thread(simulator.fault, stop=True)
        ledger = (await asyncio.to_thread(simulator.ledger))["rooms"]["90001"]
        written = {kind: ledger[kind] for kind in ("danmaku", "gift", "super_chat")}
        while any(watch.counts()[kind] < number for kind, number in written.items()):
            await watch.change()
        assert {kind: watch.counts()[kind] for kind in written} == written
        assert watch.tally.rejected == {}
        assert watch.tally.undecodable == {}


async def test_nothing_is_lost_over_a_cut(simulator: SimulatorProcess, site: Bilibili) -> None:
    async with watching(site, 90001) as watch:
        await watch.until(events=50)
        await asyncio.to_thread(simulator.fault, cut="all")
        await watch.until(connections=2)
        await asyncio.to_thread(simulator.fault, stop=True)
        ledger = (await asyncio.to_thread(simulator.ledger))["rooms"]["90001"]
        while watch.counts()["danmaku"] < ledger["danmaku"]:
            await watch.change()
        assert watch.counts()["danmaku"] == ledger["danmaku"]
        assert [error.cause for error in watch.errors] == ["connection lost"]


async def test_it_comes_back_after_an_abrupt_cut_and_a_refused_authentication(
    simulator: SimulatorProcess, site: Bilibili
) -> None:
    async with watching(site, 90001) as watch:
        await watch.until(connections=1, events=1)
        await asyncio.to_thread(simulator.fault, refuse_auth=1)
        await asyncio.to_thread(simulator.fault, cut="all", abrupt=True)
        await watch.until(connections=2)
        assert len(watch.errors) == 2
        assert watch.errors[0].cause == "connection lost"


async def test_rooms_begin_at_different_servers_and_leave_one_that_is_down() -> None:
    with SimulatorProcess("--rooms", "2", "--rate", "200", "--hosts", "2") as pair:

        def servers() -> list[int]:
            return sorted(each["host"] for each in pair.connections())

        async with Bilibili(pair.url, 0) as site, watching(site, 90001) as odd, watching(site, 90002) as even:
            await odd.until(events=1)
            await even.until(events=1)
            assert await asyncio.to_thread(servers) == [0, 1]
            await asyncio.to_thread(pair.fault, refuse_hosts=[0])
            await asyncio.to_thread(pair.fault, cut="all", abrupt=True)
            await odd.until(connections=2)
            await even.until(connections=2)
            assert await asyncio.to_thread(servers) == [1, 1]


@pytest.mark.parametrize("broken", ["truncated", "version", "bomb", "not_json", "protobuf", "garbage"])
async def test_a_broken_frame_is_counted_and_the_connection_lives_on(
    shared: SimulatorProcess, broken: str
) -> None:
    async with Bilibili(shared.url, 0) as site, watching(site, 90002) as watch:
        await watch.until(connections=1)
        await asyncio.to_thread(shared.fault, broken=broken, room=90002)
        while not (watch.tally.undecodable or watch.tally.rejected):
            await watch.change()
        seen = len(watch.events)
        await watch.until(events=seen + 1)
        assert watch.errors == []
        assert sum(watch.tally.undecodable.values()) + sum(watch.tally.rejected.values()) == 1


async def test_hostile_text_arrives_storable_and_whole(shared: SimulatorProcess) -> None:
    async with Bilibili(shared.url, 0) as site, watching(site, 90001) as watch:
        await watch.until(connections=1)
        await asyncio.to_thread(shared.fault, hostile=True, room=90001)
        while not (hostile := [event for event in watch.said() if "<script>" in event.message]):
            await watch.change()
        assert hostile[0].message.startswith("\u2400\ufffd\u202e<script>alert(1)</script>")
        assert len(hostile[0].message) > 5000


async def test_new_keys_in_the_middle_of_the_day_do_no_harm(shared: SimulatorProcess) -> None:
    async with Bilibili(shared.url, 0) as site:
        await site.danmaku_access(90001)
        await asyncio.to_thread(shared.fault, rotate_wbi=True)
        assert (await site.danmaku_access(90001)).token


async def test_risk_control_is_retried_once_and_then_obeyed(
    simulator: SimulatorProcess, site: Bilibili
) -> None:
    await asyncio.to_thread(simulator.fault, risk=1)
    assert (await site.danmaku_access(90001)).token
    await asyncio.to_thread(simulator.fault, risk=5)
    with pytest.raises(RiskControl):
        await site.danmaku_access(90001)


async def test_rooms_are_looked_up(shared: SimulatorProcess) -> None:
    async with Bilibili(shared.url, 0) as site:
        address = await site.room_init(90001)
        assert (await site.room_init(address.short_id)).room_id == 90001
        infos = await site.room_infos([90001, 90002, 12345])
        assert sorted(infos) == [90001, 90002]
        assert infos[90001].uid == address.uid
        assert (await site.room_page(90001)).uname == infos[90001].uname
        assert (await site.recent_danmaku(90001))[0].text
        with pytest.raises(RoomNotFound):
            await site.room_init(12345)
        with pytest.raises(RoomLocked):
            await site.room_init(99001)


async def test_a_short_link_leads_to_its_room(shared: SimulatorProcess) -> None:
    async with Bilibili(shared.url, 0) as site:
        assert await site.linked_room("https://b23.tv/sim90001") == 90001
        with pytest.raises(NoRoomBehindLink):
            await site.linked_room("https://b23.tv/Ab12Cd3")
