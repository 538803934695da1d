"""Rooms that are watched over HTTP alone until they are live: which these are now, and that pages see it.

They are blind on purpose: that is noted as a cause of its own and is no fault.
"""

import time
from collections.abc import Container, Set

from collector.coverage import NOT_LIVE, CoverageBook
from collector.intake import now_ms
from collector.last_signs import LastSigns
from collector.lookup import RoomLookup
from collector.presence import Decision, decide


class WaitingRooms:
    """Those of one collector."""

    def __init__(self, lookup: RoomLookup, book: CoverageBook, grace: float) -> None:
        """``grace`` in s, see decide()."""
        self._lookup = lookup
        self._book = book
        self._grace = grace
        self._down: dict[int, LastSigns] = {}  # number -> of the run before; until it is decided
        self._noted: dict[int, int] = {}  # long ids that the book has as waiting -> their numbers

    def held_back(self, numbers: Set[int], connected: Container[int], signs: LastSigns) -> set[int]:
        """Those not to be connected now; what is connected already stays so while nobody knows.

        ``signs``: of the run before, for the numbers that are new here.
        """
        now = time.monotonic()
        decisions = {number: decide(self._lookup.seen(number), now, self._grace) for number in numbers}
        held = {
            number
            for number, decision in decisions.items()
            if decision is Decision.WAIT or (decision is Decision.UNKNOWN and number not in connected)
        }
        undecided = {number for number, decision in decisions.items() if decision is Decision.UNKNOWN}
        self._lookup.await_live(held | undecided)
        if signs.newest:
            self._down |= dict.fromkeys(held, signs)
        return held

    def signs(self, number: int, otherwise: LastSigns) -> LastSigns:
        """Of a number that is connected now, once."""
        return self._down.pop(number, otherwise)

    def missed_since(self, number: int) -> int:
        """ms since when a room that is connected now waited though it was live; 0 = it did not.

        A stream has begun for a while when a poll sees it.
        """
        seen = self._lookup.seen(number)
        return self._lookup.live_since(number) if seen and seen.room_id in self._noted else 0

    def note(self, held: Set[int], connected: Container[int]) -> None:
        """Tell the book of those that wait from now on; of ``connected`` ones (long ids) others speak."""
        rooms = {
            seen.room_id: number
            for number in held
            if (seen := self._lookup.seen(number)) and seen.room_id and seen.room_id not in connected
        }
        for room_id in rooms.keys() - self._noted.keys():
            self._begin(room_id, self._down.pop(rooms[room_id], LastSigns()).of(room_id))
        self._noted = rooms

    def are_known(self, held: Set[int]) -> bool:
        """Whether the site has told which rooms all of these numbers mean."""
        return all((seen := self._lookup.seen(number)) and seen.room_id for number in held)

    def part(self, wanted: Container[int], cause: str) -> None:
        """Those that nobody wants any more are blind by this cause from now on."""
        for room_id, number in list(self._noted.items()):
            if number not in wanted and room_id not in wanted:
                del self._noted[room_id]
                self._book.close(room_id, cause, now_ms())
                self._book.forget(room_id)

    def _begin(self, room_id: int, down_since: int) -> None:
        if down_since:
            self._book.open(room_id, down_since, NOT_LIVE, now_ms())
        else:
            self._book.change(room_id, NOT_LIVE, now_ms())
