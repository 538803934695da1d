"""One watched room: its connection's signals become journaled frames, events and coverage."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import aclosing

from bilibili_live.client import Authenticated, Ended, Messages, RoomClient, Signal
from bilibili_live.errors import BilibiliError
from bilibili_live.events import RoomState
from bilibili_live.retry import retry_delay
from collector.coverage import BLIND, CONNECTING, COVERED, GUEST, CoverageBook
from collector.intake import Intake, now_ms
from collector.records import CoverageNote
from collector.site import Site

log = logging.getLogger(__name__)

_PAUSE_AFTER_BUG = 30.0  # s
_PAUSE_OF_TWIN = 5.0  # s, while the same room is watched under another number


class Room:
    """Follows one number that somebody typed, until it is cancelled."""

    def __init__(
        self,
        number: int,
        site: Site,
        intake: Intake,
        book: CoverageBook,
        *,
        claim: Callable[[int, int], bool],
        down_since: int,
    ) -> None:
        """``claim(room_id, number)``: whether this is the number under which the room is watched.

        ``down_since``: ms since when nobody watches the room though it is wanted; 0 = it is new.
        """
        self._claim = claim
        self.number = number
        self._down_since = down_since
        self.room_id = number  #: the long id, once it is known
        self._is_found = False
        self._client: RoomClient | None = None
        self._is_closing = False
        self._site = site
        self._intake = intake
        self._book = book

    async def run(self) -> None:
        """For ever. Whatever goes wrong with one room stays with it."""
        wanted_at = now_ms()
        while True:
            try:
                if not self._is_found:
                    self.room_id = await self._find(wanted_at)
                    self._is_found = True
                await self._follow()
            except Exception as error:  # the per-room boundary: logged, shown, and tried again
                log.exception("room %d: the collector itself failed", self.number)
                self._failed(CoverageNote(BLIND, "collector error", repr(error)))
                await asyncio.sleep(_PAUSE_AFTER_BUG)

    def _failed(self, note: CoverageNote) -> None:
        retry_at = now_ms() + round(_PAUSE_AFTER_BUG * 1000)
        if self._is_found:
            self._book.change(self.room_id, note, now_ms(), retry_at)
        else:
            self._book.show(self.number, note, retry_at)

    async def close(self) -> None:
        """Hang up; what was received by then is kept. The task is to be cancelled afterwards."""
        self._is_closing = True
        if self._client is not None:
            await self._client.close()

    async def _find(self, wanted_at: int) -> int:
        """The long id; waits until the site says it.

        A number that is no room's is shown and not journaled: nothing of it may reach the tables.
        """
        failures = 0
        note = CONNECTING
        self._book.show(self.number, note)
        while True:
            try:
                room_id = await self._site.lookup.long_id(self.number)
            except BilibiliError as error:
                delay = retry_delay(error, failures, random.random, loopback=self._site.site.is_loopback)
                failures += 1
                note = CoverageNote(BLIND, error.cause, str(error))
                self._book.show(self.number, note, now_ms() + round(delay * 1000))
                await asyncio.sleep(delay)
                continue
            if room_id != self.number:
                self._book.forget(self.number)
            if self._claim(room_id, self.number):
                self._book.open(room_id, self._down_since, note, wanted_at)
                return room_id
            await asyncio.sleep(_PAUSE_OF_TWIN)

    async def _follow(self) -> None:
        self._client = RoomClient(self.room_id, self._site.site, self._site.gate, self._keep)
        async with aclosing(self._client.signals()) as signals:
            async for signal in signals:
                self._heed(signal)

    def _keep(self, frame: bytes, received_at: int, connection: int) -> None:
        self._intake.frame(self.room_id, frame, received_at, connection)

    def _heed(self, signal: Signal) -> None:
        match signal:
            case Messages(decoded=decoded, received_at_ms=at):
                self._intake.decoded(self.room_id, decoded)
                if any(
                    isinstance(event, RoomState) and event.what == "login_notice" for event in decoded.events
                ):
                    self._book.change(self.room_id, GUEST, at)
            case Authenticated(at_ms=at, guest=guest):
                self._book.change(self.room_id, GUEST if guest else CoverageNote(COVERED, "", ""), at)
            case Ended() if self._is_closing:
                pass  # who closes it says why
            case Ended(at_ms=at, error=error, retry_at_ms=retry_at):
                log.info("room %d: %s: %s", self.room_id, error.cause, error)
                note = CoverageNote(BLIND, error.cause, str(error))
                self._book.change(self.room_id, note, at, retry_at)
