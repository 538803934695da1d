"""Events put into a real log by the collectors' own writer. No ORM: browser tests use it too."""

import asyncio
import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bilibili_live.events import AnyEvent
from event_store import connect
from event_store.writer import Appended, LogWriter
from tests.made import batch


def append(redis_url: str, *batches: Sequence[AnyEvent]) -> Appended:
    """One log entry per batch; where the last one landed."""
    # In a thread: Playwright's synchronous API has an event loop of its own in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, append_here(redis_url, *batches)).result()


async def append_here(redis_url: str, *batches: Sequence[AnyEvent]) -> Appended:
    """The same on the running event loop."""
    async with contextlib.aclosing(connect.async_client(redis_url)) as client:
        writer = LogWriter(client)
        for events in batches:
            appended = await writer.append(batch(events, journal=(0, 1), collector="test"))
    return appended
