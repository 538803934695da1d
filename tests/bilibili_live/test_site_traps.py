"""The traps of the library under our HTTP, each with its way round."""

import asyncio
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

import bilibili_live
from bilibili_live.api import RISK_PAUSE_LOOPBACK, WBI_KEY_LIFETIME, Bilibili
from bilibili_live.errors import (
    NoRoomBehindLink,
    NotLoggedIn,
    RiskControl,
    RoomLocked,
    RoomNotFound,
    SiteRefused,
    UnexpectedAnswer,
    Unreachable,
)
from bilibili_live.identity import Identity
from bilibili_live.site_session import COOKIES, SiteSession, cookie_line
from bilibili_live.turns import EndpointTurns
from tests.bilibili_live.fake_site import FakeSite, cookies

ACCOUNT = Identity(uid=42, sessdata="abc%2C123%2A", bili_jct="csrf", buvid3="MINE3", buvid4="MINE4+/==")
REFUSED = {"code": -352, "message": "风控校验失败", "data": {"v_voucher": "voucher_1"}}
QR_CODE = "https://passport.bilibili.com/x/passport-login/web/qrcode/generate"
#: protocol.md 2: the keys of FakeSite.
MIXIN_KEY = "ea1db124af3c7062474693fa704f4ff8"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSite]:
    async with FakeSite().running() as fake:
        yield fake


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_accounts_do_not_mix_on_a_host_with_a_name(fake: FakeSite) -> None:
    async with Bilibili(fake.url, 0, ACCOUNT) as account, Bilibili(fake.url, 0) as guest:
        await asyncio.gather(*(site.danmaku_access(1) for site in (account, guest, account, guest)))
        await guest.room_init(1)
        await account.room_init(1)
    mine = {
        "SESSDATA": "abc%2C123%2A",
        "bili_jct": "csrf",
        "DedeUserID": "42",
        "buvid3": "MINE3",
        "buvid4": "MINE4+/==",
    }
    others = {"buvid3": "BUVID3-1", "buvid4": "BUVID4+1/x=="}
    seen = [cookies(request) for request in fake.requests if not request.path.endswith("/spi")]
    assert all(sent in (mine, others) for sent in seen)
    assert seen.count(mine) >= 3
    assert seen.count(others) >= 3


async def test_the_token_is_given_with_the_identity_it_is_bound_to(fake: FakeSite) -> None:
    async with Bilibili(fake.url, 0) as guest, Bilibili(fake.url, 0, ACCOUNT) as account:
        theirs, mine = await guest.danmaku_access(1), await account.danmaku_access(1)
    assert (theirs.uid, theirs.buvid) == (0, "BUVID3-1")
    assert (mine.uid, mine.buvid) == (42, "MINE3")


async def test_each_guest_has_a_buvid_of_its_own_and_no_fingerprint_is_invented(fake: FakeSite) -> None:
    for expected in ("BUVID3-1", "BUVID3-2"):
        async with Bilibili(fake.url, 0) as guest:
            assert (await guest.danmaku_access(1)).buvid == expected
            await guest.danmaku_access(2)
    assert len(fake.asked("/spi")) == 2
    assert {request.method for request in fake.requests} == {"GET"}
    assert not fake.asked("/ExClimbWuzhi")
    assert not fake.asked("/GenWebTicket")


def test_the_refresh_token_is_never_a_cookie() -> None:
    handed_over = {
        "SESSDATA": "s",
        "ac_time_value": "refresh-token",
        "proxy": "p",
        "opus-goback": "1",
        "buvid3": "b",
    }
    assert cookie_line(handed_over) == "SESSDATA=s; buvid3=b"


@pytest.mark.parametrize("value", ["a;DedeUserID=1", "a\r\nX-Header: 1", "a b", "", "中"])
def test_a_cookie_cannot_carry_a_second_one(value: str) -> None:
    assert cookie_line({"SESSDATA": value}) == ""


