"""One room followed over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import aiohttp
import pytest
from aiohttp import web

from bilibili_live.api import Bilibili
from bilibili_live.client import Authenticated, ConnectGate, Ended, Messages, RoomClient, Signal
from bilibili_live.errors import (
    AuthRejected,
    BilibiliError,
    ConnectionEnded,
    ConnectionLost,
    ConnectionStarved,
    RoomNotFound,
    Unreachable,
)
from bilibili_live.identity import Identity
from bilibili_live.protocol.commands import decode_frame
from bilibili_live.protocol.packets import AUTH_REPLY, MESSAGE, pack
from tests.bilibili_live.fake_site import FakeSite, let_in
from tests.bilibili_live.messages import danmaku

LIMIT = 10.0  # s that any of these may take
ROOM = 90001
SAID = pack(MESSAGE, json.dumps(danmaku()).encode(), 0)


@pytest.fixture
async def fake() -> AsyncIterator[FakeSite]:
    async with FakeSite().running() as fake:
        yield fake


@pytest.fixture
async def site(fake: FakeSite) -> AsyncIterator[Bilibili]:
    async with Bilibili(fake.url, 0) as site:
        yield site


class Followed:
    """A client whose frames and signals are kept."""

    def __init__(self, site: Bilibili, tap_error: Exception | None = None) -> None:
        self.frames: list[tuple[bytes, int, int]] = []
        self.signals: list[Signal] = []
        self._tap_error = tap_error
        self._client = RoomClient(ROOM, site, ConnectGate(0), self._tap, random=lambda: 0.0)

    def _tap(self, frame: bytes, at: int, connection: int) -> None:
        if self._tap_error:
            raise self._tap_error
        self.frames.append((frame, at, connection))

    async def until(self, enough: Callable[[Signal], bool]) -> list[Signal]:
        """Follow until a signal is the wanted one; all signals of this run."""
        async with asyncio.timeout(LIMIT), aclosing(self._client.signals()) as signals:
            async for signal in signals:
                self.signals.append(signal)
                if enough(signal):
                    return self.signals
        raise AssertionError("signals never end by themselves")

    def errors(self) -> list[BilibiliError]:
        return [signal.error for signal in self.signals if isinstance(signal, Ended)]


def says(*frames: bytes | str) -> Callable[[web.WebSocketResponse, int], Awaitable[None]]:
    """Send these, then wait for the client to go."""

    async def talk(socket: web.WebSocketResponse, _: int) -> None:
        for frame in frames:
            await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
            if socket.closed:
                return

    return talk


def hangs_up_after(*frames: bytes) -> Callable[[web.WebSocketResponse, int], Awaitable[None]]:
    async def talk(socket: web.WebSocketResponse, _: int) -> None:
        for frame in frames:
            await socket.send_bytes(frame)

    return talk


def server_frame(payload: bytes) -> bytes:
    """A binary WebSocket message as a server sends it, for a transport: without waiting for a turn."""
    return b"\x82\x7e" + len(payload).to_bytes(2, "big") + payload


def is_messages(signal: Signal) -> bool:
    return isinstance(signal, Messages)


async def test_it_authenticates_and_yields_what_a_frame_holds(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = says(let_in(), SAID)
    followed = Followed(site)
    authenticated, messages = await followed.until(is_messages)
    assert isinstance(authenticated, Authenticated)
    assert (authenticated.guest, authenticated.connection) == (True, 1)
    assert isinstance(messages, Messages)
    assert [event.kind for event in messages.decoded.events] == ["danmaku"]
    assert messages.decoded.events[0].received_at == messages.received_at_ms


async def test_every_frame_is_tapped_before_it_is_decoded(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = says(let_in(), b"garbage", SAID)
    followed = Followed(site)
    *_, broken, messages = await followed.until(
        lambda signal: isinstance(signal, Messages) and bool(signal.decoded.events)
    )
    assert [frame for frame, _, _ in followed.frames] == [let_in(), b"garbage", SAID]
    assert {connection for _, _, connection in followed.frames} == {1}
    for signal, (frame, at, _) in zip((broken, messages), followed.frames[1:], strict=True):
        assert isinstance(signal, Messages)
        assert signal.decoded == decode_frame(frame, ROOM, at)


async def test_an_account_is_no_guest(fake: FakeSite) -> None:
    fake.talk = says(let_in())
    async with Bilibili(fake.url, 0, Identity(uid=42, sessdata="s", buvid3="b", buvid4="b")) as site:
        (signal,) = await Followed(site).until(lambda signal: isinstance(signal, Authenticated))
    assert isinstance(signal, Authenticated)
    assert not signal.guest


async def test_the_socket_says_who_we_are_and_where_from(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = says(let_in(), SAID)
    await Followed(site).until(is_messages)
    (request,) = fake.asked("/sub")
    assert request.headers["Origin"] == "https://live.bilibili.com"
    assert "Chrome/" in request.headers["User-Agent"]
    assert "Cookie" not in request.headers


async def test_a_text_frame_is_counted_and_the_connection_lives_on(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = says(let_in(), "hello", SAID)
    followed = Followed(site)
    _, text, messages = await followed.until(
        lambda signal: isinstance(signal, Messages) and bool(signal.decoded.events)
    )
    assert isinstance(text, Messages)
    assert text.decoded.tally.undecodable == {"text frame": 1}
    assert isinstance(messages, Messages)


async def test_it_reconnects_after_the_server_hangs_up(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = hangs_up_after(let_in(), SAID)
    followed = Followed(site)
    await followed.until(lambda signal: isinstance(signal, Messages) and signal.connection == 2)
    kinds = [type(signal).__name__ for signal in followed.signals]
    assert kinds == ["Authenticated", "Messages", "Ended", "Authenticated", "Messages"]
    (ended,) = [signal for signal in followed.signals if isinstance(signal, Ended)]
    assert isinstance(ended.error, ConnectionLost)
    assert ended.retry_at_ms == ended.at_ms + 500  # half of 1 s: the back-off began anew
    assert len(fake.asked("/getDanmuInfo")) == 1  # the token had worked


async def test_a_handshake_alone_neither_keeps_the_token_nor_resets_the_back_off(
    fake: FakeSite, site: Bilibili
) -> None:
    fake.talk = hangs_up_after(let_in())
    followed = Followed(site)
    await followed.until(lambda signal: isinstance(signal, Ended) and signal.connection == 3)
    delays = [s.retry_at_ms - s.at_ms for s in followed.signals if isinstance(s, Ended)]
    assert delays == [500, 1000, 2000]
    assert len(fake.asked("/getDanmuInfo")) == 3


async def test_it_reconnects_after_auth_is_rejected_with_a_new_token(fake: FakeSite, site: Bilibili) -> None:
    async def talk(socket: web.WebSocketResponse, number: int) -> None:
        refused = pack(AUTH_REPLY, b'{"code":-101}')
        await says(*([refused] if number == 1 else [let_in(), SAID]))(socket, number)

    fake.talk = talk
    followed = Followed(site)
    await followed.until(is_messages)
    assert [type(error) for error in followed.errors()] == [AuthRejected]
    assert len(fake.asked("/getDanmuInfo")) == 2


async def test_the_servers_take_turns(fake: FakeSite, site: Bilibili) -> None:
    async with FakeSite().running() as gone:
        dead = gone.hosts[0]
    fake.hosts = [fake.hosts[0], dead]  # a room of an odd number begins at the second
    fake.talk = says(let_in(), SAID)
    followed = Followed(site)
    await followed.until(is_messages)
    assert [type(error) for error in followed.errors()] == [Unreachable]


async def test_a_masked_line_says_that_an_account_is_treated_as_a_guest_once(fake: FakeSite) -> None:
    line = danmaku()
    line["info"][2] = [0, "观***", 0, 0, 0, 10000, 1, ""]
    masked = pack(MESSAGE, json.dumps(line).encode(), 0)
    fake.talk = says(let_in(), SAID, masked, masked, SAID)
    async with Bilibili(fake.url, 0, Identity(uid=42, sessdata="s", buvid3="b", buvid4="b")) as site:
        followed = Followed(site)
        await followed.until(lambda _: len(followed.frames) == 5 and is_messages(followed.signals[-1]))
    kinds = [type(signal).__name__ for signal in followed.signals]
    assert kinds == ["Authenticated", "Messages", "Messages", "TreatedAsGuest", "Messages", "Messages"]


async def test_a_known_guest_is_not_told_again_that_names_are_masked(fake: FakeSite, site: Bilibili) -> None:
    notice = pack(MESSAGE, b'{"cmd":"LOG_IN_NOTICE","data":{"notice_msg":"x"}}', 0)
    fake.talk = says(let_in(), notice, SAID)
    followed = Followed(site)
    await followed.until(lambda _: len(followed.frames) == 3 and is_messages(followed.signals[-1]))
    assert [type(signal).__name__ for signal in followed.signals] == ["Authenticated", "Messages", "Messages"]


async def test_connections_of_two_links_share_no_number(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = hangs_up_after(let_in(), SAID)
    numbers = []
    for link in (0, 1):
        client = RoomClient(ROOM, site, ConnectGate(0), lambda *_: None, link=link, links=2, random=lambda: 0)
        async with asyncio.timeout(LIMIT), aclosing(client.signals()) as signals:
            numbers.append([(await anext(signals)).connection for _ in range(5)])
    assert [sorted(set(each)) for each in numbers] == [[1, 3], [2, 4]]


async def test_a_loud_room_lets_the_others_in(fake: FakeSite, site: Bilibili) -> None:
    """What is buffered is received without waiting: who does not give way goes on to the end of it."""
    order: list[str] = []
    transports: list[asyncio.Transport] = []
    is_there = asyncio.Condition()

    async def talk(socket: web.WebSocketResponse, _: int) -> None:
        await socket.send_bytes(let_in())
        transport = fake.requests[-1].transport
        assert isinstance(transport, asyncio.Transport)
        transports.append(transport)
        while not socket.closed:
            await socket.receive()

    def loud(*_: object) -> None:
        order.append("loud")
        if order.count("loud") == 2:  # written at once: it waits in the quiet room's own socket
            transports[0].write(server_frame(SAID))

    async def follow(tap: Callable[..., None]) -> None:
        client = RoomClient(ROOM, site, ConnectGate(0), tap, random=lambda: 0.0)
        async with aclosing(client.signals()) as signals:
            async for _ in signals:
                async with is_there:
                    is_there.notify_all()

    fake.talk = talk
    async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as tasks, is_there:
        following = [tasks.create_task(follow(lambda *_: order.append("quiet")))]
        await is_there.wait_for(lambda: order == ["quiet"])
        following.append(tasks.create_task(follow(loud)))
        await is_there.wait_for(lambda: order == ["quiet", "loud"])
        transports[1].write(server_frame(SAID) * 100)
        await is_there.wait_for(lambda: len(order) == 2 + 100 + 1)
        for task in following:
            task.cancel()
    assert order.index("quiet", 1) < 50


async def test_a_room_that_does_not_exist_is_said_and_asked_for_again_much_later(
    fake: FakeSite, site: Bilibili
) -> None:
    fake.answers["room_init"] = {"code": 60004}
    followed = Followed(site)
    await followed.until(lambda signal: isinstance(signal, Ended))
    (ended,) = followed.signals
    assert isinstance(ended, Ended)
    assert isinstance(ended.error, RoomNotFound)
    assert ended.retry_at_ms - ended.at_ms == 10_000


async def test_messages_that_come_along_with_a_refusal_are_told(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = says(SAID + pack(AUTH_REPLY, b'{"code":-101}'))
    followed = Followed(site)
    await followed.until(lambda signal: isinstance(signal, Ended))
    assert [type(signal) for signal in followed.signals] == [Messages, Ended]


async def test_a_short_id_is_not_followed(fake: FakeSite, site: Bilibili) -> None:
    fake.answers["room_init"] = {"code": 0, "data": {"room_id": 5}}
    followed = Followed(site)
    await followed.until(lambda signal: isinstance(signal, Ended))
    assert "short id" in str(followed.errors()[0])


async def test_a_frame_that_cannot_be_kept_ends_the_connection(fake: FakeSite, site: Bilibili) -> None:
    fake.talk = says(let_in(), SAID)
    followed = Followed(site, tap_error=OSError(28, "No space left on device"))
    await followed.until(lambda signal: isinstance(signal, Ended))
    (error,) = followed.errors()
    assert type(error) is ConnectionEnded
    assert "No space left on device" in str(error)


async def test_a_message_beyond_16_mib_ends_the_connection_and_not_the_process(
    fake: FakeSite, site: Bilibili
) -> None:
    fake.talk = says(let_in(), bytes(17 * 1024 * 1024))
    followed = Followed(site)
    await followed.until(lambda signal: isinstance(signal, Ended))
    assert [type(error) for error in followed.errors()] == [ConnectionLost]


async def test_a_cancelled_client_closes_its_socket(fake: FakeSite, site: Bilibili) -> None:
    hung_up = asyncio.Event()
    talking = asyncio.Event()

    async def talk(socket: web.WebSocketResponse, _: int) -> None:
        await socket.send_bytes(let_in())
        talking.set()
        while (await socket.receive()).type is aiohttp.WSMsgType.BINARY:
            pass
        hung_up.set()

    fake.talk = talk
    task = asyncio.create_task(Followed(site).until(lambda _: False))
    async with asyncio.timeout(LIMIT):
        await talking.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await hung_up.wait()


async def test_a_heartbeat_follows_the_authentication_at_once(fake: FakeSite, site: Bilibili) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def talk(socket: web.WebSocketResponse, _: int) -> None:
        await socket.send_bytes(let_in())
        message = await socket.receive()
        heard.put_nowait(message.data)
        await socket.send_bytes(SAID)
        await socket.receive()

    fake.talk = talk
    await Followed(site).until(is_messages)
    assert heard.get_nowait() == pack(2, b"")


async def test_what_the_server_sent_before_it_heard_the_end_is_handed_on(
    fake: FakeSite, site: Bilibili
) -> None:
    async def burst(socket: web.WebSocketResponse, _: int) -> None:
        for frame in (let_in(), *[SAID] * 20):
            await socket.send_bytes(frame)
        while not socket.closed:
            await socket.receive()

    fake.talk = burst
    client = RoomClient(ROOM, site, ConnectGate(0), lambda *_: None, random=lambda: 0.0)
    signals: list[Signal] = []
    async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as group, aclosing(client.signals()) as following:
        async for signal in following:
            signals.append(signal)
            if isinstance(signal, Authenticated):
                group.create_task(client.close())
            if isinstance(signal, Ended):
                break
    assert [type(signal) for signal in signals] == [Authenticated, *[Messages] * 20, Ended]


async def test_a_starved_connection_is_ended_with_its_cause_and_followed_by_the_next_at_once(
    fake: FakeSite, site: Bilibili
) -> None:
    fake.talk = says(let_in(), SAID)
    followed = Followed(site)
    renewing: list[asyncio.Task[None]] = []

    def enough(signal: Signal) -> bool:
        if isinstance(signal, Messages) and not renewing:
            why = ConnectionStarved("a fraction")
            renewing.append(asyncio.create_task(followed._client.renew(why)))
        return isinstance(signal, Authenticated) and signal.connection == 2

    await followed.until(enough)
    await asyncio.gather(*renewing)
    [ended] = [signal for signal in followed.signals if isinstance(signal, Ended)]
    assert isinstance(ended.error, ConnectionStarved)
    assert ended.retry_at_ms == ended.at_ms


async def test_what_shall_be_renewed_while_nothing_is_open_stays_as_it_is(site: Bilibili) -> None:
    followed = Followed(site)
    await followed._client.renew(ConnectionStarved("a fraction"))
    assert followed.errors() == []
