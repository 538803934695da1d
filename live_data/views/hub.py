"""One reader of the event log per process, and every open stream fed from it. Knows no request.

All of it runs on one event loop; only close() may be called from elsewhere, such as a signal handler.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

from event_store import connect, live
from event_store.cursor import LogCursor
from event_store.live import CursorGone, LiveEvents
from live_data import redis_access
from live_data.views import redis_client

log = logging.getLogger(__name__)

PACE = 0.05  #: s between two pieces: what arrives meanwhile is one piece
RETRY = 1.0  #: s before Redis is tried again
WAITING = 200  #: pieces that a slow client may have outstanding

AWAY = (connect.RedisUnavailable, *connect.RedisFailure)


class Reset:
    """The client may have missed something: it reloads from SQL."""


class Closed:
    """The process ends."""


Piece = LiveEvents | Reset | Closed


class Subscription:
    """What one stream has still to send."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[Piece] = asyncio.Queue()

    def put(self, piece: Piece) -> None:
        """A client that does not keep up is told to reload: memory is not its to take."""
        if self._pieces.qsize() >= WAITING:
            while not self._pieces.empty():
                self._pieces.get_nowait()
            self._pieces.put_nowait(Reset())
        self._pieces.put_nowait(piece)

    async def next(self, seconds: float) -> Piece | None:
        """None when nothing came within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return await self._pieces.get()
        except TimeoutError:
            return None


class Hub:
    """Reads while anyone subscribes. Goes on by itself after Redis was away."""

    def __init__(self, find_url: Callable[[], str] = redis_access.url) -> None:
        self._find_url = find_url
        self._subscriptions: set[Subscription] = set()
        self._reader: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._placed = asyncio.Event()  # the reader knows where it stands, or that Redis is away
        self._closing = asyncio.Event()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._subscriptions)

    @contextlib.asynccontextmanager
    async def subscribed(self) -> AsyncIterator[Subscription]:
        """Everything that the log gets from now on; the reader lives as long as anyone subscribes."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            self._start()
            await self._placed.wait()
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            if not self._subscriptions:
                self._stop()

    def close(self) -> None:
        """End all streams, now and from now on. From any thread, and from a signal handler."""
        self._is_closed = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and the streams with it
                self._loop.call_soon_threadsafe(self._broadcast, Closed())

    async def closes_within(self, seconds: float) -> bool:
        """Waits so long, or until the process ends."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return False
        return True

    def _start(self) -> None:
        if self._reader is None:
            self._loop = asyncio.get_running_loop()
            self._placed, self._closing = asyncio.Event(), asyncio.Event()
            self._reader = self._loop.create_task(self._read(), name="event log reader")
            self._reader.add_done_callback(self._ended)
        if self._is_closed:
            self._broadcast(Closed())

    def _ended(self, reader: "asyncio.Task[None]") -> None:
        if not reader.cancelled() and (error := reader.exception()) is not None:
            log.error("the reader of the event log failed; pages connect anew", exc_info=error)
            self._reader = None
            self._broadcast(Closed())

    def _stop(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def _broadcast(self, piece: Piece) -> None:
        if isinstance(piece, Closed):
            self._closing.set()
        for subscription in self._subscriptions:
            subscription.put(piece)
        self._placed.set()

    async def _read(self) -> None:
        position: LogCursor | None = None
        was_away = False
        while True:
            try:
                position = await self._place(position)
                was_away = False
                async for piece in self._pieces(position):
                    position = piece.cursor
                    self._broadcast(piece)
                    await asyncio.sleep(PACE)
            except CursorGone:
                position = None
            except AWAY as error:
                if not was_away:  # once, and not each second
                    log.warning("live streams wait for Redis: %s", error)
                was_away = True
                self._placed.set()
                await asyncio.sleep(RETRY)

    async def _place(self, position: LogCursor | None) -> LogCursor:
        """Where to read on; when that is not where we stood, everyone is told to reload."""
        where = self._find_url()
        if position is None:
            position = await asyncio.to_thread(_now, where)
            if self._placed.is_set():
                self._broadcast(Reset())
        else:
            await asyncio.to_thread(_check, where, position)
        self._placed.set()
        return position

    async def _pieces(self, position: LogCursor) -> AsyncIterator[LiveEvents]:
        async with contextlib.aclosing(connect.async_client(self._find_url())) as client:
            async for piece in live.tail(client, after=position):
                # "" is a log that had not begun: then its first entry is the first that we read.
                if position.incarnation not in ("", piece.cursor.incarnation):
                    raise CursorGone
                position = piece.cursor
                yield piece


def _now(where: str) -> LogCursor:
    with redis_client.asked(where) as client:
        return live.now(client)


def _check(where: str, position: LogCursor) -> None:
    with redis_client.asked(where) as client:
        if position.incarnation:
            live.events_after(client, position, count=1)
