import asyncio
from contextlib import AsyncExitStack

import pytest

from simulator.ledger import DANMAKU, GUARD, SUPER_CHAT, Event, Ledger, Report
from tests.simulator.wire import Json, Viewer, browsing, gift_items, protobuf_fields, watching
from tests.simulator_process import SimulatorProcess

_LIST = "/av/v1/SuperChat/getMessageList"


def anchor_of(room: int) -> int:
    return 3_546_000_000_000_000 + room


def gold_of(viewer: Viewer, anchor: int) -> int:
    """Revenue as design.md defines it, from the messages alone."""
    gold = sum(price * 1000 for price in viewer.super_chats().values())
    gold += sum(purchases(viewer).values())
    return gold + sum(gifts(viewer, anchor).values())


def gifts(viewer: Viewer, anchor: int) -> dict[object, int]:
    """Gold by tid: one gift may come in both forms."""
    found: dict[object, int] = {}
    for data in (message["data"] for message in viewer.of("SEND_GIFT")):
        if (
            data["coin_type"] == "gold"
            and data["bag_gift"] is None
            and data["receive_user_info"]["uid"] == anchor
        ):
            found[data["tid"].encode()] = data["total_coin"]
    for message in viewer.of("SEND_GIFT_V2"):
        for item in gift_items(message):
            receiver = item[29]
            assert isinstance(receiver, bytes)
            if item[8] == b"gold" and 31 not in item and anchor in varints(receiver):
                total = item.get(7, 0)
                assert isinstance(total, int)
                found[item[9]] = total
    return found


def varints(message: bytes) -> list[int]:
    return [value for _, value in protobuf_fields(message) if isinstance(value, int)]


def purchases(viewer: Viewer) -> dict[object, int]:
    """Gold by purchase: a toast's price, else GUARD_BUY's list price; matched by person, level and time."""
    found: dict[object, int] = {}
    toasts: dict[tuple[int, int], list[int]] = {}
    for message in viewer.of("USER_TOAST_MSG"):
        data = message["data"]
        found[data["payflow_id"]] = data["price"]
        toasts.setdefault((data["uid"], data["guard_level"]), []).append(data["start_time"])
    for message in viewer.of("USER_TOAST_MSG_V2"):
        data, guard = message["data"], message["data"]["guard_info"]
        found[data["pay_info"]["payflow_id"]] = data["pay_info"]["price"]
        buyer = (data["sender_uinfo"]["uid"], guard["guard_level"])
        toasts.setdefault(buyer, []).append(guard["start_time"])
    for message in viewer.of("GUARD_BUY"):
        data = message["data"]
        buyer = (data["uid"], data["guard_level"])
        if not any(abs(at - data["start_time"]) <= 30 for at in toasts.get(buyer, [])):
            found[(*buyer, data["start_time"])] = data["price"] * data["num"]
    return found


def red_packets(viewer: Viewer) -> set[int]:
    commands = [f"POPULARITY_RED_POCKET_{form}{name}" for form in ("", "V2_") for name in ("NEW", "START")]
    return {message["data"]["lot_id"] for cmd in commands for message in viewer.of(cmd)}


def seen_by(viewer: Viewer, anchor: int) -> Json:
    return {
        "danmaku": len(viewer.danmaku_ids()),
        "gift": len(viewer.gift_ids()),
        "super_chat": len(viewer.super_chats()),
        "guard": len(purchases(viewer)),
        "red_packet": len(red_packets(viewer)),
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


async def test_what_was_rehearsed_is_played_at_its_rate_counted_and_goes_on() -> None:
    arguments = ("--rooms", "2", "--rate", "400", "--seed", "3", "--rehearse", "2")
    with SimulatorProcess(*arguments) as simulator:
        async with AsyncExitStack() as stack:
            viewers = {
                room: await stack.enter_async_context(watching(simulator.url, room))
                for room in simulator.rooms
            }
            # Two seconds of a room have some 350 danmaku: the later ones are not rehearsed.
            await asyncio.gather(*(viewer.read_until(500) for viewer in viewers.values()))
            simulator.fault(stop=True)
            simulator.fault(cut="all")
            await asyncio.gather(*(viewer.read_all() for viewer in viewers.values()))
        ledger = simulator.ledger()["rooms"]
    assert ledger == {str(room): seen_by(viewer, anchor_of(room)) for room, viewer in viewers.items()}
    for viewer in viewers.values():
        times = [message["info"][0][4] for message in viewer.of("DANMU_MSG")]
        assert times == sorted(times)


async def test_a_room_that_becomes_loud_leaves_out_what_was_rehearsed() -> None:
    with SimulatorProcess("--rooms", "1", "--rate", "400", "--seed", "3", "--rehearse", "60") as simulator:
        async with watching(simulator.url, 90001) as viewer:
            await viewer.read_until(50)
            simulator.fault(loud=1)
            answered = len(viewer.heartbeat_replies)
            await viewer.beat()  # answered behind all that was put before
            while len(viewer.heartbeat_replies) == answered:
                assert await viewer.read()
            await viewer.read_until(len(viewer.of("DANMU_MSG")) + 3)
            simulator.fault(stop=True)
            simulator.fault(cut="all")
            await viewer.read_all()
        assert simulator.ledger()["rooms"] == {"90001": seen_by(viewer, anchor_of(90001))}
    times = [message["info"][0][4] for message in viewer.of("DANMU_MSG")][-3:]
    assert times[-1] - times[0] > 1000  # rehearsed ones are some milliseconds apart


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
    sent = [key for kind, key, *_ in log["sent"] if kind == "danmaku"]
    assert set(sent) == viewer.danmaku_ids()
    assert len([entry for entry in log["sent"] if entry[0] == "gift"]) == len(viewer.gift_ids())
    assert "connections" not in lively.ledger()


async def test_a_super_chat_that_the_list_told_is_in_the_ledger_with_its_price(
    lively: SimulatorProcess,
) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(1, "SUPER_CHAT_MESSAGE")
        assert lively.ledger(connections=True)["told"] == []
        lively.fault(stop=True)
        async with browsing() as session, session.get(f"{lively.url}{_LIST}?room_id=90001") as answer:
            listed = (await answer.json())["data"]["list"]
    assert listed
    assert lively.ledger(connections=True)["told"] == [
        [90001, SUPER_CHAT, str(chat["id"]), chat["start_time"] * 1000, chat["price"] * 1000]
        for chat in listed
    ]
    assert "told" not in lively.ledger()


def test_a_toast_price_replaces_the_list_price_whatever_comes_first() -> None:
    for reports in ([(198_000, False), (138_000, True)], [(138_000, True), (198_000, False)]):
        ledger = Ledger([1])
        log = ledger.open_log(1, 1, 0)
        event = Event(GUARD, "order")
        for gold, final in reports:
            ledger.written(log, [Report(event, gold, final)])
        assert ledger.as_json(with_connections=False)["rooms"] == {
            "1": {"danmaku": 0, "gift": 0, "super_chat": 0, "guard": 1, "red_packet": 0, "gold": 138_000}
        }


def test_an_event_written_again_is_logged_again_but_counts_once() -> None:
    ledger = Ledger([1])
    log = ledger.open_log(1, 1, 0)
    event = Event(DANMAKU, "x")
    for _ in range(3):
        ledger.written(log, [Report(event)])
    assert [(sent.kind, sent.key) for sent in log.sent] == [("danmaku", "x")] * 3
    assert ledger.as_json(with_connections=False)["rooms"] == {
        "1": {"danmaku": 1, "gift": 0, "super_chat": 0, "guard": 0, "red_packet": 0, "gold": 0}
    }
