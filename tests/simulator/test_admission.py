import asyncio
import json

import aiohttp
import pytest

from tests.simulator.wire import (
    PATIENCE,
    auth_body,
    browsing,
    danmu_info,
    pack,
    unpack,
    watching,
)  # fmt: skip
from tests.simulator_process import SimulatorProcess


async def answer_to(url: str, first: bytes) -> aiohttp.WSMessage:
    """What the server says to the first packet of a connection."""
    async with browsing() as session, session.ws_connect(f"{url}/sub") as socket:
        await socket.send_bytes(first)
        async with asyncio.timeout(PATIENCE):
            return await socket.receive()


async def token_for(url: str, room: int, uid: int = 0) -> str:
    async with browsing(uid) as session:
        return str((await danmu_info(session, url, room))["data"]["token"])


async def test_a_bad_token_is_refused_with_minus_101_and_closed(quiet: SimulatorProcess) -> None:
    async with browsing() as session, session.ws_connect(f"{quiet.url}/sub") as socket:
        await socket.send_bytes(pack(auth_body(90001, "nonsense"), 7))
        async with asyncio.timeout(PATIENCE):
            assert list(unpack(await socket.receive_bytes())) == [(8, b'{"code":-101}')]
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_token_of_another_room_is_refused(quiet: SimulatorProcess) -> None:
    reply = await answer_to(quiet.url, pack(auth_body(90002, await token_for(quiet.url, 90001)), 7))
    assert list(unpack(reply.data)) == [(8, b'{"code":-101}')]


@pytest.mark.parametrize("stranger", [{"uid": 42}, {"buvid": "somebody-else-infoc"}])
async def test_a_token_of_another_identity_is_dropped_without_a_word(
    quiet: SimulatorProcess, stranger: dict[str, object]
) -> None:
    token = await token_for(quiet.url, 90001)
    body = json.loads(auth_body(90001, token)) | stranger
    reply = await answer_to(quiet.url, pack(json.dumps(body).encode(), 7))
    assert reply.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}


@pytest.mark.parametrize("first", [pack(b"", 2), pack(b"no json", 7), b"no packet", pack(b'{"uid":0}', 7)])
async def test_whatever_comes_before_a_good_auth_is_cut(quiet: SimulatorProcess, first: bytes) -> None:
    reply = await answer_to(quiet.url, first)
    assert reply.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}


async def test_the_heartbeat_reply_echoes_beyond_its_declared_length(quiet: SimulatorProcess) -> None:
    async with watching(quiet.url, 90001) as viewer:
        await viewer.beat(b"hello")
        while len(viewer.heartbeat_replies) < 2:
            assert await viewer.read()
    assert viewer.heartbeat_replies[1][:4] == b"\0\0\0\x14"
    assert viewer.heartbeat_replies[1][16:] == b"\0\0\0\x01hello"


async def test_silence_is_cut(quiet: SimulatorProcess) -> None:
    async with watching(quiet.url, 90001) as viewer:
        await viewer.read_all()
    assert viewer.socket.closed


async def test_an_account_is_known_by_its_cookies(quiet: SimulatorProcess) -> None:
    async with watching(quiet.url, 90001, uid=3_546_385_492_216_264) as viewer:
        pass
    logs = quiet.ledger(connections=True)["connections"]
    assert 3_546_385_492_216_264 in {log["uid"] for log in logs}
    assert not viewer.of("LOG_IN_NOTICE")


@pytest.mark.parametrize(
    "user_agent", ["", "curl/8", "Mozilla/5.0 (Windows NT 10.0) Chrome/49.0.1.2 Safari/537.36"]
)
async def test_getdanmuinfo_wants_a_current_browser(quiet: SimulatorProcess, user_agent: str) -> None:
    async with browsing(user_agent=user_agent) as session:
        answer = await danmu_info(session, quiet.url, 90001)
    assert answer["code"] == -352
    assert answer["data"]["v_voucher"].startswith("voucher_")


async def test_getdanmuinfo_wants_a_buvid(quiet: SimulatorProcess) -> None:
    async with browsing(buvid="") as session:
        assert (await danmu_info(session, quiet.url, 90001))["code"] == -352


async def test_getdanmuinfo_wants_a_signature(quiet: SimulatorProcess) -> None:
    async with browsing() as session:
        path = f"{quiet.url}/xlive/web-room/v1/index/getDanmuInfo?id=90001&type=0"
        async with session.get(path) as response:
            assert (await response.json())["code"] == -352


async def test_getdanmuinfo_wants_the_long_id(quiet: SimulatorProcess) -> None:
    async with browsing() as session:
        assert (await danmu_info(session, quiet.url, 101))["code"] != 0
        assert (await danmu_info(session, quiet.url, 90001))["code"] == 0


async def test_a_connection_without_buvid_gets_but_a_part_of_the_chat(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as whole, watching(lively.url, 90001, buvid="") as part:
        await whole.read_until(100)
        lively.fault(stop=True)
        lively.fault(cut="all")
        await asyncio.gather(whole.read_all(), part.read_all())
    assert len(part.danmaku_ids()) < len(whole.danmaku_ids()) / 3
