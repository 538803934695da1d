"""One WebSocket connection at /sub: auth first, heartbeats, an ordered outbox whose writes reach the ledger.

Knows the protocol's rules; what is played comes from outside as messages.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count

from aiohttp import WSMsgType, web

from simulator import packets
from simulator.hosts import Hosts
from simulator.identity import Grant, Identities
from simulator.ledger import Ledger, Report, SentLog
from simulator.packets import Packet

AUTH_SECONDS = 5.0
# How long a client may take to fetch what was still on its way, and to answer the goodbye.
CLOSE_SECONDS = 10.0
# With more frames waiting than this the client reads too slowly, and its room pauses.
BACKLOG = 64

_ids = count(1)


class Refused(Exception):
    """The connection broke the rules. With `code` it is told so, without it is simply dropped."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.code = code


class Ending(Exception):
    """The connection was asked to end in good order."""


class Connection:
    """An authenticated connection, or one on the way to it."""

    def __init__(self, request: web.Request, ledger: Ledger, host: int) -> None:
        """``host``: the number of the server that it came to."""
        self._request = request
        self.host = host
        self._ledger = ledger
        # No autoping: an abrupt peer is found by the heartbeat alone, as on the real site.
        self.socket = web.WebSocketResponse(timeout=CLOSE_SECONDS, max_msg_size=1 << 20, compress=False)
        self.number = next(_ids)
        self.room_id = 0
        self.uid = 0
        self.protover = packets.PLAIN
        self.is_guest = True
        self.is_thinned = False
        self.chat_share = 1.0
        self.stalled_until = 0.0
        self._log: SentLog | None = None
        self._is_broken = False
        self._is_ending = False
        self._deadline: asyncio.Timeout | None = None
        self._put = self._written = 0
        self._outbox: asyncio.Queue[tuple[bytes, Sequence[Report]]] = asyncio.Queue()

    def admit(self, grant: Grant, protover: int, masks: bool, has_buvid: bool) -> None:
        """Set up what follows from a good auth packet."""
        self.room_id, self.uid, self.protover = grant.room_id, grant.uid, protover
        self.is_guest = masks and grant.uid == 0
        # Without buvid the real site sends 10 to 20 % of the chat since 2026-01.
        self.is_thinned = self.is_guest or not has_buvid
        self._log = self._ledger.open_log(self.number, self.room_id, self.uid, self.host)

    @property
    def is_stalled(self) -> bool:
        """Whether it is to stay silent for now."""
        return time.monotonic() < self.stalled_until

    @property
    def is_backed_up(self) -> bool:
        """Whether the client reads too slowly."""
        return self._outbox.qsize() > BACKLOG

    def put(self, frame: bytes, reports: Sequence[Report] = ()) -> None:
        """Send this after everything before it; what it reports counts once the write was accepted."""
        self._put += 1
        if not self._is_broken:
            self._outbox.put_nowait((frame, reports))

    async def drained(self) -> bool:
        """Wait until everything put was written; False when the connection broke before."""
        last = self._put
        await self._outbox.join()
        return self._written >= last

    async def write_outbox(self) -> None:
        """Write frames in order until the connection ends."""
        try:
            while True:
                frame, reports = await self._outbox.get()
                await self.socket.send_bytes(frame)
                self._written += 1
                if self._log:
                    self._ledger.written(self._log, reports)
                self._outbox.task_done()
        except ConnectionError:
            self.abort()
        finally:
            self._discard()

    def _discard(self) -> None:
        """Release whoever waits for frames that will never be written."""
        self._is_broken = True
        while True:
            try:
                self._outbox.task_done()
            except ValueError:
                return

    def end(self) -> None:
        """Ask for a proper end: everything put is written, then comes the closing handshake."""
        self._is_ending = True
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time())

    async def close(self) -> None:
        """Write what was put and shake hands. Only for the task that receives.

        aiohttp skips the handshake when another task still waits in receive(), and closing a TCP connection
        with unread heartbeats in it would throw away what the client has not fetched yet.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.drained()
                await self.socket.close()
                return
        self.abort()

    def abort(self) -> None:
        """Cut the TCP connection without a word."""
        transport = self._request.transport
        if transport is not None:
            transport.abort()

    async def receive(self, seconds: float) -> Packet | None:
        """The client's next packet; None when it has gone.

        Raises Ending when the connection was asked to end, TimeoutError after so many seconds of silence,
        ValueError at something that is no packet.
        """
        try:
            async with asyncio.timeout(0 if self._is_ending else seconds) as self._deadline:
                received = await self.socket.receive()
        except TimeoutError:
            if self._is_ending:
                raise Ending from None
            raise
        if received.type is WSMsgType.TEXT:
            raise ValueError("a text message is no packet")
        if received.type is not WSMsgType.BINARY:
            return None
        return next(packets.split(received.data), None)

    async def open(self) -> None:
        """Upgrade the HTTP request."""
        await self.socket.prepare(self._request)


class Admission:
    """The rules of /sub: who gets in, and for how long."""

    def __init__(
        self, identities: Identities, ledger: Ledger, hosts: Hosts, masks: bool, heartbeat_timeout: float
    ) -> None:
        self._identities = identities
        self._hosts = hosts
        self._ledger = ledger
        self._masks = masks
        self._heartbeat_timeout = heartbeat_timeout
        self.refuse_next = 0

    async def serve(
        self,
        request: web.Request,
        joined: Callable[[Connection], None],
        left: Callable[[Connection], Awaitable[None]],
    ) -> web.WebSocketResponse:
        """One connection from the upgrade to its end."""
        connection = Connection(request, self._ledger, self._hosts.number(_own_port(request)))
        if connection.host in self._hosts.refused:
            connection.abort()
            return connection.socket
        await connection.open()
        writing = asyncio.create_task(connection.write_outbox())
        try:
            await self._authenticate(connection)
            joined(connection)
            await self._heartbeats(connection)
        except Refused as refusal:
            await self._turn_away(connection, refusal)
        except Ending:
            await connection.close()
        except (TimeoutError, ValueError, ConnectionError):
            connection.abort()
        finally:
            await left(connection)
            writing.cancel()
        return connection.socket

    @staticmethod
    async def _turn_away(connection: Connection, refusal: Refused) -> None:
        if refusal.code is None:
            connection.abort()
            return
        connection.put(packets.auth_reply(refusal.code))
        await connection.close()

    async def _authenticate(self, connection: Connection) -> None:
        first = await connection.receive(AUTH_SECONDS)
        if first is None or first.operation != packets.AUTH:
            raise Refused("something came before auth")
        try:
            auth = json.loads(first.body)
            token, uid, room_id = str(auth["key"]), int(auth["uid"]), int(auth["roomid"])
            protover, buvid = int(auth.get("protover", 0)), str(auth.get("buvid", ""))
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("auth that is no auth") from error
        grant = self._identities.grant(token)
        if self.refuse_next > 0 or grant is None or grant.room_id != room_id:
            self.refuse_next = max(0, self.refuse_next - 1)
            raise Refused("bad token", code=-101)
        if grant.uid != uid or (buvid and grant.buvid != buvid):
            # The real server does not answer a mismatched identity, it just goes.
            raise Refused("token of somebody else")
        connection.admit(grant, protover, self._masks, has_buvid=bool(buvid))
        connection.put(packets.auth_reply(0))

    async def _heartbeats(self, connection: Connection) -> None:
        while True:
            received = await connection.receive(self._heartbeat_timeout)
            if received is None:
                return
            if received.operation == packets.HEARTBEAT and not connection.is_stalled:
                connection.put(packets.heartbeat_reply(1, received.body))


def _own_port(request: web.Request) -> int:
    sockname = request.transport.get_extra_info("sockname") if request.transport else None
    return int(sockname[1]) if sockname else 0
