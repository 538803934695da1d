"""All rooms of this collector: follows what the scheduler wants watched, without restarts."""

import asyncio
import logging
from collections.abc import Iterable

from collector.coverage import CoverageBook
from collector.intake import Intake
from collector.room import Room
from collector.site import Site

log = logging.getLogger(__name__)

NOT_WATCHED = "not watched"
_HANG_UP_SECONDS = 1.0  #: for all rooms together


class MultiRoom:
    """One task per wanted room."""

    def __init__(self, site: Site, intake: Intake, book: CoverageBook, down_since: int) -> None:
        """``down_since``: ms of the last sign of the run before, 0 = there was none."""
        self._site = site
        self._intake = intake
        self._book = book
        self._down_since = down_since  # holds for the rooms that are wanted at the start
        self._rooms: dict[int, tuple[Room, asyncio.Task[None]]] = {}
        self._owners: dict[int, int] = {}  # long id -> the number under which it is watched
        self._is_stopped = False

    def __len__(self) -> int:
        return len(self._rooms)

    async def want(self, numbers: Iterable[int]) -> None:
        """From now on these rooms and no others."""
        if self._is_stopped:
            return
        wanted = set(numbers)
        self._renumber(wanted)
        new, unwanted = wanted - self._rooms.keys(), self._rooms.keys() - wanted
        if new or unwanted:
            log.info("watching %d rooms (%d new, %d no longer)", len(wanted), len(new), len(unwanted))
        await self._stop(unwanted, NOT_WATCHED)
        for number in sorted(new):
            room = Room(
                number, self._site, self._intake, self._book, claim=self._claim, down_since=self._down_since
            )
            self._rooms[number] = room, asyncio.create_task(room.run(), name=f"room {number}")
        self._down_since = 0

    def _renumber(self, wanted: set[int]) -> None:
        """A short id that is replaced by its long one: the same room goes on under the new number."""
        for number, (room, task) in list(self._rooms.items()):
            if number not in wanted and room.room_id in wanted and room.room_id not in self._rooms:
                self._rooms[room.room_id] = room, task
                del self._rooms[number]
                room.number = self._owners[room.room_id] = room.room_id

    def _claim(self, room_id: int, number: int) -> bool:
        """Whether the room is watched under this number: its short id may be wanted beside the long one."""
        return self._owners.setdefault(room_id, number) == number

    async def stop(self) -> None:
        """Close all connections for good; the rooms are blind from here on."""
        self._is_stopped = True
        await self._stop(set(self._rooms), "collector was stopped")

    async def _stop(self, numbers: set[int], cause: str) -> None:
        leaving = {number: self._rooms.pop(number) for number in numbers}
        closing = [asyncio.create_task(room.close()) for room, _ in leaving.values()]
        if closing:
            await asyncio.wait(closing, timeout=_HANG_UP_SECONDS)
        tasks = [*closing, *(task for _, task in leaving.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for number, (room, _) in leaving.items():
            self._site.lookup.forget(number)
            if self._owners.get(room.room_id) == number:
                del self._owners[room.room_id]
                self._site.lookup.forget(room.room_id)
                self._book.close(room.room_id, cause)
            if number not in self._rooms:
                self._book.forget(room.room_id)
