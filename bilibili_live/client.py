"""The asyncio shell around one connection of a room: connect, heartbeat, receive, reconnect for ever.

It decides nothing itself: what bytes mean is protocol.connection's, by which way and with which token
to try is attempts', when to try again is retry's.
"""

import asyncio
import random as random_module
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TypeAlias

import aiohttp

from bilibili_live.api import Bilibili
from bilibili_live.attempts import Attempts
from bilibili_live.errors import (
    BilibiliError,
    ConnectionEnded,
    ConnectionLost,
    ConnectionStarved,
    RoomNotFound,
)
from bilibili_live.events import Decoded, Tally
from bilibili_live.guests import guest_words
from bilibili_live.protocol.commands import decode_frame, decode_packets
from bilibili_live.protocol.connection import Connection, Credentials, Received
from bilibili_live.rooms import DanmakuAccess
from bilibili_live.turns import Turns

_NORMAL_CLOSURE = (1000).to_bytes(2, "big")
#: Frames after which the other rooms get their turn: what is buffered is received without waiting, and a
#: loud room would go on for as long as it is loud.
_FRAMES_A_TURN = 8
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
class TreatedAsGuest:
    """The site masks names and thins chat on this connection, whoever it was authenticated as. Once each."""

    at_ms: int
    words: str  #: by what it was noticed, for people
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


Signal: TypeAlias = Authenticated | TreatedAsGuest | Messages | Ended
_Heard: TypeAlias = Authenticated | TreatedAsGuest | Messages


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
        link: int = 0,
        links: int = 1,
        elsewhere: Callable[[], str] = str,
        clock: Callable[[], int] = epoch_ms,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        """This is ``link`` of the room's ``links``: their connections have no number in common.

        ``elsewhere`` names the server that another link is on, "" = none: it is not used while there
        is another.
        """
        self.room_id = room_id
        self.server = ""  #: address of the one that the open connection is to; "" = none is open
        self._site = site
        self._gate = gate
        self._tap = tap
        self._clock = clock
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._over: asyncio.Event | None = None  # somebody waits until the open connection is
        self._renewal: ConnectionStarved | None = None  # why we end the connection ourselves
        # Rooms begin at different servers: the first one of the list is not for all of them.
        self._attempts = Attempts(room_id + link, random)
        self._elsewhere = elsewhere
        self._links = links
        self._number = link + 1 - links  # of the connection
        self._is_guest = False  # on this connection, as far as is known

    async def signals(self) -> AsyncGenerator[Signal, None]:
        """For ever. Heartbeats are sent while waiting in here, so do not linger between two signals.

        Close it (``contextlib.aclosing``) or cancel the task: the socket is closed at once.
        """
        while True:
            self._number += self._links
            try:
                async with aclosing(self._attempt()) as attempt:
                    async for signal in attempt:
                        yield signal
                        del signal  # who waits for the next one must not hold the last: times 1,000 rooms
            except BilibiliError as ended:
                error, self._renewal = self._renewal or ended, None
                delay = self._attempts.failed(error, loopback=self._site.is_loopback)
                now = self._clock()
                yield Ended(now, error, now + round(delay * 1000), self._number)
                await asyncio.sleep(delay)

    async def close(self) -> None:
        """Hang up, and return when the server has too: signals() yields what it sent until then, and Ended.

        Not the socket's own close(), which throws away what arrives meanwhile. The caller bounds the time.
        """
        if self._socket is None:
            return
        over = self._over = self._over or asyncio.Event()
        with suppress(aiohttp.ClientError, OSError):  # broken: then there is nothing to say
            await self._socket.send_frame(_NORMAL_CLOSURE, aiohttp.WSMsgType.CLOSE)
        await over.wait()

    async def renew(self, why: ConnectionStarved) -> None:
        """End the connection, and go on with the next server at once. As close(), also in its waiting."""
        if self._socket is not None:
            self._renewal = why
            await self.close()

    async def _attempt(self) -> AsyncGenerator[_Heard, None]:
        """One connection, from the token to its end, which is always a BilibiliError.

        The token is fetched before the gate is asked: no other room waits for it.
        """
        access = self._attempts.access or await self._fetch_access()
        await self._gate.wait()
        host = self._attempts.begin(access, self._elsewhere())
        self._socket = socket = await self._site.open_socket(host)
        self.server = host.address
        who = Credentials(self.room_id, access.uid, access.token, access.buvid)
        self._is_guest = who.uid == 0
        monotonic = asyncio.get_running_loop().time
        connection = Connection(who, monotonic())
        frames = 0
        try:
            while True:
                frame = await _next_frame(socket, connection, monotonic)
                frames += 1
                if frames % _FRAMES_A_TURN == 0:
                    await asyncio.sleep(0)
                for signal in self._taken(frame, connection, monotonic()):
                    yield signal
                    del signal
                del frame
        finally:
            self._socket, self.server = None, ""
            if self._over is not None:
                self._over.set()
                self._over = None
            await socket.close()

    async def _fetch_access(self) -> DanmakuAccess:
        """The room is looked up too: a locked or deleted one gives tokens as if nothing were."""
        address = await self._site.room_init(self.room_id)
        if address.room_id != self.room_id:
            raise RoomNotFound(f"{self.room_id} is a short id; the room is {address.room_id}")
        access = await self._site.danmaku_access(self.room_id)
        self._attempts.access = access
        return access

    def _taken(self, frame: bytes | str, connection: Connection, now: float) -> Iterator[_Heard]:
        """What one frame says, once it is kept; ``now`` in s, monotonic."""
        received_at = self._clock()
        if isinstance(frame, str):
            connection.heard(now)
            yield self._messages(Decoded(tally=Tally(undecodable={"text frame": 1})), received_at)
            return
        self._keep(frame, received_at)
        try:
            received = connection.receive(frame, now)
        except BilibiliError:
            # What the tap has taken must be told, also when it came along with the refusal.
            held = decode_frame(frame, self.room_id, received_at)
            if held != Decoded():
                yield self._messages(held, received_at)
            raise
        yield from self._heard(received, received_at)

    def _keep(self, frame: bytes, received_at: int) -> None:
        try:
            self._tap(frame, received_at, self._number)
        except (OSError, ValueError, RuntimeError) as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise ConnectionEnded(f"received frames cannot be kept: {said}") from error

    def _heard(self, received: Received, received_at: int) -> Iterator[_Heard]:
        """What one frame says, in this order."""
        said = ""
        if received.parts or received.faults:
            decoded = decode_packets(received.parts, self.room_id, received_at)
            decoded.tally.add(Tally(undecodable=received.faults))
            self._attempts.heard(decoded)
            said = "" if self._is_guest else guest_words(decoded)
            yield self._messages(decoded, received_at)
        if received.accepted:
            yield Authenticated(received_at, self._is_guest, self._number)
        if said:
            self._is_guest = True
            yield TreatedAsGuest(received_at, said, self._number)

    def _messages(self, decoded: Decoded, received_at: int) -> Messages:
        return Messages(decoded, received_at, self._number)