async def test_only_allowed_cookies_and_our_own_headers_are_sent(fake: FakeSite) -> None:
    async with Bilibili(fake.url, 0, ACCOUNT) as site:
        await site.danmaku_access(1)
        await site.recent_danmaku(1)
    for request in fake.requests:
        assert set(cookies(request)) <= COOKIES
        assert request.headers.getall("User-Agent") == [request.headers["User-Agent"]]
        assert "Windows NT 10.0" in request.headers["User-Agent"]
        assert "Edg/131" not in request.headers["User-Agent"]
        assert request.headers["Referer"] == "https://live.bilibili.com/"
        assert request.headers["Origin"] == "https://live.bilibili.com"


def signature_is_right(query: str) -> bool:
    pairs = sorted((key, value) for key, value in parse_qsl(query) if key != "w_rid")
    plain = "&".join(f"{key}={value}" for key, value in pairs)
    expected = hashlib.md5((plain + MIXIN_KEY).encode()).hexdigest()
    return dict(parse_qsl(query)).get("w_rid") == expected


async def test_what_the_site_wants_signed_is_signed_and_nothing_else(fake: FakeSite) -> None:
    fake.answers["getRoomBaseInfo"] = {"code": 0, "data": {"by_room_ids": {"7": {"room_id": 7}}}}
    async with Bilibili(fake.url, 0) as site:
        await site.danmaku_access(22608112)
        await site.room_page(22608112)
        await site.room_init(5)
        assert list(await site.room_infos([7, 8])) == [7]
    (access,), (page,) = fake.asked("/getDanmuInfo"), fake.asked("/getInfoByRoom")
    assert signature_is_right(access.query_string)
    assert dict(access.query) | {"wts": "", "w_rid": ""} == {
        "id": "22608112",
        "type": "0",
        "web_location": "444.8",
        "wts": "",
        "w_rid": "",
    }
    assert signature_is_right(page.query_string)
    assert fake.asked("/room_init")[0].query_string == "id=5"
    assert fake.asked("/getRoomBaseInfo")[0].query_string == (
        "req_biz=web_room_componet&room_ids=7&room_ids=8"
    )


async def test_the_signing_key_is_forgotten_after_half_a_day(fake: FakeSite) -> None:
    clock = Clock()
    async with Bilibili(fake.url, 0, clock=clock) as site:
        await site.danmaku_access(1)
        clock.now += WBI_KEY_LIFETIME - 1
        await site.danmaku_access(1)
        assert len(fake.asked("/nav")) == 1
        clock.now += 1
        await site.danmaku_access(1)
        assert len(fake.asked("/nav")) == 2


async def test_a_refusal_is_answered_with_new_keys_and_a_new_buvid_once(fake: FakeSite) -> None:
    granted = {"code": 0, "data": {"token": "token", "host_list": fake.hosts}}
    fake.answers["getDanmuInfo"] = [REFUSED, granted]
    async with Bilibili(fake.url, 0) as site:
        access = await site.danmaku_access(1)
    assert access.buvid == "BUVID3-2"
    assert [cookies(request)["buvid3"] for request in fake.asked("/getDanmuInfo")] == ["BUVID3-1", "BUVID3-2"]
    assert len(fake.asked("/nav")) == 2


@pytest.mark.parametrize("refusal", [REFUSED, {"code": 0, "data": {"v_voucher": "voucher_1"}}])
async def test_a_second_refusal_stops_everything_for_a_while(fake: FakeSite, refusal: dict[str, Any]) -> None:
    clock = Clock()
    fake.answers["getDanmuInfo"] = refusal
    async with Bilibili(fake.url, 0, clock=clock) as site:
        results = await asyncio.gather(*(site.danmaku_access(n) for n in range(5)), return_exceptions=True)
        assert [type(result) for result in results] == [RiskControl] * 5
        assert len(fake.asked("/getDanmuInfo")) == 2
        with pytest.raises(RiskControl):
            await site.room_init(1)
        assert not fake.asked("/room_init")
        clock.now += RISK_PAUSE_LOOPBACK
        assert (await site.room_init(1)).room_id == 1


