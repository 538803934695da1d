"""`python -m collector`: watches the desired rooms until SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import logging
import signal
import sys

from bilibili_live.api import Bilibili
from bilibili_live.client import ConnectGate
from collector.coverage import CoverageBook
from collector.housekeeping import Housekeeping
from collector.intake import Intake
from collector.lookup import RoomLookup
from collector.multi_room import MultiRoom
from collector.publisher import Publisher
from collector.settings import CollectorSettings
from collector.site import Site
from event_store.connect import async_client
from event_store.writer import LogWriter
from journal.writer import JournalBusy, JournalWriter
from runtime import environment, logs
from runtime.errors import CannotStart

log = logging.getLogger("collector")

_DRAIN_SECONDS = 2.0


async def collect(settings: CollectorSettings, stop: asyncio.Event) -> None:
    """Runs until ``stop``; what was received by then is in the log, or in the journal for next time.

    Raises JournalBusy, OSError.
    """
    async with contextlib.AsyncExitStack() as stack:
        journal = stack.enter_context(JournalWriter(settings.journal_dir))
        if journal.cut_off:
            log.warning("cut %d bytes of a torn tail off the journal", journal.cut_off)
        client = await stack.enter_async_context(async_client(settings.redis_url))
        site = await stack.enter_async_context(Bilibili(settings.base_url, settings.call_interval))
        down_since = journal.last_received_at
        publisher = Publisher(journal, LogWriter(client))
        intake = Intake(journal, publisher)
        book = CoverageBook(intake, journal.name)
        lookup = RoomLookup(site, intake)
        shared = Site(site, ConnectGate(settings.connect_interval), lookup)
        watched = MultiRoom(shared, intake, book, down_since)
        housekeeping = Housekeeping(
            client=client,
            journal=journal,
            publisher=publisher,
            book=book,
            watched=watched,
            journal_keep=settings.journal_keep,
        )
        log.info("journal %s at byte %d", journal.name, journal.position)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part.run()) for part in (publisher, lookup, housekeeping)]
            await stop.wait()
            await watched.stop()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(publisher.drain(), _DRAIN_SECONDS)
            for task in tasks:
                task.cancel()
    log.info("stopped")


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
        asyncio.run(_until_signal(CollectorSettings.of(settings)))
    except (CannotStart, JournalBusy, OSError) as error:
        sys.stderr.write(f"collector: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
