"""A connection that lives and brings no chat, against the simulated site."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.errors import ConnectionStarved
from bilibili_live.events import Danmaku, Gift
from collector.on_air import OnAir
from collector.rhythm import Pace
from collector.starvation import Starvation
from tests.collector.watching import Watching, watching
from tests.made import danmaku
from tests.simulator_process import SimulatorProcess

ROOM = 90001
PACE = Pace(window=0.5, learned=3)


@pytest.fixture
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "1", "--rate", "200", "--seed", "5") as simulator:
        yield simulator


def heard(running: Watching, kind: type[Danmaku] | type[Gift]) -> int:
    return len({event.event_id for event in running.events() if isinstance(event, kind)})


async def test_a_starved_room_is_connected_anew_and_covered_when_its_rhythm_is_back(
    tmp_path: Path, site: SimulatorProcess
) -> None:
    async with watching(tmp_path, site.url, PACE) as running:
        await running.rooms.want([ROOM])
        await running.until(lambda: heard(running, Danmaku) > 500)
        assert site.fault(thin=0, room=ROOM) == {"ok": True, "thinned": 1}
        await running.until(lambda: ("degraded", "starved") in running.states(ROOM))
        await running.until(lambda: running.states(ROOM)[-1] == ("degraded", "guest"))
        states = running.states(ROOM)
        begin = states.index(("degraded", "starved"))
        assert states[begin:] == [
            ("degraded", "starved"),
            ("blind", "starved"),
            ("degraded", "starved"),
            ("degraded", "guest"),
        ]
        assert len(site.ledger(connections=True)["connections"]) == 2


async def test_a_room_that_falls_silent_by_itself_is_left_alone(
    tmp_path: Path, site: SimulatorProcess
) -> None:
    async with watching(tmp_path, site.url, PACE) as running:
        await running.rooms.want([ROOM])
        await running.until(lambda: heard(running, Danmaku) > 500)
        site.fault(stop=True)
        before = running.book.all()[ROOM]
        quiet = running.rooms._rooms[ROOM][0]._site.starvation._rooms[ROOM]
        await running.until(lambda: quiet.rhythm.expected == 0)  # the site's list acquitted it
        assert running.book.all()[ROOM] == before
        assert len(site.ledger(connections=True)["connections"]) == 1


class Hurry:
    """A clock that is ten seconds on with every look at it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 10.0
        return self.now

    async def passed(self, seconds: float) -> None:
        for _ in range(round(seconds / 10.0)):
            await asyncio.sleep(0)
            self()


class Told:
    """A room: what happens to it."""

    def __init__(self) -> None:
        self.what: list[str] = []
        self.renewed = asyncio.Event()

    def starved(self, since: int, detail: str) -> None:
        self.what.append("starved")

    def fed(self, at: int) -> None:
        self.what.append("fed")

    async def renew(self, why: ConnectionStarved) -> None:
        self.renewed.set()


@asynccontextmanager
async def loud_room(clock: Hurry) -> AsyncIterator[tuple[Starvation, Told]]:
    """Its rhythm is known: a line a second. The site cannot be asked."""
    async with Bilibili("http://127.0.0.1:1", 0) as site:
        starvation, room = Starvation(site, OnAir(), look_every=0, clock=clock), Told()
        starvation.watch(ROOM, room)
        starvation.connected(ROOM)
        running = asyncio.create_task(starvation.run())
        try:
            for _ in range(200):
                starvation.heard(ROOM, [danmaku(number) for number in range(10)])
                await clock.passed(10.0)
            yield starvation, room
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_a_room_that_hears_nothing_while_connected_is_starved() -> None:
    async with loud_room(Hurry()) as (_, room):
        async with asyncio.timeout(30):
            await room.renewed.wait()
        assert room.what == ["starved"]


async def test_a_room_that_is_not_connected_is_never_starved_however_long_it_lasts() -> None:
    clock = Hurry()
    async with loud_room(clock) as (starvation, room):
        starvation.lost(ROOM)
        await clock.passed(10 * 3600.0)
        assert room.what == []
        starvation.connected(ROOM)  # and it is watched over as before
        async with asyncio.timeout(30):
            await room.renewed.wait()


async def test_a_suspicion_ends_with_the_connection_that_it_was_about() -> None:
    clock = Hurry()
    async with loud_room(clock) as (starvation, room):
        watched = starvation._rooms[ROOM]
        async with asyncio.timeout(30):
            while not watched.is_suspected:
                await clock.passed(10.0)
            starvation.lost(ROOM)  # while the site is asked
            while watched.is_suspected:
                await clock.passed(10.0)
        assert (room.what, watched.tries) == ([], 0)
