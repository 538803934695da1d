"""Rooms whose connection lives while their chat does not arrive: suspected, checked, connected anew.

The site thins connections without a word (protocol.md 5). It is asked for the last lines once a suspicion;
where it says nothing, the rhythm alone decides, a few times and ever more slowly.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from bilibili_live.api import Bilibili
from bilibili_live.errors import BilibiliError, ConnectionStarved
from bilibili_live.events import AnyEvent, Danmaku
from collector.intake import now_ms
from collector.on_air import OnAir
from collector.recent_chat import RecentChat
from collector.rhythm import Beat, Pace, Rhythm
from collector.settings import ON_THE_WAY, STARVATION_LOOK

log = logging.getLogger(__name__)

_FIRST_PAUSE = 600.0  # s between two new connections of one room; doubles
_LONGEST_PAUSE = 4 * 3600.0
_TRIES_WITHOUT_EVIDENCE = 3


class Room(Protocol):
    """What happens to a room when its chat is missing."""

    def starved(self, since: int, detail: str) -> None: ...
    def fed(self, at: int) -> None: ...
    async def renew(self, why: ConnectionStarved) -> None: ...


class _Watched:
    __slots__ = (
        "chat",
        "is_connected",
        "is_starved",
        "is_suspected",
        "may_renew_at",
        "rhythm",
        "room",
        "tries",
    )

    def __init__(self, room: Room, pace: Pace) -> None:
        self.room = room
        self.rhythm = Rhythm(pace)
        self.chat = RecentChat()
        self.is_connected = self.is_starved = self.is_suspected = False
        self.tries = 0
        self.may_renew_at = 0.0


class Starvation:
    """Over all rooms. The methods but run() do not wait."""

    def __init__(
        self,
        site: Bilibili,
        on_air: OnAir,
        *,
        pace: Pace | None = None,
        look_every: float = STARVATION_LOOK,
        first_pause: float = _FIRST_PAUSE,
        on_the_way: float = ON_THE_WAY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._site = site
        self._on_air = on_air
        self._pace = pace or Pace()
        self._look_every = look_every
        self._first_pause = first_pause
        self._on_the_way = on_the_way
        self._clock = clock
        self._rooms: dict[int, _Watched] = {}
        self._suspected: asyncio.Queue[int] = asyncio.Queue()

    def watch(self, room_id: int, room: Room) -> None:
        self._rooms[room_id] = _Watched(room, self._pace)

    def forget(self, room_id: int) -> None:
        self._rooms.pop(room_id, None)

    def connected(self, room_id: int) -> None:
        """Anew: how much was counted until then says nothing of it."""
        if watched := self._rooms.get(room_id):
            watched.is_connected = True
            watched.rhythm.restart()

    def lost(self, room_id: int) -> None:
        """No connection to the room lives: that nothing is heard is no wonder until it is connected again."""
        if watched := self._rooms.get(room_id):
            watched.is_connected = False
            watched.rhythm.restart()

    def heard(self, room_id: int, events: Sequence[AnyEvent]) -> None:
        said = [event for event in events if isinstance(event, Danmaku) and not event.is_mirror]
        if said and (watched := self._rooms.get(room_id)):
            watched.rhythm.said(len(said))
            watched.chat.add(said)

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_for_ever())
            group.create_task(self._check_for_ever())

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            for room_id, watched in self._rooms.items():
                self._look(room_id, watched)

    async def _check_for_ever(self) -> None:
        """One suspicion at a time, however many rooms starve together."""
        while True:
            room_id = await self._suspected.get()
            if watched := self._rooms.get(room_id):
                await self._suspect(room_id, watched)
                watched.is_suspected = False

    def _look(self, room_id: int, watched: _Watched) -> None:
        if not self._on_air.is_live(room_id):
            self._at_rest(watched)
            return
        if not watched.is_connected:
            return
        beat = watched.rhythm.look(self._clock())
        if beat is Beat.STEADY:
            self._fed(watched)
        elif beat is Beat.STARVED and not watched.is_suspected and self._clock() >= watched.may_renew_at:
            watched.is_suspected = True
            self._suspected.put_nowait(room_id)

    def _at_rest(self, watched: _Watched) -> None:
        """The stream is over, and what its rhythm was."""
        watched.rhythm.reset()
        self._fed(watched)

    def _fed(self, watched: _Watched) -> None:
        watched.tries = 0
        if watched.is_starved:
            watched.is_starved = False
            watched.room.fed(now_ms())

    async def _suspect(self, room_id: int, watched: _Watched) -> None:
        low_since = watched.rhythm.low_since
        if not low_since:
            return  # it was lost or connected anew meanwhile
        since = now_ms() - round((self._clock() - low_since) * 1000)
        is_complete = await self._is_complete(room_id, watched, since)
        if self._rooms.get(room_id) is not watched or watched.rhythm.low_since != low_since:
            return  # nobody watches it any more, or not over this connection
        if is_complete or (is_complete is None and watched.tries >= _TRIES_WITHOUT_EVIDENCE):
            self._at_rest(watched)  # it has become a quiet room
            return
        watched.tries += 1
        pause = min(_LONGEST_PAUSE, self._first_pause * 2.0 ** min(watched.tries - 1, 16))
        watched.may_renew_at = self._clock() + pause
        said = "the site shows lines that did not arrive" if is_complete is False else "the site says nothing"
        detail = f"chat is far below {watched.rhythm.expected:.0f} lines a window ({said}); connecting anew"
        log.warning("room %d: %s", room_id, detail)
        if not watched.is_starved:
            watched.is_starved = True
            watched.room.starved(since, detail)
        await watched.room.renew(ConnectionStarved(detail))

    async def _is_complete(self, room_id: int, watched: _Watched, since: int) -> bool | None:
        try:
            listed = await self._site.recent_danmaku(room_id)
        except BilibiliError as error:
            log.info("room %d: its last lines cannot be fetched: %s", room_id, error)
            return None
        await asyncio.sleep(self._on_the_way)  # for the newest of them
        offset = self._site.site_clock.offset
        return watched.chat.is_complete(room_id, listed, since + (offset.middle if offset else 0))