async def test_a_blocked_address_is_risk_control_and_is_not_tried_again(fake: FakeSite) -> None:
    fake.status["room_init"] = 412
    async with Bilibili(fake.url, 0) as site:
        for _ in range(3):
            with pytest.raises(RiskControl):
                await site.room_init(1)
    assert len(fake.asked("/room_init")) == 1


async def test_who_waited_for_a_turn_when_the_site_refused_us_sends_nothing_any_more(fake: FakeSite) -> None:
    fake.status["room_init"] = 412

    class Turns(EndpointTurns):
        is_first = True

        def take(self, endpoint: str, now: float) -> float:
            is_first, self.is_first = self.is_first, False
            return 0.0 if is_first else 1.0

    async with Bilibili(fake.url, 0, clock=Clock(), turns=Turns(0)) as site:
        calls = [site.room_init(number) for number in range(12)]
        link = site.linked_room("https://b23.tv/AbCd123")
        results = await asyncio.gather(*calls, link, return_exceptions=True)
        seconds = [result.seconds for result in results if isinstance(result, RiskControl)]
        assert seconds == [RISK_PAUSE_LOOPBACK] * 13
        assert site.quiet_seconds == RISK_PAUSE_LOOPBACK
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 60004, "message": "没有该房间"}, RoomNotFound),
        ({"code": 1, "data": []}, RoomNotFound),
        ({"code": 0, "data": {"room_id": 1, "is_locked": True}}, RoomLocked),
        ({"code": -101, "message": "账号未登录"}, NotLoggedIn),
        ({"code": -509}, Unreachable),
        ({"code": 1002002, "message": "a\nb"}, SiteRefused),
        ({"code": 0, "data": None}, UnexpectedAnswer),
        ({"data": {}}, UnexpectedAnswer),
        ([], UnexpectedAnswer),
        ("<html>", UnexpectedAnswer),
        ("", UnexpectedAnswer),
        ("\x00" * (9 * 1024 * 1024), Unreachable),
    ],
)
async def test_what_the_site_may_answer_has_an_error_of_one_line(
    fake: FakeSite, answer: Any, error: type[Exception]
) -> None:
    fake.answers["room_init"] = answer if answer != [] else [[]]
    async with Bilibili(fake.url, 0) as site:
        with pytest.raises(error) as raised:
            await site.room_init(1)
    assert str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("nav", ["<html>", {"code": 0}, {"code": 0, "data": {"wbi_img": {}}}])
async def test_unreadable_keys_are_an_unexpected_answer(fake: FakeSite, nav: Any) -> None:
    fake.answers["nav"] = nav
    async with Bilibili(fake.url, 0) as site:
        with pytest.raises(UnexpectedAnswer):
            await site.danmaku_access(1)


@pytest.mark.parametrize("status", [302, 404, 502])
async def test_a_redirect_or_an_error_page_is_no_answer(fake: FakeSite, status: int) -> None:
    fake.status["room_init"] = status
    async with Bilibili(fake.url, 0) as site:
        with pytest.raises(Unreachable, match=str(status)):
            await site.room_init(1)


async def test_a_site_that_is_not_there_is_unreachable_in_one_line(fake: FakeSite) -> None:
    async with FakeSite().running() as gone:
        url = gone.url
    async with Bilibili(url, 0) as site:
        with pytest.raises(Unreachable) as raised:
            await site.room_init(1)
    assert "localhost" in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_nothing_is_sent_to_hosts_that_are_not_the_sites() -> None:
    session = SiteSession(None, EndpointTurns(0))
    try:
        for url in (
            "https://evil.example/",
            "https://bilibili.com.evil.example/",
            "https://notbilibili.com/",
        ):
            with pytest.raises(Unreachable, match="no host of"):
                await session.request("GET", url, {}, None, {"SESSDATA": "s"})
        for link in ("https://evil.example/Ab", "https://b23.tv@evil.example/Ab", "https://b23.tv:1/Ab"):
            with pytest.raises(Unreachable, match=r"is not b23\.tv"):
                await session.redirect(link)
        with pytest.raises(Unreachable, match="no host of"):
            await session.request("GET", "https://b23.tv/Ab", {}, None, {"SESSDATA": "s"})
    finally:
        await session.close()


