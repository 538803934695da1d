"""Our clock is set, or is not the site's: both are in the journal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bilibili_live.events import Clock, Coverage
from bilibili_live.site_clock import SiteClock
from collector.backlog import Backlog
from collector.clocks import Clocks
from collector.coverage import GUEST, CoverageBook
from collector.intake import Intake
from collector.publisher import Publisher
from collector.records import decode_record
from event_store.connect import async_client
from event_store.writer import LogWriter
from journal.reader import read
from journal.writer import JournalWriter
from tests.full_disk import full_disk
from tests.made import AT, ROOM

DAY = 86_400_000


class Machine:
    """Its clocks, as the test moves them, and the collector's watch over them."""

    def __init__(self, folder: Path, journal: JournalWriter, publisher: Publisher, last_sign: int) -> None:
        self.folder = folder
        self.wall = AT
        self.monotonic = 100.0
        self.site = SiteClock()
        self.intake = Intake(Backlog(journal), publisher)
        self.book = CoverageBook(self.intake, "c0ffee", clock=lambda: self.wall)
        self.clocks = Clocks(
            self.site,
            self.intake,
            publisher,
            self.book,
            "c0ffee",
            last_sign=last_sign,
            wall=lambda: self.wall,
            monotonic=lambda: self.monotonic,
        )

    def second(self, *, set_by: int = 0) -> None:
        """One passes; the clock is set by so many ms meanwhile."""
        self.wall += 1_000 + set_by
        self.monotonic += 1.0
        self.clocks.look()

    def site_says(self, ahead: int) -> None:
        moment = datetime.fromtimestamp((self.wall + ahead) // 1000, UTC)
        self.site.heard(format_datetime(moment, usegmt=True), self.wall, self.wall)

    def journaled(self, kind: type[Clock] | type[Coverage] = Clock) -> list[Clock | Coverage]:
        records = [item.record for item in read(self.folder, 0, 1 << 30) if item.record]
        events = [event for record in records for event in decode_record(record).events]
        return [event for event in events if isinstance(event, kind)]

    def readings(self) -> list[tuple[str, int, int]]:
        return [
            (event.what, event.ms, event.at - AT) for event in self.journaled() if isinstance(event, Clock)
        ]


@asynccontextmanager
async def machine(folder: Path, last_sign: int = 0) -> AsyncIterator[Machine]:
    async with async_client("redis://localhost:1") as redis:
        with JournalWriter(folder) as journal:
            yield Machine(folder, journal, Publisher(journal, LogWriter(redis)), last_sign)


async def test_a_clock_that_goes_as_it_should_is_no_news(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        for _ in range(3):
            running.second(set_by=300)  # slewed, or a slow loop
        assert running.readings() == []


async def test_a_clock_that_is_set_is_said_with_the_time_behind_it(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        running.second(set_by=DAY)
        running.second(set_by=-DAY)
        running.second()
        assert running.readings() == [("step", DAY, DAY + 1_000), ("step", -DAY, 2_000)]


async def test_rooms_of_the_future_are_said_anew_when_the_clock_is_set_back(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        running.second(set_by=DAY)
        running.book.change(ROOM, GUEST, running.wall)
        running.second(set_by=-DAY)
        spans = [(event.at - AT, event.received_at) for event in running.journaled(Coverage)]
        assert [at for at, _ in spans] == [DAY + 1_000, 2_000]
        assert spans[0][1] < spans[1][1]


async def test_the_site_is_compared_with_and_said_when_it_changes(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        for _ in range(3):
            running.site_says(7_300)
            running.second()
        [(what, ms, _)] = running.readings()
        assert what == "offset"
        assert 6_300 <= ms <= 8_300
        running.site_says(90_000)
        running.second()
        assert [what for what, _, _ in running.readings()] == ["offset", "offset"]


async def test_what_was_known_of_the_site_ends_when_our_clock_is_set(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        running.site_says(0)
        running.second(set_by=DAY)
        assert running.site.offset is None
        assert [what for what, _, _ in running.readings()] == ["step"]


async def test_what_a_full_disk_refuses_of_it_is_in_the_journal_once_there_is_room(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        with full_disk(0):
            running.second(set_by=DAY)
            running.second()
        assert running.readings() == []
        await running.intake.write_out()
        assert running.readings() == [("step", DAY, DAY + 1_000)]


async def test_a_clock_that_was_set_back_while_nobody_ran_is_said(tmp_path: Path) -> None:
    async with machine(tmp_path, last_sign=AT + DAY) as running:
        running.second()
        assert running.readings() == [("step", -DAY, 0)]
