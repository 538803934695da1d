"""What the site says of all rooms: in batches, each for itself; only what is news is handed on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.errors import RiskControl, Unreachable
from bilibili_live.rooms import RoomSnapshot
from bilibili_live.site_clock import Offset, SiteClock
from collector import records
from collector.intake import now_ms
from collector.lookup import RoomLookup
from tests.simulator_process import SimulatorProcess

_SECONDS = 20


class Heard:
    """An intake that only listens."""

    def __init__(self) -> None:
        self.rooms: list[RoomSnapshot] = []
        self.gauges: list[tuple[int, dict[str, int]]] = []
        self.is_full = False

    def room_info(self, snapshot: RoomSnapshot) -> None:
        if self.is_full:
            raise OSError(28, "No space left on device")
        self.rooms.append(snapshot)

    def figures(self, room_id: int, values: dict[str, int]) -> None:
        self.gauges.append((room_id, values))


class FewRooms:
    """A site that answers about some rooms and fails for others."""

    is_loopback = True

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.site_clock = SiteClock()
        self.failing: dict[int, Exception] = {}

    async def room_infos(self, room_ids: Sequence[int]) -> dict[int, RoomSnapshot]:
        self.asked.append(list(room_ids))
        for room_id in room_ids:
            if room_id in self.failing:
                raise self.failing[room_id]
        return {room_id: made(room_id) for room_id in room_ids}


def made(room_id: int) -> RoomSnapshot:
    return RoomSnapshot(
        room_id=room_id,
        short_id=0,
        uid=1,
        uname="主播",
        title="标题",
        live_status=0,
        online=0,
        area_name="",
        parent_area_name="",
        live_time="0000-00-00 00:00:00",
        cover="",
    )


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(_SECONDS):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
async def running() -> AsyncIterator[Callable[[object, Heard], RoomLookup]]:
    tasks: list[asyncio.Task[None]] = []

    def start(site: object, heard: Heard) -> RoomLookup:
        lookup = RoomLookup(site, heard)  # type: ignore[arg-type]  # doubles
        tasks.append(asyncio.create_task(lookup.run()))
        return lookup

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


Start = Callable[[object, Heard], RoomLookup]


async def test_a_thousand_rooms_are_asked_for_in_twenty_batches(running: Start) -> None:
    site, heard = FewRooms(), Heard()
    lookup = running(site, heard)
    lookup.await_live(range(1, 1001))
    await until(lambda: len(heard.rooms) == 1000)
    assert [len(batch) for batch in site.asked[:20]] == [50] * 20
    assert {room_id for batch in site.asked[:20] for room_id in batch} == set(range(1, 1001))


async def test_a_batch_that_fails_does_not_stop_the_others(running: Start) -> None:
    site, heard = FewRooms(), Heard()
    site.failing[1] = Unreachable("no answer")
    lookup = running(site, heard)
    lookup.await_live(range(1, 101))
    await until(lambda: lookup.seen(100))
    assert {room.room_id for room in heard.rooms} == set(range(51, 101))
    failed = lookup.seen(1)
    assert failed is not None
    assert (failed.room_id, failed.asked_at > 0) == (0, True)
    del site.failing[1]
    await until(lambda: len(heard.rooms) == 100)


async def test_risk_control_ends_the_round(running: Start) -> None:
    site, heard = FewRooms(), Heard()
    site.failing[1] = RiskControl("no", -352, 600)
    lookup = running(site, heard)
    lookup.await_live(range(1, 101))
    await until(lambda: lookup.seen(100))
    assert site.asked == [list(range(1, 51))]


async def test_what_a_full_disk_refused_is_news_in_the_next_round(running: Start) -> None:
    site, heard = FewRooms(), Heard()
    heard.is_full = True
    lookup = running(site, heard)
    lookup.await_live([1])
    await until(lambda: lookup.seen(1))
    heard.is_full = False
    await until(lambda: heard.rooms)


async def test_only_changes_are_handed_on(running: Start, caplog: pytest.LogCaptureFixture) -> None:
    with SimulatorProcess("--rooms", "2", "--rate", "1", "--seed", "5") as simulator:
        async with Bilibili(simulator.url, 0) as site:
            heard = Heard()
            lookup = running(site, heard)
            lookup.await_live([101, 90002, 4711])
            await until(lambda: len(heard.rooms) == 2)
            short, long = lookup.seen(101), lookup.seen(90002)
            assert short is not None and long is not None  # noqa: PT018 - for the type checker
            assert (short.room_id, short.is_live, long.room_id) == (90001, True, 90002)
            first = long.answered_at
            await until(lambda: long.answered_at > first)
            assert [len(heard.rooms), len(heard.gauges)] == [2, 2]  # the same answer is no news
            simulator.fault(change={"followers": 4321}, room=90002, silent=True)
            await until(lambda: len(heard.gauges) == 3)
            room_id, gauges = heard.gauges[-1]
            assert (room_id, gauges["followers"], len(heard.rooms)) == (90002, 4321, 2)
            simulator.fault(change={"cover": "https://i0.hdslb.com/new.jpg"}, room=90002, silent=True)
            await until(lambda: len(heard.rooms) == 3)
            assert heard.rooms[-1].cover == "https://i0.hdslb.com/new.jpg"
            assert caplog.messages.count("room 4711 is missing from the site's answers") == 1


@pytest.mark.parametrize(
    ("offset", "ahead"), [(None, 0), (Offset(-400, 900), 0), (Offset(3_599_000, 3_601_000), 3_600_000)]
)
async def test_what_the_site_says_is_dated_by_its_clock_when_ours_is_wrong(
    running: Start, offset: Offset | None, ahead: int
) -> None:
    site, heard = FewRooms(), Heard()
    site.site_clock.offset = offset
    began = now_ms()
    running(site, heard).await_live([1])
    await until(lambda: heard.rooms)
    [info] = records.decode_record(records.room_info(heard.rooms[0], began)).events
    assert began + ahead <= info.at <= now_ms() + ahead
    assert info.received_at == began
