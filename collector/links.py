"""The connections to one room, one or two: what both receive is told once, and one that lives is enough.

With two the room is blind from the moment when the later one ended until one of them is back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from bilibili_live.client import Authenticated, Ended, Messages, RoomClient, Signal, Tap
from bilibili_live.errors import BilibiliError, ConnectionStarved
from collector.repeats import Repeats
from collector.site import Site


@dataclass(frozen=True, slots=True)
class OneLost:
    """One connection is over, or could not be made; the other one lives and covers the room."""

    at_ms: int
    error: BilibiliError
    retry_at_ms: int
    connection: int  #: that was let in and has ended; 0 = none was
    began_ms: int  #: when that one was let in
    others_since_ms: int  #: since when another one lives


@dataclass(frozen=True, slots=True)
class _Live:
    connection: int
    since: int  #: ms, when it was let in


Heed: TypeAlias = Callable[[Signal | OneLost], None]


class Links:
    """``heed`` hears the signals of all connections; only the last that is lost is heard as Ended."""

    def __init__(self, room_id: int, site: Site, tap: Tap, heed: Heed) -> None:
        self._heed = heed
        self._live: dict[int, _Live] = {}  # by link, the older first
        self._retry_at: dict[int, int] = {}  # link that is lost -> ms
        self._repeats = Repeats() if site.connections > 1 else None
        self._clients = [
            RoomClient(
                room_id,
                site.site,
                site.gate,
                tap,
                link=link,
                links=site.connections,
                elsewhere=partial(self._elsewhere, link) if site.connections > 1 else str,
            )
            for link in range(site.connections)
        ]

    def follow(self) -> Awaitable[None]:
        """For ever, in the task of who awaits it: a thousand rooms do without a second one."""
        return self._follow(0) if len(self._clients) == 1 else self._follow_all()

    async def close(self) -> None:
        """Hang up, and hear what was sent until the servers have too. The caller bounds the time."""
        await asyncio.gather(*(client.close() for client in self._clients))

    async def renew(self, why: ConnectionStarved) -> None:
        """All of them by other servers: what they bring together is too little."""
        await asyncio.gather(*(client.renew(why) for client in self._clients))

    async def _follow_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for link in range(len(self._clients)):
                group.create_task(self._follow(link))

    async def _follow(self, link: int) -> None:
        async with aclosing(self._clients[link].signals()) as signals:
            async for signal in signals:
                self._heed(self._sorted_out(link, signal))
                del signal  # it is not held until the next one comes

    def _sorted_out(self, link: int, signal: Signal) -> Signal | OneLost:
        """What this says of the room, for which another link may stand too."""
        match signal:
            case Authenticated(at_ms=at, connection=connection):
                self._live[link] = _Live(connection, at)
                self._retry_at.pop(link, None)
            case Messages() if self._repeats is not None:
                return self._without_repeats(self._repeats, link, signal)
            case Ended(retry_at_ms=retry_at):
                lost = self._live.pop(link, _Live(0, 0))
                self._retry_at[link] = retry_at
                if self._live:
                    return self._one_lost(signal, lost)
                return replace(signal, retry_at_ms=min(self._retry_at.values()))
        return signal

    def _one_lost(self, ended: Ended, lost: _Live) -> OneLost:
        others_since = min(other.since for other in self._live.values())
        return OneLost(ended.at_ms, ended.error, ended.retry_at_ms, lost.connection, lost.since, others_since)

    @property
    def live(self) -> list[int]:
        """Numbers of the connections that are open and let in."""
        return [each.connection for each in self._live.values()]

    def _without_repeats(self, repeats: Repeats, link: int, signal: Messages) -> Messages:
        is_older = not self._live or next(iter(self._live)) == link
        decoded = repeats.without(
            signal.decoded, signal.connection, signal.received_at_ms, with_samples=is_older
        )
        return replace(signal, decoded=decoded)

    def _elsewhere(self, link: int) -> str:
        """The server that another link is on."""
        return next((other.server for number, other in enumerate(self._clients) if number != link), "")
