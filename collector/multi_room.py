"""All rooms of this collector: follows what the scheduler wants watched, without restarts."""

import asyncio
import logging
from collections.abc import Iterable

from collector.coverage import NOT_LIVE, CoverageBook
from collector.intake import Intake, now_ms
from collector.last_signs import LastSigns
from collector.room import Room
from collector.site import Site
from collector.waiting import WaitingRooms

log = logging.getLogger(__name__)

NOT_WATCHED = "not watched"
STOPPED = "collector was stopped"
_HANG_UP_SECONDS = 1.0  #: for all rooms together


class MultiRoom:
    """One task per wanted room; those that wait until they are live have none."""

    def __init__(
        self, site: Site, intake: Intake, book: CoverageBook, waiting: WaitingRooms, signs: LastSigns
    ) -> None:
        """``signs``: of the run before; they hold for the rooms that are wanted at the start."""
        self._site = site
        self._intake = intake
        self._book = book
        self._waiting = waiting
        self._signs = signs
        self._rooms: dict[int, tuple[Room, asyncio.Task[None]]] = {}
        self._owners: dict[int, int] = {}  # long id -> the number under which it is watched
        self._is_stopped = False

    def __len__(self) -> int:
        return len(self._rooms)

    async def want(self, numbers: Iterable[int], only_while_live: Iterable[int] = ()) -> None:
        """From now on these rooms and no others; some of them connected only while they are live."""
        if self._is_stopped:
            return
        chosen = set(numbers)
        for room_id in self._signs.watched:  # said at once: whether the site can be asked is another matter
            self._book.went_down(room_id, self._signs.of(room_id))
        connected = self._rooms.keys() | self._owners.keys()
        held = self._waiting.held_back(chosen & set(only_while_live), connected, self._signs)
        self._waiting.part(chosen, NOT_WATCHED)
        await self._connect(chosen - held, held)
        if self._is_stopped:
            return
        self._waiting.note(held, self._owners)
        self._part_with_the_former(chosen, held)
        self._signs = LastSigns()

    def _part_with_the_former(self, wanted: set[int], held: set[int]) -> None:
        """Rooms of the run before that nobody wants any more: so known once all numbers are looked up."""
        former = self._book.down - wanted
        if not former or not all(room.is_found for room, _ in self._rooms.values()):
            return
        if not self._waiting.are_known(held):
            return
        for room_id in former:
            self._book.close(room_id, NOT_WATCHED, now_ms())
            self._book.forget(room_id)

    async def _connect(self, wanted: set[int], held: set[int]) -> None:
        """These and no others; what is ``held`` back is not connected, and watched all the same."""
        self._renumber(wanted)
        new, unwanted = wanted - self._rooms.keys(), self._rooms.keys() - wanted
        if new or unwanted:
            log.info("connecting %d rooms (%d new, %d no longer)", len(wanted), len(new), len(unwanted))
        await self._stop(unwanted - held, NOT_WATCHED)
        await self._stop(unwanted & held, NOT_LIVE.cause)
        if self._is_stopped:
            return  # meanwhile: nobody would close what is opened now
        for number in sorted(new):
            signs = self._waiting.signs(number, self._signs)
            room = Room(number, self._site, self._intake, self._book, claim=self._claim, down_since=signs.of)
            running = room.run(self._waiting.missed_since(number))
            self._rooms[number] = room, asyncio.create_task(running, name=f"room {number}")

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
        await self._stop(set(self._rooms), STOPPED)
        self._waiting.part((), STOPPED)

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
            is_owner = self._owners.get(room.room_id) == number
            if is_owner:
                del self._owners[room.room_id]
                self._site.lookup.forget(room.room_id)
                self._site.missed.forget(room.room_id)
                self._site.starvation.forget(room.room_id)
                self._book.close(room.room_id, cause, room.sure_until(now_ms()))
            if number not in self._rooms and not (is_owner and cause == NOT_LIVE.cause):
                self._book.forget(room.room_id)
