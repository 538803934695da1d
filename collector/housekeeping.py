"""What the collector does besides receiving: hears what is wanted, shows that it lives, tidies up."""

import asyncio
import logging
import os

import msgspec

from collector.coverage import CoverageBook
from collector.intake import now_ms
from collector.multi_room import MultiRoom
from collector.publisher import Publisher
from event_store import rooms
from event_store.connect import AsyncRedis, RedisFailure
from event_store.rooms import CollectorLife
from journal.writer import JournalWriter

log = logging.getLogger(__name__)

_TICK = 1.0  # s
_TICK_AT_START = 0.1  # s, until SQL has said where to go on: no room is watched before
_SHOW_ALL_TICKS = 5  # below CONNECTION_TTL
_TIDY_TICKS = 60


class Housekeeping:
    """One tick a second; Redis may be away for any number of them."""

    def __init__(
        self,
        *,
        client: AsyncRedis,
        journal: JournalWriter,
        publisher: Publisher,
        book: CoverageBook,
        watched: MultiRoom,
        journal_keep: float,
    ) -> None:
        self._client = client
        self._journal = journal
        self._publisher = publisher
        self._book = book
        self._watched = watched
        self._journal_keep = journal_keep
        self._started_at = now_ms()
        self._committed = 0
        self._problem = ""

    async def run(self) -> None:
        """For ever."""
        tick = 0
        while True:
            await self._keep_journal(tidy=tick % _TIDY_TICKS == 0)
            try:
                await self._talk(everything=tick % _SHOW_ALL_TICKS == 0)
            except (*RedisFailure, msgspec.DecodeError) as error:
                log.debug("not heard by Redis: %s", error)  # the publisher tells it
            tick += 1
            await asyncio.sleep(_TICK if self._publisher.knows_its_place else _TICK_AT_START)

    async def _keep_journal(self, *, tidy: bool) -> None:
        try:
            await asyncio.to_thread(self._journal.flush_to_disk)
            self._book.write_late()
            if tidy:
                self._tidy()
            self._problem = ""
        except OSError as error:
            if not self._problem:
                log.error("the journal is in trouble: %s", error)
            self._problem = f"the journal is in trouble: {error}"

    async def _talk(self, *, everything: bool) -> None:
        await rooms.show_life(self._client, self._journal.name, self._life())
        committed = await rooms.committed_position(self._client, self._journal.name)
        if committed is not None:
            self._committed = committed.position
            self._publisher.heed(committed)
        desired = await rooms.desired(self._client)
        if desired is not None and self._publisher.knows_its_place:
            await self._watched.want(desired.room_ids)
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
            problem=self._problem or self._publisher.problem,
        )

    def _tidy(self) -> None:
        dropped = self._journal.drop_before(self._committed, self._journal_keep)
        if dropped:
            log.info("dropped %d journal segments that are in SQL and past their time", dropped)
