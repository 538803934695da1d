"""The way to the site through a proxy, with a real one."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import aiohttp.connector
import pytest
import trustme

from bilibili_live.api import Bilibili
from bilibili_live.client import Authenticated, ConnectGate, RoomClient
from bilibili_live.errors import Unreachable
from bilibili_live.rooms import DanmakuHost
from tests.bilibili_live.fake_site import FakeSite, let_in
from tests.bilibili_live.proxy import Proxy, pour
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


async def test_encrypted_calls_and_sockets_reach_the_site_unread_by_the_proxy(
    fake: FakeSite, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusted)
    fake.talk = says(let_in())
    async with asyncio.timeout(LIMIT), encrypted(fake, authority) as port:
        fake.hosts = [{"host": "localhost", "ws_port": 1, "wss_port": port}]
        async with Bilibili(f"https://localhost:{port}", 0, proxy=address(proxy)) as site:
            client = RoomClient(ROOM, site, ConnectGate(0), lambda *_: None)
            async with aclosing(client.signals()) as signals:
                assert isinstance(await anext(signals), Authenticated)
    assert set(proxy.asked) == {f"CONNECT localhost:{port}"}
    assert {request.path.rpartition("/")[2] for request in fake.requests} >= {"getDanmuInfo", "sub"}


async def test_a_site_with_a_certificate_that_nobody_vouches_for_is_not_talked_to(
    fake: FakeSite, proxy: Proxy
) -> None:
    async with (
        asyncio.timeout(LIMIT),
        encrypted(fake, trustme.CA()) as port,
        Bilibili(f"https://localhost:{port}", 0, proxy=address(proxy)) as site,
    ):
        with pytest.raises(Unreachable, match="certificate"):
            await site.room_init(ROOM)
        with pytest.raises(Unreachable, match="certificate"):
            await site.open_socket(DanmakuHost("localhost", 1, port))
    assert not fake.requests


@asynccontextmanager
async def encrypted(fake: FakeSite, authority: trustme.CA) -> AsyncIterator[int]:
    """The site behind TLS, as "localhost" by the word of this authority: the port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    talks: set[asyncio.Task[Any]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, upstream = await asyncio.open_connection("127.0.0.1", fake.port)
        pouring = asyncio.gather(pour(reader, upstream), pour(there, writer), return_exceptions=True)
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await pouring
        finally:
            upstream.close()
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


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