async def test_a_short_link_is_read_without_cookies_and_not_followed(fake: FakeSite) -> None:
    fake.redirects["AbCd123"] = "https://live.bilibili.com/5440?share_source=COPY"
    async with Bilibili(fake.url, 0, ACCOUNT) as site:
        assert await site.linked_room("https://b23.tv/AbCd123") == 5440
    [asked] = fake.requests
    assert (asked.path, asked.method, cookies(asked)) == ("/AbCd123", "GET", {})


@pytest.mark.parametrize(
    "where", ["https://www.bilibili.com/video/BV1xx", "https://evil.example/5440", "/404", "\u202e", ""]
)
async def test_a_short_link_that_leads_to_no_room_says_so(fake: FakeSite, where: str) -> None:
    fake.redirects["AbCd123"] = where
    async with Bilibili(fake.url, 0) as site:
        with pytest.raises(NoRoomBehindLink, match="leads to no room"):
            await site.linked_room("https://b23.tv/AbCd123")


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, NoRoomBehindLink), (200, NoRoomBehindLink), (412, RiskControl), (502, Unreachable)],
)
async def test_what_a_short_link_may_answer_has_its_error(
    fake: FakeSite, status: int, error: type[Exception]
) -> None:
    fake.status["AbCd123"] = status
    async with Bilibili(fake.url, 0) as site:
        with pytest.raises(error):
            await site.linked_room("https://b23.tv/AbCd123")
        if error is RiskControl:
            with pytest.raises(RiskControl) as again:
                await site.room_init(1)
            assert 0 < again.value.seconds <= RISK_PAUSE_LOOPBACK
    assert len(fake.requests) == 1


async def test_ways_to_the_site_that_follow_each_other_keep_one_spacing(fake: FakeSite) -> None:
    asked: list[str] = []

    class Turns(EndpointTurns):
        def take(self, endpoint: str, now: float) -> float:
            asked.append(endpoint)
            return super().take(endpoint, now) * 0.0

    turns = Turns(1.0)
    for _ in range(2):
        async with Bilibili(fake.url, 1.0, turns=turns) as site:
            await site.room_init(1)
    assert asked == ["/room/v1/Room/room_init"] * 2
    assert EndpointTurns.take(turns, asked[0], time.monotonic()) > 1.5


async def test_the_library_holds_neither_session_nor_loop_afterwards(fake: FakeSite) -> None:
    async with Bilibili(fake.url, 0) as site:
        await site.room_init(1)
    network = sys.modules["bilibili_api.utils.network"]
    held = [loop for pool in network.session_pool.values() for loop in pool]
    assert asyncio.get_running_loop() not in held
    with pytest.raises(RuntimeError):
        await site.room_init(1)


@pytest.fixture
def left_in_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return lambda: list(tmp_path.iterdir())


async def test_a_login_code_is_asked_for_without_leaving_it_in_a_file(
    fake: FakeSite, left_in_temporary_folder: Callable[[], list[Path]]
) -> None:
    code = {"url": "https://account.bilibili.com/h5/account-h5/auth/scan-web", "qrcode_key": "k" * 32}
    fake.answers["generate"] = {"code": 0, "data": code}
    async with Bilibili(fake.url, 0.0) as site:
        assert (await site._envelope(QR_CODE, {}))["data"] == code
    assert left_in_temporary_folder() == []


def test_the_librarys_own_login_is_used_nowhere() -> None:
    """It leaves the code in the temporary folder, for everybody on the machine to read."""
    package = Path(bilibili_live.__file__).parent
    assert [file.name for file in package.rglob("*.py") if "login_v2" in file.read_text("utf-8")] == []


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    code = "import bilibili_live.client, sys; sys.exit('bilibili_api' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_secrets_are_not_printed() -> None:
    assert "abc" not in repr(ACCOUNT)
    assert "csrf" not in str(ACCOUNT)
