"""The way to the site through a proxy, with a real one."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.client import Authenticated, ConnectGate, RoomClient
from bilibili_live.errors import Unreachable
from bilibili_live.rooms import DanmakuHost
from tests.bilibili_live.fake_site import FakeSite, let_in
from tests.bilibili_live.proxy import Proxy
from tests.bilibili_live.test_client import says

ROOM = 90001
LIMIT = 10.0  # s
SECRET = "geheim"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSite]:
    async with FakeSite().running() as fake:
        yield fake


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with Proxy().running() as proxy:
        yield proxy


def address(proxy: Proxy) -> str:
    return f"http://user:{SECRET}@{proxy.place}"


async def test_calls_and_sockets_go_through_it_with_its_password(fake: FakeSite, proxy: Proxy) -> None:
    fake.talk = says(let_in())
    async with asyncio.timeout(LIMIT), Bilibili(fake.url, 0, proxy=address(proxy)) as site:
        client = RoomClient(ROOM, site, ConnectGate(0), lambda *_: None)
        async with aclosing(client.signals()) as signals:
            assert isinstance(await anext(signals), Authenticated)
    asked = [line.partition("?")[0].rpartition("/")[2] for line in proxy.asked]
    assert sorted(asked) == sorted(["room_init", "spi", "nav", "getDanmuInfo", "sub"])
    assert {request.path.rpartition("/")[2] for request in fake.requests} == set(asked)
    assert proxy.authorizations == {"Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode()}


async def test_what_is_encrypted_goes_through_a_tunnel(proxy: Proxy) -> None:
    proxy.refusal = "HTTP/1.1 502 Bad Gateway"
    async with Bilibili("https://localhost:1", 0, proxy=address(proxy)) as site:
        with pytest.raises(Unreachable, match=f"the proxy {proxy.place} answered HTTP 502"):
            await site.room_init(ROOM)
        with pytest.raises(Unreachable, match=f"the proxy {proxy.place} answered HTTP 502"):
            await site.open_socket(DanmakuHost("localhost", 1, 2))
    assert proxy.asked == ["CONNECT localhost:1", "CONNECT localhost:2"]


@pytest.mark.parametrize("host", ["https://localhost:1", "http://localhost:1"])
async def test_a_proxy_that_is_down_is_named_and_its_password_is_not(host: str) -> None:
    async with Proxy().running() as gone:
        pass
    async with Bilibili(host, 0, proxy=address(gone)) as site:
        with pytest.raises(Unreachable) as refused:
            await site.room_init(ROOM)
    assert f"the proxy {gone.place} does not answer" in str(refused.value)
    errors: list[BaseException | None] = [refused.value, refused.value.__cause__]
    assert SECRET not in "".join(f"{error!s}{error!r}" for error in errors)


async def test_a_proxy_that_wants_another_password_is_named(fake: FakeSite, proxy: Proxy) -> None:
    proxy.refusal = "HTTP/1.1 407 Proxy Authentication Required"
    async with Bilibili(fake.url, 0, proxy=address(proxy)) as site:
        with pytest.raises(Unreachable, match="HTTP 407") as refused:
            await site.room_init(ROOM)
    assert proxy.place in str(refused.value)


async def test_a_look_alike_is_not_asked_through_the_environments_proxy(
    fake: FakeSite, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{proxy.place}")
    monkeypatch.setenv("no_proxy", "")
    async with Bilibili(fake.url, 0) as site:
        assert (await site.room_init(ROOM)).room_id == ROOM
    assert proxy.asked == []
