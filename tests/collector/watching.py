"""Rooms watched in this process, between a simulated site and a real journal; Redis is away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bilibili_live.api import Bilibili
from bilibili_live.client import ConnectGate
from bilibili_live.events import AnyEvent, Coverage
from collector.backlog import Backlog
from collector.coverage import CoverageBook
from collector.intake import Intake
from collector.last_signs import LastSigns
from collector.lookup import RoomLookup
from collector.missed_super_chats import MissedSuperChats
from collector.multi_room import MultiRoom
from collector.publisher import Publisher
from collector.records import decode_record
from collector.rhythm import Pace
from collector.site import Site
from collector.starvation import Starvation
from collector.waiting import WaitingRooms
from event_store.connect import async_client
from event_store.writer import LogWriter
from journal.reader import read
from journal.writer import JournalWriter

_SECONDS = 30


class Watching:
    """What came of it."""

    def __init__(self, folder: Path, rooms: MultiRoom, book: CoverageBook) -> None:
        self.rooms = rooms
        self.book = book
        self._folder = folder

    def events(self) -> list[AnyEvent]:
        """All that is journaled, read again."""
        records = [item.record for item in read(self._folder, 0, 1 << 40) if item.record]
        return [event for record in records for event in decode_record(record).events]

    def states(self, room_id: int) -> list[tuple[str, str]]:
        """(state, cause) of its spans, in the order of noting."""
        spans = [event for event in self.events() if isinstance(event, Coverage)]
        return [(span.state, span.cause) for span in spans if span.room_id == room_id]

    def state(self, room_id: int) -> str:
        """The newest."""
        known = self.book.all().get(room_id)
        return known.state if known else ""

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(_SECONDS):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def watching(
    folder: Path, url: str, pace: Pace | None = None, signs: LastSigns | None = None
) -> AsyncIterator[Watching]:
    """Rooms are looked at every tenth of a second; ``pace``: of the rhythms, ``signs``: of the run before."""
    async with (
        async_client("redis://localhost:1") as redis,
        Bilibili(url, 0) as site,
        asyncio.TaskGroup() as group,
    ):
        with JournalWriter(folder) as journal:
            intake = Intake(Backlog(journal), Publisher(journal, LogWriter(redis)))
            book = CoverageBook(intake, journal.name)
            lookup, missed = RoomLookup(site, intake), MissedSuperChats(site, intake)
            starvation = Starvation(
                site, intake.on_air, pace=pace, look_every=0.1, first_pause=1.0, on_the_way=0.3
            )
            shared = Site(site, ConnectGate(0), lookup, missed, starvation)
            rooms = MultiRoom(shared, intake, book, WaitingRooms(lookup, book, 600.0), signs or LastSigns())
            tasks = [group.create_task(part.run()) for part in (lookup, missed, starvation)]
            try:
                yield Watching(folder, rooms, book)
            finally:
                await rooms.stop()
                for task in tasks:
                    task.cancel()