async def _next_frame(
    socket: aiohttp.ClientWebSocketResponse, connection: Connection, monotonic: Callable[[], float]
) -> bytes | str:
    """Binary or text. What is due meanwhile is sent. Raises ConnectionEnded."""
    while True:
        if due := connection.bytes_to_send(monotonic()):
            await _send(socket, due)
            continue
        try:
            message = await socket.receive(timeout=max(0.001, connection.next_deadline - monotonic()))
        except TimeoutError:
            continue
        return _payload(message, socket.close_code)


async def _send(socket: aiohttp.ClientWebSocketResponse, packet: bytes) -> None:
    try:
        await socket.send_bytes(packet)
    except (aiohttp.ClientError, OSError) as error:
        raise ConnectionLost(f"the connection broke: {error or type(error).__name__}") from error


def _payload(message: aiohttp.WSMessage, close_code: int | None) -> bytes | str:
    """Raises ConnectionLost when it is none but the end."""
    if message.type is aiohttp.WSMsgType.BINARY:
        return bytes(message.data)
    if message.type is aiohttp.WSMsgType.TEXT:
        return str(message.data)
    if message.type in _CLOSING:
        # Without a CLOSE frame of the server's it is the stream that ended, by whoever's doing.
        goodbye = message.type is aiohttp.WSMsgType.CLOSE
        said = f"the server closed the connection (code {close_code})"
        raise ConnectionLost(said, said_goodbye=goodbye)
    raise ConnectionLost(f"the connection broke: {message.data}")
