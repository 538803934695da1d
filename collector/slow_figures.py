"""Figures that change slowly and cost a call for each room: how many guards it has.

One room after the other, far apart; a figure that is late harms nobody.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping

from bilibili_live.api import Bilibili
from bilibili_live.errors import BilibiliError, RiskControl
from bilibili_live.rooms import RoomSnapshot
from collector.intake import Intake
from collector.lookup import RoomLookup
from collector.settings import (
    GUARDS_INTERVAL,
    GUARDS_INTERVAL_LIVE,
    GUARDS_INTERVAL_LOOPBACK,
    GUARDS_SPACING,
)

log = logging.getLogger(__name__)


class Rota:
    """Whose turn it is. Pure; times are seconds of one monotonic clock."""

    def __init__(self, while_live: float, otherwise: float) -> None:
        """The least seconds between two turns of one room."""
        self._while_live = while_live
        self._otherwise = otherwise
        self._asked: dict[int, float] = {}

    def next(self, live: Mapping[int, bool], now: float) -> int | None:
        """Of these rooms, by whether they are live, the one that is due for the longest; None = none is."""
        waits = {room_id: self._overdue(room_id, is_live, now) for room_id, is_live in live.items()}
        due = [room_id for room_id, overdue in waits.items() if overdue >= 0]
        return max(due, key=lambda room_id: (waits[room_id], live[room_id], -room_id)) if due else None

    def asked(self, room_id: int, now: float) -> None:
        self._asked[room_id] = now

    def keep_only(self, room_ids: Iterable[int]) -> None:
        for room_id in self._asked.keys() - set(room_ids):
            del self._asked[room_id]

    def _overdue(self, room_id: int, is_live: bool, now: float) -> float:
        if room_id not in self._asked:
            return float("inf")
        return now - self._asked[room_id] - (self._while_live if is_live else self._otherwise)


class SlowFigures:
    """Guards of all rooms that the look-up has answers about."""

    def __init__(self, site: Bilibili, intake: Intake, lookup: RoomLookup) -> None:
        self._site = site
        self._intake = intake
        self._lookup = lookup
        self._spacing = GUARDS_SPACING
        self._rota = Rota(GUARDS_INTERVAL_LIVE, GUARDS_INTERVAL)
        if site.is_loopback:
            self._spacing = 1.0
            self._rota = Rota(GUARDS_INTERVAL_LOOPBACK, GUARDS_INTERVAL_LOOPBACK)

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(self._spacing)
            await asyncio.sleep(await self._step(time.monotonic()))

    async def _step(self, now: float) -> float:
        """Ask for one room at most; seconds to wait beside the usual ones."""
        rooms = self._lookup.latest
        self._rota.keep_only(rooms)
        live = {room_id: room.live_status == 1 for room_id, room in rooms.items() if room.uid}
        room_id = self._rota.next(live, now)
        if room_id is None:
            return 0.0
        self._rota.asked(room_id, now)  # before the answer: a room that fails must not be asked all the time
        try:
            await self._ask(rooms[room_id])
        except RiskControl as error:
            log.info("the number of guards could not be read: %s", error)
            return error.seconds
        except (BilibiliError, OSError) as error:
            log.info("the number of guards of room %d could not be read: %s", room_id, error)
        return 0.0

    async def _ask(self, room: RoomSnapshot) -> None:
        if room.uid:
            guards = await self._site.guards(room.room_id, room.uid)
            self._intake.figures(room.room_id, {"guards": guards})
