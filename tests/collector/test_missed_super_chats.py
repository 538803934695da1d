"""Super chats that were bought while nobody listened."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.events import SuperChat
from bilibili_live.protocol.fields import Json
from bilibili_live.rooms import RoomSnapshot
from collector import records
from collector.on_air import OnAir
from collector.records import decode_record
from tests.collector.watching import Watching, watching
from tests.made import AT, room_state
from tests.simulator_process import SimulatorProcess

ROOM = 90001


@pytest.fixture
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "2", "--rate", "20", "--seed", "5") as simulator:
        yield simulator


def numbers(running: Watching) -> set[int]:
    return {event.super_chat_id for event in running.events() if isinstance(event, SuperChat)}


async def shown(url: str) -> set[int]:
    async with Bilibili(url, 0) as asked:
        listed = await asked.super_chats(ROOM)
    record = records.super_chats(ROOM, AT, listed)
    return {event.super_chat_id for event in decode_record(record).events if isinstance(event, SuperChat)}


async def test_those_of_a_gap_are_fetched_when_it_is_over(tmp_path: Path, site: SimulatorProcess) -> None:
    async with watching(tmp_path, site.url) as running:
        await running.rooms.want([ROOM])
        await running.until(lambda: running.state(ROOM) == "degraded")
        site.fault(refuse_auth=1_000)
        site.fault(cut=ROOM)
        await running.until(lambda: running.state(ROOM) == "blind")
        site.fault(super_chat=25, room=ROOM)
        bought = await shown(site.url)
        assert len(bought) >= 25
        assert not bought <= numbers(running)
        site.fault(refuse_auth=0)
        await running.until(lambda: bought <= numbers(running))


async def test_those_before_the_first_connection_are_fetched_too(
    tmp_path: Path, site: SimulatorProcess
) -> None:
    site.fault(super_chat=12, room=ROOM)
    bought = await shown(site.url)
    async with watching(tmp_path, site.url) as running:
        await running.rooms.want([ROOM])
        await running.until(lambda: bought <= numbers(running))


def test_one_that_is_listed_is_the_event_that_was_sent() -> None:
    data: dict[str, Json] = {
        "id": 4711,
        "price": 30,
        "message": "hello \udc80 \0",
        "start_time": AT // 1000,
        "end_time": AT // 1000 + 60,
        "uid": 5,
        "user_info": {"uname": "a"},
    }
    events = decode_record(records.super_chats(ROOM, AT + 9_000, [data, "nonsense", data])).events
    assert [type(event) for event in events] == [SuperChat, SuperChat]
    assert events[0].event_id == events[1].event_id
    assert events[0].at == AT
    rejected = decode_record(records.super_chats(ROOM, AT, ["nonsense", {}, None])).tally.rejected
    assert sum(rejected.values()) == 3


def test_a_list_of_any_length_fits_into_a_record() -> None:
    each: Json = {"message": "长" * 1_000_000}  # 6 MB, as it is written down
    assert records.super_chats(ROOM, AT, []).payload == b"[]"
    assert json.loads(records.super_chats(ROOM, AT, [each] * 9).payload) == [each]
    assert len(json.loads(records.super_chats(ROOM, AT, [{}] * 900).payload)) == 500


async def test_a_room_that_was_off_before_its_gap_is_asked_for(
    tmp_path: Path, site: SimulatorProcess
) -> None:
    site.fault(on_air=0, room=ROOM, silent=True)
    async with watching(tmp_path, site.url) as running:
        await running.rooms.want([ROOM])
        await running.until(lambda: running.state(ROOM) == "degraded")
        site.fault(refuse_auth=1_000)
        site.fault(cut=ROOM)
        await running.until(lambda: running.state(ROOM) == "blind")
        site.fault(super_chat=25, room=ROOM)
        bought = await shown(site.url)
        assert len(bought) >= 25
        site.fault(refuse_auth=0)
        await running.until(lambda: bought <= numbers(running))


def test_only_what_is_said_after_the_gap_says_that_a_room_is_off() -> None:
    on_air = OnAir()
    on_air.told(room(live_status=0))
    reconnected = on_air.tellings
    assert not on_air.is_off_since(ROOM, reconnected)
    on_air.heard([room_state(5, "preparing")])  # a stream that ended was one
    assert not on_air.is_off_since(ROOM, reconnected)
    on_air.told(room(live_status=0))
    assert on_air.is_off_since(ROOM, reconnected)
    on_air.told(room(live_status=1))
    assert not on_air.is_off_since(ROOM, reconnected)


def room(live_status: int) -> RoomSnapshot:
    return RoomSnapshot(
        room_id=ROOM,
        short_id=0,
        uid=7,
        uname="a",
        title="",
        live_status=live_status,
        online=0,
        area_name="",
        parent_area_name="",
        live_time="",
        cover="",
    )
