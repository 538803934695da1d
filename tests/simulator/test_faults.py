import asyncio
import json
from collections.abc import Callable

import aiohttp
import brotli
import pytest

from tests.simulator.wire import (
    PATIENCE,
    Viewer,
    auth_body,
    browsing,
    danmu_info,
    pack,
    signed,
    unpack,
    watching,
)  # fmt: skip
from tests.simulator_process import SimulatorProcess


async def finish(simulator: SimulatorProcess, viewer: Viewer) -> None:
    simulator.fault(cut="all")
    await viewer.read_all()


async def test_a_cut_loses_nothing_that_was_counted(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(50)
        assert lively.fault(cut=[90001])["cut"] == 1
        await viewer.read_all()
    assert lively.totals()["danmaku"] == len(viewer.danmaku_ids())
    assert viewer.socket.close_code == 1000


async def test_a_cut_of_one_room_leaves_the_others(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as first, watching(lively.url, 90002) as second:
        lively.fault(cut=[90001])
        await first.read_all()
        await second.read_until(len(second.of("DANMU_MSG")) + 10)


async def test_an_abrupt_cut_says_no_goodbye(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(5)
        lively.fault(cut="all", abrupt=True)
        await viewer.read_all()
    assert viewer.socket.close_code == 1006


async def test_playing_stops_and_starts(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(5)
        lively.fault(stop=True)
        before = lively.ledger()
        await viewer.beat()
        while len(viewer.heartbeat_replies) < 2:
            assert await viewer.read()
        assert lively.ledger() == before
        assert len(viewer.danmaku_ids()) == before["rooms"]["90001"]["danmaku"]
        lively.fault(start=True)
        await viewer.read_until(len(viewer.of("DANMU_MSG")) + 5)


async def test_the_next_auths_are_refused(quiet: SimulatorProcess) -> None:
    quiet.fault(refuse_auth=1)
    async with browsing() as session:
        token = (await danmu_info(session, quiet.url, 90003))["data"]["token"]
        async with session.ws_connect(f"{quiet.url}/sub") as socket:
            await socket.send_bytes(pack(auth_body(90003, token), 7))
            assert list(unpack(await socket.receive_bytes())) == [(8, b'{"code":-101}')]
    async with watching(quiet.url, 90003):
        pass


async def test_the_next_getdanmuinfo_calls_meet_risk_control(quiet: SimulatorProcess) -> None:
    quiet.fault(risk=2)
    async with browsing() as session:
        codes = [(await danmu_info(session, quiet.url, 90001))["code"] for _ in range(3)]
    assert codes == [-352, -352, 0]


async def test_the_next_answers_are_http_412(quiet: SimulatorProcess) -> None:
    quiet.fault(blocked=1)
    async with browsing() as session:
        statuses = []
        for _ in range(2):
            async with session.get(f"{quiet.url}/room/v1/Room/room_init?id=90001") as response:
                statuses.append(response.status)
    assert statuses == [412, 200]


async def test_rotated_keys_make_older_signatures_stale(quiet: SimulatorProcess) -> None:
    path = f"{quiet.url}/xlive/web-room/v1/index/getInfoByRoom"
    async with browsing() as session:
        old = await signed(session, quiet.url, room_id=90001)
        quiet.fault(rotate_wbi=True)
        new = await signed(session, quiet.url, room_id=90001)
        codes = []
        for parameters in (old, new):
            async with session.get(path, params=parameters) as response:
                codes.append((await response.json())["code"])
    assert codes == [-352, 0]


async def test_a_stalled_connection_stays_open_and_silent(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(5)
        assert lively.fault(stall=3600)["stalled"] == 1
        lively.fault(stop=True)
        before = lively.ledger()
        lively.fault(start=True)
        await viewer.beat()
        # The other room plays on meanwhile: so much time has passed without a word for the stalled one.
        async with watching(lively.url, 90002) as other:
            await other.read_until(50)
        assert lively.ledger()["rooms"]["90001"] == before["rooms"]["90001"]
        lively.fault(stall=0)
        known = len(viewer.of("DANMU_MSG"))
        await viewer.read_until(known + 5)
        assert len(viewer.heartbeat_replies) <= 1


@pytest.mark.parametrize("broken", ["truncated", "version", "bomb", "not_json", "protobuf", "garbage"])
async def test_broken_frames_come_between_good_ones(quiet: SimulatorProcess, broken: str) -> None:
    async with watching(quiet.url, 90002) as viewer:
        assert quiet.fault(broken=broken, room=90002)["sent"] >= 1
        async with asyncio.timeout(PATIENCE):
            frame = await viewer.socket.receive_bytes()
            if frame[7:12] == b"\x01\0\0\0\x03":
                frame = await viewer.socket.receive_bytes()
    expected: dict[str, Callable[[], bool]] = {
        "truncated": lambda: int.from_bytes(frame[:4], "big") > len(frame) or not decompresses(frame),
        "version": lambda: frame[6:8] == b"\0\x09",
        "bomb": lambda: len(brotli.decompress(frame[16:])) > 16 << 20 and len(frame) < 1 << 20,
        "not_json": lambda: not is_json(next(unpack(frame))[1]),
        "protobuf": lambda: json.loads(next(unpack(frame))[1])["cmd"] == "SEND_GIFT_V2",
        "garbage": lambda: int.from_bytes(frame[4:6], "big") != 16,
    }
    assert expected[broken]()


def decompresses(frame: bytes) -> bool:
    try:
        brotli.decompress(frame[16:])
    except brotli.error:
        return False
    return True


def is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


async def test_repeated_messages_have_the_same_ids_and_count_once(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as viewer:
        await viewer.read_until(30)
        lively.fault(stop=True)
        before = lively.ledger()
        assert lively.fault(repeat=10, room=90001)["repeated"] == 10
        await finish(lively, viewer)
    assert lively.ledger() == before
    assert len(viewer.danmaku_ids()) == before["rooms"]["90001"]["danmaku"]
    assert len(viewer.of("DANMU_MSG")) > len(viewer.danmaku_ids())


async def test_hostile_text_is_played_and_counted(quiet: SimulatorProcess) -> None:
    before = quiet.ledger()["rooms"]["90004"]
    async with watching(quiet.url, 90004) as viewer:
        quiet.fault(hostile=True, room=90004)
        await finish(quiet, viewer)
    (danmaku,), (gift,), super_chats = (
        viewer.of(cmd) for cmd in ("DANMU_MSG", "SEND_GIFT", "SUPER_CHAT_MESSAGE")
    )
    for text in (danmaku["info"][1], gift["data"]["giftName"], super_chats[0]["data"]["message"]):
        assert text.startswith("\x00\ud800\u202e<script>")
        assert len(text) > 5000
    raw = b"".join(body for frame in viewer.frames for _, body in unpack(frame))
    assert b"\\u0000\\ud800" in raw
    after = quiet.ledger()["rooms"]["90004"]
    assert {kind: after[kind] - before[kind] for kind in ("danmaku", "gift", "super_chat")} == {
        "danmaku": 1, "gift": 1, "super_chat": 1,
    }  # fmt: skip


async def test_what_nobody_knows_is_played_and_its_danmaku_counted(quiet: SimulatorProcess) -> None:
    before = quiet.ledger()["rooms"]["90004"]["danmaku"]
    async with watching(quiet.url, 90004) as viewer:
        quiet.fault(unknown=True, room=90004)
        await finish(quiet, viewer)
    assert len(viewer.of("SKY_LANTERN_RELEASED")) == 1
    (changed,) = viewer.of("DANMU_MSG")
    assert isinstance(changed["info"][0][4], str)
    assert quiet.ledger()["rooms"]["90004"]["danmaku"] == before + 1


@pytest.mark.parametrize(
    "fault",
    [{}, {"explode": 1}, {"cut": [1]}, {"risk": "many"}, {"broken": "heart"}, {"stall": -1}, {"cut": "al"}],
)
def test_a_fault_that_cannot_be_is_refused_with_the_known_ones(
    quiet: SimulatorProcess, fault: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="rotate_wbi"):
        quiet.fault(**fault)


async def test_a_body_that_is_no_object_is_refused(quiet: SimulatorProcess) -> None:
    async with aiohttp.ClientSession() as session:
        for body in (b"[]", b"{", b"\xff"):
            async with session.post(f"{quiet.url}/simulator/faults", data=body) as response:
                assert response.status == 400
                assert "known" in await response.json()


async def test_a_cut_loses_nothing_of_a_client_that_reads_late() -> None:
    with SimulatorProcess("--rooms", "1", "--rate", "3000", "--seed", "9") as simulator:
        async with watching(simulator.url, 90001, protover=0) as viewer:
            # These calls block this client, too: a megabyte piles up between the two.
            while simulator.totals()["danmaku"] < 500:
                pass
            for _ in range(20):
                await viewer.beat()
            simulator.fault(cut="all")
            await viewer.read_all()
        assert simulator.totals()["danmaku"] == len(viewer.danmaku_ids())
    assert viewer.socket.close_code == 1000


async def test_a_thinned_connection_gets_no_chat_and_its_successor_gets_all(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as thinned:
        await thinned.read_until(10)
        assert lively.fault(thin=0, room=90001)["thinned"] == 1
        # The reply comes behind all that was put before the fault: what this client is late with is no
        # new chat.
        answered = len(thinned.heartbeat_replies)
        await thinned.beat()
        while len(thinned.heartbeat_replies) == answered:
            assert await thinned.read()
        before = set(thinned.danmaku_ids())
        async with watching(lively.url, 90001) as whole:
            await whole.read_until(30)
            lively.fault(cut=90001)
            await whole.read_all()
        await thinned.read_all()
    assert set(thinned.danmaku_ids()) == before
    assert set(whole.danmaku_ids()) - before
    assert thinned.of("SEND_GIFT") or thinned.of("SEND_GIFT_V2")


@pytest.mark.parametrize("share", [2, -1, "half", True])
def test_no_share_of_the_chat_is_no_fault(lively: SimulatorProcess, share: object) -> None:
    with pytest.raises(ValueError, match="thin wants a share"):
        lively.fault(thin=share)
