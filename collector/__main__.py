"""`python -m collector`: watches the desired rooms until SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import logging
import signal
import sys

from bilibili_live.api import Bilibili
from bilibili_live.client import ConnectGate
from collector import last_signs
from collector.backlog import Backlog
from collector.clocks import Clocks
from collector.coverage import CoverageBook
from collector.ending import ended
from collector.housekeeping import Housekeeping
from collector.intake import Intake, now_ms
from collector.journal_keeping import JournalKeeping
from collector.lookup import RoomLookup
from collector.missed_super_chats import MissedSuperChats
from collector.multi_room import MultiRoom
from collector.publisher import Publisher
from collector.settings import CollectorSettings
from collector.site import Site
from collector.slow_figures import SlowFigures
from collector.starvation import Starvation
from collector.waiting import WaitingRooms
from event_store.connect import async_client
from event_store.writer import LogWriter
from journal.writer import JournalWriter
from runtime import environment, logs, open_files, pulse
from runtime.errors import CannotStart

log = logging.getLogger("collector")

_DRAIN_SECONDS = 2.0


async def collect(settings: CollectorSettings, stop: asyncio.Event) -> None:
    """Runs until ``stop``; what was received by then is in the log, or in the journal for next time.

    Raises JournalError, OSError.
    """
    async with contextlib.AsyncExitStack() as stack:
        journal = stack.enter_context(_opened_journal(settings))
        client = await stack.enter_async_context(async_client(settings.redis_url))
        site = await stack.enter_async_context(
            Bilibili(settings.base_url, settings.call_interval, proxy=settings.proxy)
        )
        signs = last_signs.read(journal.folder, journal.last_received_at, now_ms())
        publisher = Publisher(journal, LogWriter(client))
        backlog = Backlog(journal)
        intake = Intake(backlog, publisher)
        book = CoverageBook(intake, journal.name, max(signs.newest, signs.noted), proven=signs.proven)
        lookup = RoomLookup(site, intake)
        missed = MissedSuperChats(site, intake)
        starvation = Starvation(site, intake.on_air)
        gate = ConnectGate(settings.connect_interval)
        shared = Site(site, gate, lookup, missed, starvation, settings.connections_per_room)
        waiting = WaitingRooms(lookup, book, settings.offline_grace)
        watched = MultiRoom(shared, intake, book, waiting, signs)
        slow = SlowFigures(site, intake, lookup)
        housekeeping = Housekeeping(
            client=client,
            journal=journal,
            publisher=publisher,
            book=book,
            watched=watched,
            site=site,
            keeping=JournalKeeping(journal, backlog, intake, settings.journal_limits),
        )
        clocks = Clocks(
            site.site_clock, intake, publisher, book, journal.name, last_sign=journal.last_received_at
        )
        log.info("journal %s at byte %d", journal.name, journal.position)
        async with asyncio.TaskGroup() as group:
            parts = (publisher, lookup, slow, missed, starvation, housekeeping, clocks)
            tasks = [group.create_task(each) for each in (pulse.beat(), *(part.run() for part in parts))]
            try:
                await stop.wait()
                await watched.stop()
                await intake.write_out()
                if backlog.problem:
                    log.error("what waits in memory is lost: %s", backlog.problem)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(publisher.drain(), _DRAIN_SECONDS)
            finally:  # also when one of them failed: then the process ends, and the supervisor starts another
                await ended(tasks)
    log.info("stopped")


def _opened_journal(settings: CollectorSettings) -> JournalWriter:
    """Raises JournalError."""
    journal = JournalWriter(settings.journal_dir, settings.journal_limits.segment_bytes)
    if journal.cut_off:
        log.warning("cut %d bytes of a torn tail off the journal", journal.cut_off)
    for path in journal.foreign:
        log.warning("%s is no part of the journal; it is left alone", path)
    return journal


async def _until_signal(settings: CollectorSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    await collect(settings, stop)


def main() -> int:
    try:
        settings = environment.from_process()
        logs.configure("collector", settings.logs_dir, settings.log_level)
        open_files.allow_as_many_as_may_be()  # each room is a socket or two
        asyncio.run(_until_signal(CollectorSettings.of(settings)))
    except (CannotStart, OSError) as error:
        sys.stderr.write(f"collector: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
