from typing import Any

import pytest

from tests.simulator.wire import browsing, signed
from tests.simulator_process import SimulatorProcess


async def ask(simulator: SimulatorProcess, path: str, uid: int = 0) -> Any:
    async with browsing(uid) as session, session.get(simulator.url + path) as response:
        assert response.status == 200
        return await response.json()


async def test_nav_gives_the_keys_to_everybody(quiet: SimulatorProcess) -> None:
    guest, member = await ask(quiet, "/x/web-interface/nav"), await ask(quiet, "/x/web-interface/nav", uid=77)
    assert (guest["code"], guest["data"]["isLogin"]) == (-101, False)
    assert (member["code"], member["data"]["isLogin"], member["data"]["mid"]) == (0, True, 77)
    assert guest["data"]["wbi_img"] == member["data"]["wbi_img"]


@pytest.mark.parametrize("asked", ["90002", "102"])
async def test_a_room_is_found_by_long_and_short_id(quiet: SimulatorProcess, asked: str) -> None:
    init = await ask(quiet, f"/room/v1/Room/room_init?id={asked}")
    info = await ask(quiet, f"/room/v1/Room/get_info?room_id={asked}")
    play = await ask(quiet, f"/xlive/web-room/v2/index/getRoomPlayInfo?room_id={asked}")
    base = await ask(
        quiet, f"/xlive/web-room/v1/index/getRoomBaseInfo?req_biz=web_room_componet&room_ids={asked}"
    )
    assert {answer["data"]["room_id"] for answer in (init, info, play)} == {90002}
    assert {answer["data"]["short_id"] for answer in (init, info, play)} == {102}
    assert list(base["data"]["by_room_ids"]) == ["90002"]
    assert not init["data"]["is_locked"]


async def test_only_the_first_three_rooms_have_short_ids(quiet: SimulatorProcess) -> None:
    shorts = [
        (await ask(quiet, f"/room/v1/Room/room_init?id={room}"))["data"]["short_id"] for room in quiet.rooms
    ]
    assert shorts == [101, 102, 103, 0]


async def test_a_room_that_does_not_exist_is_refused_in_each_endpoints_way(quiet: SimulatorProcess) -> None:
    for strange in ("5", "0", "", "-1", "x", "9" * 5000):
        assert (await ask(quiet, f"/room/v1/Room/room_init?id={strange}"))["code"] == 60004
    assert (await ask(quiet, "/room/v1/Room/get_info?room_id=5"))["code"] == 1
    base = await ask(quiet, "/xlive/web-room/v1/index/getRoomBaseInfo?room_ids=5&room_ids=90001&room_ids=x")
    assert list(base["data"]["by_room_ids"]) == ["90001"]
    async with browsing() as session:
        parameters = await signed(session, quiet.url, room_id=5)
        async with session.get(
            f"{quiet.url}/xlive/web-room/v1/index/getInfoByRoom", params=parameters
        ) as response:
            assert (await response.json())["code"] == 19002000


@pytest.mark.parametrize(
    ("code", "status"), [("sim90002", 302), ("sim5", 404), ("Ab12Cd3", 404), ("x90002", 404)]
)
async def test_a_short_link_names_the_rooms_address(quiet: SimulatorProcess, code: str, status: int) -> None:
    async with browsing() as session, session.get(f"{quiet.url}/{code}", allow_redirects=False) as response:
        assert response.status == status
        where = response.headers.get("Location", "")
    assert where.startswith("https://live.bilibili.com/90002?") == (status == 302)


async def test_one_room_is_locked(quiet: SimulatorProcess) -> None:
    room = (await ask(quiet, "/room/v1/Room/room_init?id=99001"))["data"]
    assert room["is_locked"]
    assert room["lock_till"] > 1_790_000_000
    assert room["live_status"] == 0


async def test_getinfobyroom_tells_the_session(quiet: SimulatorProcess) -> None:
    async with browsing() as session:
        parameters = await signed(session, quiet.url, room_id=101)
        async with session.get(
            f"{quiet.url}/xlive/web-room/v1/index/getInfoByRoom", params=parameters
        ) as response:
            room = (await response.json())["data"]["room_info"]
    assert room["room_id"] == 90001
    assert room["sub_session_key"] == f"{room['live_id_str']}sub_time:{room['live_start_time']}"


async def test_status_by_uid_is_a_list_when_nobody_matches(quiet: SimulatorProcess) -> None:
    uid = (await ask(quiet, "/room/v1/Room/room_init?id=90001"))["data"]["uid"]
    path = "/room/v1/Room/get_status_info_by_uids?uids[]="
    assert (await ask(quiet, f"{path}{uid}"))["data"][str(uid)]["room_id"] == 90001
    assert (await ask(quiet, f"{path}1"))["data"] == []
    async with browsing() as session, session.post(quiet.url + path[:-8], json={"uids": [uid]}) as response:
        assert list((await response.json())["data"]) == [str(uid)]


@pytest.mark.parametrize(
    "path",
    [
        "/x/frontend/finger/spi", "/x/web-frontend/getbuvid",
        "/bapis/bilibili.api.ticket.v1.Ticket/GenWebTicket", "/x/internal/gaia-gateway/ExClimbWuzhi",
        "/xlive/rdata-interface/v1/heartbeat/webHeartBeat", "/xlive/web-room/v1/dM/gethistory?roomid=90001",
        "/live_user/v1/Master/info?uid=3546000000090001", "/av/v1/SuperChat/getMessageList?room_id=90001",
        "/xlive/web-room/v1/giftPanel/giftConfig?platform=pc",
    ],
)  # fmt: skip
async def test_the_small_answers_are_good(quiet: SimulatorProcess, path: str) -> None:
    answer = await ask(quiet, path)
    assert answer["code"] == 0
    assert answer["data"] is not None


async def test_every_gift_that_is_played_is_in_the_list(quiet: SimulatorProcess) -> None:
    listed = (await ask(quiet, "/xlive/web-room/v1/giftPanel/giftConfig"))["data"]["list"]
    numbers = [gift["id"] for gift in listed]
    assert len(numbers) == len(set(numbers))
    assert {1, 31036, 30920, 30921} <= set(numbers)
