"""The event log, written as a collector does."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from bilibili_live.events import AnyEvent
from event_store.codec import Batch, Header, RoomCounts
from event_store.connect import async_client
from event_store.writer import LogWriter

COLLECTOR = "benchmark"


class Log:
    """Of the server with this address."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._position = 0

    def append(self, events: Sequence[AnyEvent], at_once: int = 500) -> None:
        """In entries of so many."""
        asyncio.run(self._append(events, at_once))

    async def _append(self, events: Sequence[AnyEvent], at_once: int) -> None:
        async with async_client(self._url) as redis:
            writer = LogWriter(redis)
            for start in range(0, len(events), at_once):
                await writer.append(self._batch(events[start : start + at_once]))

    def _batch(self, events: Sequence[AnyEvent]) -> Batch:
        begun, self._position = self._position, self._position + len(events)
        rooms = Counter(event.room_id for event in events)
        counts = [RoomCounts(room_id=room_id, received=count) for room_id, count in rooms.items()]
        header = Header(collector=COLLECTOR, journal_from=begun, journal_to=self._position, counts=counts)
        return Batch(header=header, events=list(events))
