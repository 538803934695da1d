"""The stream of events: a real server on this event loop, a real Valkey, a real HTTP client."""

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn
from pytest_django import Settings

from bilibili_monitor.asgi import application
from event_store import connect
from event_store.cursor import LogCursor
from event_store.live import LiveEvents
from live_data.views import event_stream, stream
from live_data.views.hub import WAITING, Hub, Reset, Subscription
from tests.live_data.web_log import append_here
from tests.made import danmaku_saying, gift
from tests.valkey_process import until, valkey_process

DEADLINE = 15  # s


@dataclasses.dataclass
class Site:
    url: str
    redis_url: str
    hub: Hub


@pytest.fixture
async def site(redis_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """The ASGI application behind uvicorn, with a hub that the test can look into."""
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=redis_url)
    hub = Hub()
    monkeypatch.setattr(stream, "_hub", hub)
    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_config=None, ws="none"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", redis_url, hub)
    stream.close_streams()
    server.should_exit = True
    async with asyncio.timeout(DEADLINE):
        await serving


class Reader:
    """What a browser's EventSource reads: the messages, the id behind each, and the comments."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.last_id = ""

    async def next(self) -> dict[str, Any]:
        """The next message's data; {"reset": True} for a reset."""
        async with asyncio.timeout(DEADLINE):
            while True:
                data = await self.block()
                if data:
                    answer: dict[str, Any] = json.loads(data)
                    return answer

    async def block(self) -> str:
        data = ""
        while line := (await self._response.content.readline()).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            if name == "id":
                self.last_id = value
            elif name == "data":
                data = value
        if self._response.content.at_eof():
            raise EOFError
        return data

    async def texts(self, count: int) -> list[str]:
        """So many danmaku, however they are cut into messages."""
        found: list[str] = []
        while len(found) < count:
            message = await self.next()
            found += [item["message"] for item in message["events"]["danmaku"]]
        return found


