"""Super chats that were bought while nobody listened: the site lists those still shown, for up to two hours.

One question a room and gap, one at a time; late is no harm. Whatever fails here fails no connection.
"""

import asyncio
import logging
from dataclasses import dataclass, replace

from bilibili_live.api import Bilibili
from bilibili_live.errors import BilibiliError, RiskControl
from collector.intake import Intake
from collector.settings import SUPER_CHAT_PAUSE, SUPER_CHAT_TRIES

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Gap:
    over_at: int  #: so many snapshots of rooms had been told when it was over
    failures: int = 0  #: of questions


class MissedSuperChats:
    """A queue of rooms: each stands in it once, however many gaps it had."""

    def __init__(self, site: Bilibili, intake: Intake) -> None:
        self._site = site
        self._intake = intake
        self._waiting: dict[int, _Gap] = {}  # by room, in the order of asking
        self._wake = asyncio.Event()

    def want(self, room_id: int) -> None:
        """The room is watched again, or for the first time.

        Off air or not: what was said before the gap says nothing of it, and a stream may have begun in it.
        """
        self._waiting[room_id] = _Gap(self._intake.on_air.tellings)
        self._wake.set()

    def forget(self, room_id: int) -> None:
        """Nobody watches it any more."""
        self._waiting.pop(room_id, None)

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                room_id = next(iter(self._waiting))
                await asyncio.sleep(await self._ask(room_id, self._waiting.pop(room_id)))

    async def _ask(self, room_id: int, gap: _Gap) -> float:
        """Seconds until the next question may be asked."""
        if self._intake.on_air.is_off_since(room_id, gap.over_at):
            return 0.0
        try:
            listed = await self._site.super_chats(room_id)
            if listed:
                self._intake.super_chats(room_id, listed)
        except (BilibiliError, OSError) as error:
            return self._failed(room_id, replace(gap, failures=gap.failures + 1), error)
        return 0.0

    def _failed(self, room_id: int, gap: _Gap, error: Exception) -> float:
        if gap.failures < SUPER_CHAT_TRIES:
            self._waiting.setdefault(room_id, gap)
        log.warning("room %d: missed super chats cannot be fetched (%d): %s", room_id, gap.failures, error)
        return max(SUPER_CHAT_PAUSE, error.seconds if isinstance(error, RiskControl) else 0.0)
