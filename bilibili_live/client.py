"""The asyncio shell around one room: connect, heartbeat, receive, reconnect for ever.

It decides nothing itself: what bytes mean is protocol.connection's, when to try again is retry's.
"""

import asyncio
import random as random_module
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TypeAlias

import aiohttp

from bilibili_live.api import Bilibili
from bilibili_live.errors import (
    AuthRejected,
    BilibiliError,
    ConnectionEnded,
    ConnectionLost,
    RoomNotFound,
)
from bilibili_live.events import Decoded, Tally
from bilibili_live.protocol.commands import decode_frame, decode_packets
from bilibili_live.protocol.connection import Connection, Credentials, Received
from bilibili_live.retry import retry_delay
from bilibili_live.rooms import DanmakuAccess
from bilibili_live.turns import Turns

_NORMAL_CLOSURE = (1000).to_bytes(2, "big")
_CLOSING = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED)

#: (frame, received at in ms, number of the connection)
Tap: TypeAlias = Callable[[bytes, int, int], None]


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The server let us in: the room is covered from here on."""

    at_ms: int
    guest: bool  #: names will be masked and chat thinned
    connection: int


@dataclass(frozen=True, slots=True)
class Messages:
    """What one frame held. Frames that held nothing (heartbeat replies) are not mentioned."""

    decoded: Decoded
    received_at_ms: int
    connection: int


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt is over, or never began; the next one begins at ``retry_at_ms``."""

    at_ms: int
    error: BilibiliError
    retry_at_ms: int
    connection: int


Signal: TypeAlias = Authenticated | Messages | Ended


class ConnectGate:
    """Lets one connect of this process through per ``interval`` seconds, in order of asking."""

    def __init__(self, interval: float) -> None:
        self._turns = Turns(interval)

    async def wait(self) -> None:
        await asyncio.sleep(self._turns.take(asyncio.get_running_loop().time()))


def epoch_ms() -> int:
    return time.time_ns() // 1_000_000