@contextlib.asynccontextmanager
async def reading(site: Site, query: str = "", last_id: str = "") -> AsyncIterator[Reader]:
    """A client that the hub knows of: it subscribes before it says its first word."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with (
        aiohttp.ClientSession(read_bufsize=2**22) as session,
        session.get(f"{site.url}/live/api/stream{query}", headers=headers) as response,
    ):
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        reader = Reader(response)
        assert await reader.block() == ""
        yield reader


async def test_it_sends_what_happens_with_an_id_to_resume_from(site: Site) -> None:
    async with reading(site) as reader:
        await append_here(site.redis_url, [danmaku_saying("第一"), gift(1, price=1550, total_coin=1550)])
        message = await reader.next()
    assert message["cursor"] == reader.last_id
    [said] = message["events"]["danmaku"]
    assert said["message"] == "第一"
    assert said["uid"] == "1152921504606846977"
    [given] = message["events"]["gifts"]
    assert (given["total_price"], given["gold"]) == ("1.55", 1550)


async def test_it_resumes_after_the_last_id_without_gap_or_repetition(site: Site) -> None:
    async with reading(site) as reader:
        await append_here(site.redis_url, [danmaku_saying("seen")])
        assert await reader.texts(1) == ["seen"]
    await append_here(site.redis_url, [danmaku_saying("missed 1")], [danmaku_saying("missed 2")])
    async with reading(site, last_id=reader.last_id) as again:
        await append_here(site.redis_url, [danmaku_saying("live")])
        assert await again.texts(3) == ["missed 1", "missed 2", "live"]
    async with reading(site, f"?after={reader.last_id}") as by_address:
        assert await by_address.texts(3) == ["missed 1", "missed 2", "live"]


async def test_it_catches_up_over_more_entries_than_one_piece_holds(site: Site) -> None:
    place = await append_here(site.redis_url, [danmaku_saying("known")])
    texts = [str(number) for number in range(event_stream.CATCH_UP * 2 + 3)]
    await append_here(site.redis_url, *([danmaku_saying(text)] for text in texts))
    async with reading(site, f"?after={LogCursor(place.incarnation, place.stream_id)}") as reader:
        assert await reader.texts(len(texts)) == texts


async def test_it_tells_a_page_with_an_unknown_cursor_to_reload_and_goes_on(site: Site) -> None:
    await append_here(site.redis_url, [danmaku_saying("old")])
    async with reading(site, "?after=0123456789abcdef.5-0") as reader:
        assert await reader.next() == {"reset": True}
        await append_here(site.redis_url, [danmaku_saying("new")])
        assert await reader.texts(1) == ["new"]


async def test_it_sends_only_the_rooms_that_were_asked_for(site: Site) -> None:
    async with reading(site, "?room_id=1&room_id=2") as reader:
        other, one, two = (danmaku_saying(f"room {number}", room_id=number) for number in (3, 1, 2))
        await append_here(site.redis_url, [other, one], [other], [two])
        assert await reader.texts(2) == ["room 1", "room 2"]


async def test_it_moves_a_quiet_page_on_with_heartbeats(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.01)
    async with reading(site, "?room_id=1") as reader:
        place = await append_here(site.redis_url, [danmaku_saying("elsewhere", room_id=3)])
        async with asyncio.timeout(DEADLINE):
            while reader.last_id != str(LogCursor(place.incarnation, place.stream_id)):
                assert await reader.block() == ""


async def test_it_tells_everyone_to_reload_when_the_log_is_another_one(site: Site) -> None:
    async with reading(site) as reader:
        await append_here(site.redis_url, [danmaku_saying("before")])
        assert await reader.texts(1) == ["before"]
        client = connect.client(site.redis_url)
        client.flushall()
        client.close()
        await append_here(site.redis_url, [danmaku_saying("another log")])
        assert await reader.next() == {"reset": True}
        await append_here(site.redis_url, [danmaku_saying("after")])
        assert await reader.texts(1) == ["after"]


async def test_it_goes_on_without_a_gap_after_redis_was_restarted(
    site: Site, settings: Settings, tmp_path: Path
) -> None:
    with valkey_process(tmp_path / "valkey") as server:
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=server.url)
        async with reading(site) as reader:
            await append_here(server.url, [danmaku_saying("before")])
            assert await reader.texts(1) == ["before"]
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            await append_here(server.url, [danmaku_saying("at once after")], [danmaku_saying("later")])
            assert await reader.texts(2) == ["at once after", "later"]


async def test_a_page_that_comes_while_redis_is_away_is_served_once_it_is_back(
    site: Site, settings: Settings, tmp_path: Path
) -> None:
    with valkey_process(tmp_path / "valkey") as server:
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=server.url)
        place = await append_here(server.url, [danmaku_saying("known")], [danmaku_saying("missed")])
        await asyncio.to_thread(server.stop)
        async with reading(site, f"?after={LogCursor(place.incarnation, place.stream_id)}") as reader:
            await asyncio.to_thread(server.start)
            await append_here(server.url, [danmaku_saying("new")])
            answer = await reader.next()
            while "reset" in answer:  # the hub cannot know what it missed before it first stood somewhere
                answer = await reader.next()
            assert [item["message"] for item in answer["events"]["danmaku"]] == ["new"]


async def test_a_client_that_leaves_frees_everything(site: Site) -> None:
    async with reading(site), reading(site):
        await until(lambda: len(site.hub) == 2)
    await until(lambda: len(site.hub) == 0)
    await until(lambda: "event log reader" not in {task.get_name() for task in asyncio.all_tasks()})


async def test_every_stream_ends_when_the_process_is_told_to_stop(site: Site) -> None:
    async with reading(site) as one, reading(site) as other:
        stream.close_streams()
        for reader in (one, other):
            with pytest.raises(EOFError):
                await reader.next()


async def test_a_stream_that_waits_for_redis_ends_as_well(site: Site, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url="unix:///nowhere/valkey.sock")
    async with reading(site, "?after=0123456789abcdef.5-0") as reader:
        stream.close_streams()
        with pytest.raises(EOFError):
            await reader.next()


async def test_a_client_that_does_not_keep_up_is_told_to_reload() -> None:
    subscription = Subscription()
    pieces = [LiveEvents(LogCursor("", f"{number}-0"), []) for number in range(WAITING + 1)]
    for piece in pieces:
        subscription.put(piece)
    assert isinstance(await subscription.next(1), Reset)
    assert await subscription.next(1) == pieces[-1]
    assert await subscription.next(0.001) is None


@pytest.mark.parametrize("query", ["?after=nonsense", "?room_id=x", "?room_id=1&room_id=-1"])
async def test_it_says_what_was_wrong_with_a_query(site: Site, query: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{site.url}/live/api/stream{query}") as response,
    ):
        assert response.status == 400
        assert list(await response.json()) == ["error"]
