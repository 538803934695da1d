"""Each room's state: covered, degraded or blind, with the cause; for the journal and for the pages."""

import logging
from collections import deque
from typing import Protocol

from collector.intake import now_ms
from collector.records import CoverageNote
from event_store.rooms import RoomConnection

log = logging.getLogger(__name__)

COVERED = "covered"
DEGRADED = "degraded"
BLIND = "blind"


GUEST = CoverageNote(DEGRADED, "guest", "names are masked and a part of the chat is missing")
NOT_RUNNING = CoverageNote(BLIND, "collector was not running", "")
CONNECTING = CoverageNote(BLIND, "connecting", "")


class Notes(Protocol):
    """Where changes go: the intake of the collector."""

    def coverage(self, room_id: int, at: int, note: CoverageNote) -> None: ...


class CoverageBook:
    """What is known of all rooms."""

    def __init__(self, intake: Notes, collector: str) -> None:
        self._intake = intake
        self._collector = collector
        self._rooms: dict[int, RoomConnection] = {}
        self._unshown: set[int] = set()
        self._late: deque[tuple[int, CoverageNote, int]] = deque()  # what the journal could not take yet

    def open(self, room_id: int, down_since: int, note: CoverageNote, wanted_at: int) -> None:
        """The room is known to exist, and was as ``note`` says since ``wanted_at`` (ms).

        ``down_since`` (ms): nobody watched it from then until ``wanted_at``; 0 = it is new.
        """
        if down_since:
            self._note(room_id, NOT_RUNNING, down_since)
        self._note(room_id, note, wanted_at)
        self.show(room_id, note)

    def change(self, room_id: int, note: CoverageNote, at: int, retry_at: int = 0) -> None:
        """From ``at`` (ms) on. A change is journaled once, whatever repeats it."""
        known = self._rooms.get(room_id)
        if known is None or (known.state, known.cause) != (note.state, note.cause):
            self._note(room_id, note, at)
        self.show(room_id, note, retry_at)

    def show(self, room_id: int, note: CoverageNote, retry_at: int = 0) -> None:
        """For the pages alone."""
        known = self._rooms.get(room_id)
        same = known is not None and (known.state, known.cause) == (note.state, note.cause)
        since = known.since if known is not None and same else now_ms()
        self._rooms[room_id] = RoomConnection(
            note.state, note.cause, note.detail, since, retry_at, self._collector
        )
        self._unshown.add(room_id)

    def close(self, room_id: int, cause: str) -> None:
        """Nobody watches the room from now on."""
        self.change(room_id, CoverageNote(BLIND, cause, ""), now_ms())

    def forget(self, room_id: int) -> None:
        self._rooms.pop(room_id, None)
        self._unshown.discard(room_id)

    @property
    def connected(self) -> int:
        return sum(room.state != BLIND for room in self._rooms.values())

    def all(self) -> dict[int, RoomConnection]:
        return dict(self._rooms)

    def changed(self) -> dict[int, RoomConnection]:
        """What was not asked for since it changed."""
        changed, self._unshown = self._unshown, set()
        return {room_id: self._rooms[room_id] for room_id in changed if room_id in self._rooms}

    def write_late(self) -> None:
        """Journal what could not be when it happened, with its own time. Raises OSError."""
        while self._late:
            room_id, note, at = self._late[0]
            self._intake.coverage(room_id, at, note)
            self._late.popleft()

    def _note(self, room_id: int, note: CoverageNote, at: int) -> None:
        """The disk that is full is why the room is blind: that has to be known when it is not any more."""
        self._late.append((room_id, note, at))
        try:
            self.write_late()
        except OSError as error:
            log.error("room %d is %s, which the journal could not take yet: %s", room_id, note.state, error)