class RoomClient:
    """Follows one room. ``room_id`` is the long id.

    ``tap`` is called with every received binary frame before anything looks into it. No other task
    runs between that call and the ``Messages`` of the same frame. When tap raises OSError,
    ValueError or RuntimeError (a full disk), the connection ends with its text: what cannot be kept
    must not be shown.
    """

    def __init__(
        self,
        room_id: int,
        site: Bilibili,
        gate: ConnectGate,
        tap: Tap,
        *,
        clock: Callable[[], int] = epoch_ms,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self.room_id = room_id
        self._site = site
        self._gate = gate
        self._tap = tap
        self._clock = clock
        self._random = random
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._is_over = asyncio.Event()  # the connection that was open last
        self._access: DanmakuAccess | None = None
        self._host = 0  # index into the servers; the next one after each failure
        self._number = 0  # of the connection
        self._failures = 0  # since the last message

    async def signals(self) -> AsyncGenerator[Signal, None]:
        """For ever. Heartbeats are sent while waiting in here, so do not linger between two signals.

        Close it (``contextlib.aclosing``) or cancel the task: the socket is closed at once.
        """
        while True:
            self._number += 1
            heard = False
            try:
                async with aclosing(self._attempt()) as attempt:
                    async for signal in attempt:
                        heard = heard or isinstance(signal, Messages)
                        yield signal
            except BilibiliError as error:
                delay = self._failed(error, heard)
                now = self._clock()
                yield Ended(now, error, now + round(delay * 1000), self._number)
                await asyncio.sleep(delay)

    async def close(self) -> None:
        """Hang up, and return when the server has too: signals() yields what it sent until then, and Ended.

        Not the socket's own close(), which throws away what arrives meanwhile. The caller bounds the time.
        """
        if self._socket is None:
            return
        with suppress(aiohttp.ClientError, OSError):  # broken: then there is nothing to say
            await self._socket.send_frame(_NORMAL_CLOSURE, aiohttp.WSMsgType.CLOSE)
        await self._is_over.wait()

    def _failed(self, error: BilibiliError, heard: bool) -> float:
        """Note a failure; seconds until the next attempt."""
        if not heard or isinstance(error, AuthRejected):
            self._access = None  # the token may be what was wrong, or the room
        delay = retry_delay(error, self._failures, self._random, loopback=self._site.is_loopback)
        self._failures += 1
        self._host += 1
        return delay

    async def _attempt(self) -> AsyncGenerator[Authenticated | Messages, None]:
        """One connection, from the token to its end, which is always a BilibiliError."""
        access = self._access or await self._fetch_access()
        await self._gate.wait()
        host = access.hosts[self._host % len(access.hosts)]
        self._socket = socket = await self._site.open_socket(host)
        self._is_over.clear()
        try:
            who = Credentials(self.room_id, access.uid, access.token, access.buvid)
            async with aclosing(self._converse(socket, who)) as conversation:
                async for signal in conversation:
                    yield signal
        finally:
            self._socket = None
            self._is_over.set()
            await socket.close()

    async def _fetch_access(self) -> DanmakuAccess:
        """The room is looked up too: a locked or deleted one gives tokens as if nothing were."""
        address = await self._site.room_init(self.room_id)
        if address.room_id != self.room_id:
            raise RoomNotFound(f"{self.room_id} is a short id; the room is {address.room_id}")
        self._access = await self._site.danmaku_access(self.room_id)
        return self._access

    async def _converse(
        self, socket: aiohttp.ClientWebSocketResponse, who: Credentials
    ) -> AsyncGenerator[Authenticated | Messages, None]:
        monotonic = asyncio.get_running_loop().time
        connection = Connection(who, monotonic())
        while True:
            if due := connection.bytes_to_send(monotonic()):
                await _send(socket, due)
                continue
            frame = await _receive(socket, connection.next_deadline - monotonic())
            if frame is None:
                continue
            received_at = self._clock()
            if isinstance(frame, str):
                connection.heard(monotonic())
                yield self._messages(Decoded(tally=Tally(undecodable={"text frame": 1})), received_at)
                continue
            self._keep(frame, received_at)
            try:
                received = connection.receive(frame, monotonic())
            except BilibiliError:
                # What the tap has taken must be told, also when it came along with the refusal.
                held = decode_frame(frame, self.room_id, received_at)
                if held != Decoded():
                    yield self._messages(held, received_at)
                raise
            if received.packets or received.faults:
                yield self._messages(self._decode(received, received_at), received_at)
            if received.accepted:
                yield Authenticated(received_at, who.uid == 0, self._number)

    def _keep(self, frame: bytes, received_at: int) -> None:
        try:
            self._tap(frame, received_at, self._number)
        except (OSError, ValueError, RuntimeError) as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise ConnectionEnded(f"received frames cannot be kept: {said}") from error

    def _decode(self, received: Received, received_at: int) -> Decoded:
        decoded = decode_packets(received.packets, self.room_id, received_at)
        decoded.tally.add(Tally(undecodable=received.faults))
        if received.packets:
            self._failures = 0  # a message, not a handshake, says that the connection works
        return decoded

    def _messages(self, decoded: Decoded, received_at: int) -> Messages:
        return Messages(decoded, received_at, self._number)


async def _send(socket: aiohttp.ClientWebSocketResponse, packet: bytes) -> None:
    try:
        await socket.send_bytes(packet)
    except (aiohttp.ClientError, OSError) as error:
        raise ConnectionLost(f"the connection broke: {error or type(error).__name__}") from error


async def _receive(socket: aiohttp.ClientWebSocketResponse, patience: float) -> bytes | str | None:
    """A binary or text frame; None after ``patience`` seconds. Raises ConnectionLost."""
    try:
        message = await socket.receive(timeout=max(0.001, patience))
    except TimeoutError:
        return None
    if message.type is aiohttp.WSMsgType.BINARY:
        return bytes(message.data)
    if message.type is aiohttp.WSMsgType.TEXT:
        return str(message.data)
    if message.type in _CLOSING:
        raise ConnectionLost(f"the server closed the connection (code {socket.close_code})")
    raise ConnectionLost(f"the connection broke: {message.data}")
