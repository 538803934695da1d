"""What the collector does besides receiving: hears what is wanted, shows that it lives, tidies up."""

import asyncio
import itertools
import logging
import os
import time

import msgspec

from bilibili_live.api import Bilibili
from collector import succession
from collector.coverage import CoverageBook
from collector.intake import now_ms
from collector.journal_keeping import JournalKeeping
from collector.multi_room import MultiRoom
from collector.publisher import Publisher
from collector.succession import Silence
from event_store import rooms
from event_store.connect import AsyncRedis, RedisFailure
from event_store.rooms import CollectorLife, CommittedPosition
from journal.errors import JournalError
from journal.writer import JournalWriter

log = logging.getLogger(__name__)

_TICK = 1.0  # s
_TICK_AT_START = 0.1  # s, until SQL has said where to go on: no room is watched before
_SHOW_ALL_TICKS = 5  # below CONNECTION_TTL


class Housekeeping:
    """Ticks once a second; Redis may be away for any number of them, and the journal does not wait for it."""

    def __init__(
        self,
        *,
        client: AsyncRedis,
        journal: JournalWriter,
        publisher: Publisher,
        book: CoverageBook,
        watched: MultiRoom,
        site: Bilibili,
        keeping: JournalKeeping,
    ) -> None:
        self._client = client
        self._journal = journal
        self._publisher = publisher
        self._book = book
        self._watched = watched
        self._site = site
        self._keeping = keeping
        self._started_at = now_ms()
        self._committed: int | None = None  # not known yet
        self._confirmed_behind = 0  # the lost part of the journal that rooms were confirmed after
        self._silence = Silence()
        self._yields_to = ""  # the collector whose end this one waits for
        self._refusal = ""  # one line, while the journal cannot go on where SQL stands

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep())
            group.create_task(self._converse())

    async def _keep(self) -> None:
        while True:
            await self._keeping.tick(self._committed)
            self._confirm_rooms()
            await asyncio.sleep(_TICK)

    def _confirm_rooms(self) -> None:
        """Behind a lost part of the journal a room is told as blind until something is heard of it."""
        lost_to = self._publisher.lost_to
        if lost_to > self._confirmed_behind:  # it is met again as long as Redis does not take it
            self._confirmed_behind = lost_to
            self._book.confirm()

    async def _converse(self) -> None:
        for tick in itertools.count():
            try:
                await self._listen()
                await self._tell(everything=tick % _SHOW_ALL_TICKS == 0)
            except (*RedisFailure, msgspec.DecodeError) as error:
                log.debug("not heard by Redis: %s", error)  # the publisher tells it
            await asyncio.sleep(_TICK if self._publisher.knows_its_place else _TICK_AT_START)

    async def _listen(self) -> None:
        """Comes before what is told: a full Redis takes nothing, and can be read all the same."""
        if not self._publisher.knows_its_place and await self._yields():
            return
        committed = await rooms.committed_position(self._client, self._journal.name)
        if committed is not None:
            self._committed = committed.position
            self._heed(committed)
        desired = await rooms.desired(self._client)
        if desired is not None and self._publisher.knows_its_place:
            await self._watched.want(desired.room_ids, desired.live_only)

    async def _yields(self) -> bool:
        """Whether another collector watches these rooms: two would tell of each room in turns, as it is for
        the one, and as it is for the other.
        """
        others = await rooms.other_collectors(self._client, self._journal.name)
        silent = self._silence.of(others, now_ms(), time.monotonic())
        first = succession.watching(others, silent, self._started_at, self._journal.name)
        if first and first != self._yields_to:
            log.error("collector %s watches the rooms; this one begins when that one is silent", first)
        self._yields_to = first
        return bool(first)

    def _heed(self, committed: CommittedPosition) -> None:
        """What the disk refuses here keeps every room unwatched: it is told, and tried again."""
        try:
            self._publisher.heed(committed)
            self._refusal = ""
        except JournalError as error:
            if not self._refusal:
                log.error("nothing can be journaled, and no room is watched: %s", error)
            self._refusal = f"the journal is in trouble: {error}"

    async def _tell(self, *, everything: bool) -> None:
        await rooms.show_life(self._client, self._journal.name, self._life())
        changed = self._book.all() if everything else self._book.changed()
        if changed:
            await rooms.show_connections(self._client, changed)

    def _life(self) -> CollectorLife:
        return CollectorLife(
            at=now_ms(),
            pid=os.getpid(),
            started_at=self._started_at,
            rooms=self._book.connected,
            journal_position=self._journal.position,
            published_position=self._publisher.position,
            problem=self._keeping.problem or self._refusal or self._publisher.problem or self._risk(),
            storage=self._keeping.storage(),
            is_waiting=not self._publisher.knows_its_place,
            yields_to=self._yields_to,
        )

    def _risk(self) -> str:
        """Nobody may miss it: no room that is cut meanwhile comes back before, and a captcha may be due."""
        seconds = self._site.quiet_seconds
        return f"the site's risk control refused us; it is left alone for {seconds:.0f} s" if seconds else ""
