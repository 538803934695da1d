import asyncio
from contextlib import AsyncExitStack

import pytest

from simulator.ledger import DANMAKU, GUARD, Event, Ledger, Report
from tests.simulator.wire import Json, Viewer, gift_items, protobuf_fields, watching
from tests.simulator_process import SimulatorProcess


def anchor_of(room: int) -> int:
    return 3_546_000_000_000_000 + room


def gold_of(viewer: Viewer, anchor: int) -> int:
    """Revenue as design.md defines it, from the messages alone."""
    gold = sum(price * 1000 for price in viewer.super_chats().values())
    gold += sum(purchases(viewer).values())
    for data in (message["data"] for message in viewer.of("SEND_GIFT")):
        if (
            data["coin_type"] == "gold"
            and data["bag_gift"] is None
            and data["receive_user_info"]["uid"] == anchor
        ):
            gold += data["total_coin"]
    for message in viewer.of("SEND_GIFT_V2"):
        for item in gift_items(message):
            receiver = item[29]
            assert isinstance(receiver, bytes)
            if item[8] == b"gold" and 31 not in item and anchor in varints(receiver):
                total = item.get(7, 0)
                assert isinstance(total, int)
                gold += total
    return gold


def varints(message: bytes) -> list[int]:
    return [value for _, value in protobuf_fields(message) if isinstance(value, int)]


def purchases(viewer: Viewer) -> dict[object, int]:
    """Gold by purchase: a toast's price, else GUARD_BUY's list price; matched by person, level and time."""
    found: dict[object, int] = {}
    for message in viewer.of("USER_TOAST_MSG"):
        data = message["data"]
        found[(data["uid"], data["guard_level"], data["start_time"])] = data["price"]
    for message in viewer.of("USER_TOAST_MSG_V2"):
        data = message["data"]
        key = (
            data["sender_uinfo"]["uid"],
            data["guard_info"]["guard_level"],
            data["guard_info"]["start_time"],
        )
        found[key] = data["pay_info"]["price"]
    for message in viewer.of("GUARD_BUY"):
        data = message["data"]
        found.setdefault((data["uid"], data["guard_level"], data["start_time"]), data["price"] * data["num"])
    return found


def seen_by(viewer: Viewer, anchor: int) -> Json:
    return {
        "danmaku": len(viewer.danmaku_ids()),
        "gift": len(viewer.gift_ids()),
        "super_chat": len(viewer.super_chats()),
        "guard": len(purchases(viewer)),
        "gold": gold_of(viewer, anchor),
    }


@pytest.mark.parametrize("protover", [0, 2, 3])
async def test_it_says_exactly_what_a_client_received(protover: int) -> None:
    with SimulatorProcess("--rooms", "2", "--rate", "4000", "--seed", "3") as simulator:
        async with AsyncExitStack() as stack:
            viewers = {
                room: await stack.enter_async_context(watching(simulator.url, room, protover=protover))
                for room in simulator.rooms
            }
            await asyncio.gather(*(viewer.read_until(300) for viewer in viewers.values()))
            simulator.fault(cut="all")
            await asyncio.gather(*(viewer.read_all() for viewer in viewers.values()))
        ledger = simulator.ledger()["rooms"]
    assert ledger == {str(room): seen_by(viewer, anchor_of(room)) for room, viewer in viewers.items()}
    assert all(ledger[str(room)]["gift"] for room in simulator.rooms)


async def test_an_event_sent_to_two_connections_counts_once(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as first, watching(lively.url, 90001) as second:
        await asyncio.gather(first.read_until(30), second.read_until(30))
        lively.fault(stop=True)
        lively.fault(cut="all")
        await asyncio.gather(first.read_all(), second.read_all())
    both = first.danmaku_ids() | second.danmaku_ids()
    assert lively.ledger()["rooms"]["90001"]["danmaku"] == len(both)
    assert first.danmaku_ids() & second.danmaku_ids()


async def test_nothing_is_played_where_nobody_watches(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(20)
    rooms = lively.ledger()["rooms"]
    assert rooms["90001"]["danmaku"] >= 20
    assert set(rooms["90002"].values()) == {0}


async def test_connections_are_listed_with_what_they_were_sent_in_order(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(20)
        lively.fault(cut="all")
        await viewer.read_all()
    (log,) = lively.ledger(connections=True)["connections"]
    assert (log["room"], log["uid"]) == (90001, 0)
    sent = [key for kind, key in log["sent"] if kind == "danmaku"]
    assert set(sent) == viewer.danmaku_ids()
    assert len([entry for entry in log["sent"] if entry[0] == "gift"]) == len(viewer.gift_ids())
    assert "connections" not in lively.ledger()


def test_a_toast_price_replaces_the_list_price_whatever_comes_first() -> None:
    for reports in ([(198_000, False), (138_000, True)], [(138_000, True), (198_000, False)]):
        ledger = Ledger([1])
        log = ledger.open_log(1, 1, 0)
        event = Event(GUARD, "order")
        for gold, final in reports:
            ledger.written(log, [Report(event, gold, final)])
        assert ledger.as_json(with_connections=False)["rooms"] == {
            "1": {"danmaku": 0, "gift": 0, "super_chat": 0, "guard": 1, "gold": 138_000}
        }


def test_an_event_written_again_is_logged_again_but_counts_once() -> None:
    ledger = Ledger([1])
    log = ledger.open_log(1, 1, 0)
    event = Event(DANMAKU, "x")
    for _ in range(3):
        ledger.written(log, [Report(event)])
    assert list(log.sent) == [("danmaku", "x")] * 3
    assert ledger.as_json(with_connections=False)["rooms"] == {
        "1": {"danmaku": 1, "gift": 0, "super_chat": 0, "guard": 0, "gold": 0}
    }
