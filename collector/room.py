"""One watched room: its connection's signals become journaled frames, events and coverage."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec

from bilibili_live.client import Authenticated, Ended, Messages, Signal, TreatedAsGuest
from bilibili_live.errors import BilibiliError, ConnectionLost, ConnectionStarved
from bilibili_live.retry import retry_delay
from collector.coverage import CONNECTING, GUEST, STARVED, CoverageBook
from collector.evidence import Evidence
from collector.intake import Intake, now_ms
from collector.links import Links, OneLost
from collector.records import BLIND, COVERED, CoverageNote
from collector.settings import HANG_UP_SECONDS
from collector.site import Site

log = logging.getLogger(__name__)

_PAUSE_AFTER_BUG = 30.0  # s
_COVERED = CoverageNote(COVERED, "", "")
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
        down_since: Callable[[int], int],
    ) -> None:
        """``claim(room_id, number)``: whether this is the number under which the room is watched.

        ``down_since(room_id)``: ms since when nobody watches the room though it is wanted; 0 = it is new.
        """
        self._claim = claim
        self.number = number
        self._down_since = down_since
        self.room_id = number  #: the long id, once it is known
        self.is_found = False
        self._links: Links | None = None
        self._evidence = [Evidence(intake.attention, self._site_is_ahead) for _ in range(site.connections)]
        self._fed = _COVERED  # how it is while all of the chat arrives
        self._starved: CoverageNote | None = None
        self._is_closing = self._has_hung_up = False
        self._site = site
        self._intake = intake
        self._book = book

    async def run(self, missed_since: int = 0) -> None:
        """For ever. Whatever goes wrong with one room stays with it.

        ``missed_since`` (ms): its stream went on since then, and nobody knew; 0 = there is no such thing.
        """
        wanted_at = min(missed_since or now_ms(), now_ms())
        while True:
            try:
                if not self.is_found:
                    self.room_id = await self._find(wanted_at)
                    self.is_found = True
                await self._follow()
            except Exception as error:  # the per-room boundary: logged, shown, and tried again
                log.exception("room %d: the collector itself failed", self.number)
                self._intake.read_again()  # of a frame that was journaled, perhaps nothing was told
                self._failed(CoverageNote(BLIND, "collector error", repr(error)))
                await asyncio.sleep(_PAUSE_AFTER_BUG)

    def _failed(self, note: CoverageNote) -> None:
        retry_at = now_ms() + round(_PAUSE_AFTER_BUG * 1000)
        if self.is_found:
            self._book.change(self.room_id, note, now_ms(), retry_at)
        else:
            self._book.show(self.number, note, retry_at)

    async def close(self) -> None:
        """Hang up; what was received by then is kept. The task is to be cancelled afterwards."""
        self._is_closing = True
        self._site.starvation.lost(self.room_id)
        if self._links is not None:
            await self._links.close()

    def sure_until(self, now: int) -> int:
        """After close(): until when (ms) nothing is missing, which is now if the server had its say."""
        if self._has_hung_up:
            return now
        live = self._links.live if self._links else []
        return min((self._evidence_of(number).end(now, number) for number in live), default=now)

    def starved(self, since: int, detail: str) -> None:
        """Of its chat only a fraction arrives, since then (ms). While it is blind that is said already."""
        if self._book.is_blind(self.room_id):
            return
        self._starved = msgspec.structs.replace(STARVED, detail=detail)
        self._book.change(self.room_id, self._starved, since)

    def fed(self, at: int) -> None:
        """Its chat is back at its rhythm."""
        self._starved = None
        if not self._book.is_blind(self.room_id):
            self._book.change(self.room_id, self._fed, at)

    async def renew(self, why: ConnectionStarved) -> None:
        """By another server."""
        if self._links is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._links.renew(why), HANG_UP_SECONDS)

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
                self._book.open(room_id, self._down_since(room_id), note, wanted_at)
                return room_id
            await asyncio.sleep(_PAUSE_OF_TWIN)

    def _follow(self) -> Awaitable[None]:
        self._starved = None
        self._site.starvation.watch(self.room_id, self)
        self._links = Links(self.room_id, self._site, self._keep, self._heed)
        return self._links.follow()

    def _keep(self, frame: bytes, received_at: int, connection: int) -> None:
        self._intake.frame(self.room_id, frame, received_at, connection)
        self._evidence_of(connection).frame(frame, received_at, connection)

    def _evidence_of(self, connection: int) -> Evidence:
        """Each link has its own: its connections take every so many-th number."""
        return self._evidence[connection % len(self._evidence)]

    def _heed(self, signal: Signal | OneLost) -> None:
        match signal:
            case Messages(decoded=decoded, received_at_ms=at, connection=number):
                self._intake.decoded(self.room_id, decoded)
                self._evidence_of(number).events(decoded.events, at)
                self._site.starvation.heard(self.room_id, decoded.events)
            case TreatedAsGuest(at_ms=at, words=words):
                self._connected(CoverageNote(GUEST.state, GUEST.cause, words), at)
            case Authenticated(at_ms=at, guest=guest):
                self._site.starvation.connected(self.room_id)
                if self._book.is_blind(self.room_id):
                    self._site.missed.want(self.room_id)
                self._connected(GUEST if guest else _COVERED, at)
            case OneLost():
                log.info("room %d: one of two connections: %s", self.room_id, signal.error)
                self._lose_one(signal)
            case Ended(error=ConnectionLost(said_goodbye=True)) if self._is_closing:
                self._has_hung_up = True  # who closes it says why
            case Ended(at_ms=at, error=error, retry_at_ms=retry_at, connection=number):
                self._site.starvation.lost(self.room_id)
                log.info("room %d: %s: %s", self.room_id, error.cause, error)
                note = CoverageNote(BLIND, error.cause, f"{error} (connection {number})")
                self._book.lose(self.room_id, note, self._evidence_of(number).end(at, number), retry_at)

    def _site_is_ahead(self) -> int:
        offset = self._site.site.site_clock.offset
        return offset.high if offset else 0

    def _lose_one(self, lost: OneLost) -> None:
        """The other one covers the room, but perhaps not yet when this one brought its last."""
        if lost.connection:
            sure_until = self._evidence_of(lost.connection).end(lost.at_ms, lost.connection)
            since, until = max(sure_until, lost.began_ms), min(lost.others_since_ms, lost.at_ms)
            if since < until:
                detail = f"{lost.error} (connection {lost.connection}); the other one began later"
                self._book.miss(self.room_id, CoverageNote(BLIND, lost.error.cause, detail), since, until)
                self._site.missed.want(self.room_id)
        self._book.remark(self.room_id, f"one of two connections: {lost.error}", lost.retry_at_ms)

    def _connected(self, note: CoverageNote, at: int) -> None:
        """A new connection of a starved room has to prove itself first."""
        self._fed = note
        self._book.change(self.room_id, self._starved or note, at)
