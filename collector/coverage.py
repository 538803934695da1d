"""Each room's state: covered, degraded or blind, with the cause; for the journal and for the pages."""

from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from collector.intake import now_ms
from collector.records import BLIND, DEGRADED, CoverageNote
from event_store.rooms import RoomConnection

GUEST = CoverageNote(DEGRADED, "guest", "names are masked and a part of the chat is missing")
STARVED = CoverageNote(DEGRADED, "starved", "")
NOT_RUNNING = CoverageNote(BLIND, "collector was not running", "")
CONNECTING = CoverageNote(BLIND, "connecting", "")
NOT_LIVE = CoverageNote(BLIND, "not live", "")  #: on purpose, until it is live

_REPEAT = 60_000  #: ms; well within what the next run looks at of the journal
_LATE = 300_000  #: ms; what is dated so long before what was noted already was dated by another clock


class Notes(Protocol):
    """Where changes go: the intake of the collector."""

    def coverage(self, room_id: int, at: int, note: CoverageNote) -> None: ...

    def numbered_until(self, noted: int) -> None: ...


class CoverageBook:
    """What is known of all rooms."""

    def __init__(
        self,
        intake: Notes,
        collector: str,
        noted_until: int = 0,
        clock: Callable[[], int] = now_ms,
        *,
        proven: int = 0,
    ) -> None:
        """``noted_until``: ms that no note of a run before is later than.

        ``proven``: ms that it is later than, by the site's clock; what begins before cannot be dated yet.
        """
        self._intake = intake
        self._collector = collector
        self._clock = clock
        self._noted = noted_until
        self._said_at = 0  # ms, when the journal was told that it lies in the future
        self._proven = proven
        self._undated: dict[int, CoverageNote] = {}  # the newest of each room; until our clock is right
        self._behind: set[int] = set()  # rooms whose newest note began long before it was noted
        self._rooms: dict[int, RoomConnection] = {}
        self._began: dict[int, int] = {}  # room -> ms, of its newest span
        self._unshown: set[int] = set()
        self._down: set[int] = set()  # rooms of the run before of which nobody has said anything since

    def went_down(self, room_id: int, at: int) -> None:
        """With the run before it, which watched it until then (ms). Whether it is wanted still is unknown."""
        self._tell(room_id, NOT_RUNNING, at, by_our_clock=False)
        self.show(room_id, NOT_RUNNING, since=at)
        self._down.add(room_id)

    @property
    def down(self) -> frozenset[int]:
        """Rooms that went down with the run before, and are neither opened nor closed since."""
        return frozenset(self._down)

    def open(self, room_id: int, down_since: int, note: CoverageNote, wanted_at: int) -> None:
        """The room is known to exist, and was as ``note`` says since ``wanted_at`` (ms).

        ``down_since`` (ms): nobody watched it from then until ``wanted_at``; 0 = it is new.
        """
        if down_since and room_id not in self._down:
            self._note(room_id, NOT_RUNNING, down_since)
        self._down.discard(room_id)
        self.show(room_id, note, since=self._note(room_id, note, wanted_at))

    def change(self, room_id: int, note: CoverageNote, at: int, retry_at: int = 0) -> None:
        """From ``at`` (ms) on. A change is journaled once, whatever repeats it."""
        self._down.discard(room_id)
        known = self._rooms.get(room_id)
        if known is None or (known.state, known.cause) != (note.state, note.cause):
            at = self._note(room_id, note, at)
        self.show(room_id, note, retry_at, since=at)

    def lose(self, room_id: int, note: CoverageNote, sure_until: int, retry_at: int = 0) -> None:
        """A connection ended; what was sent until ``sure_until`` (ms) has arrived."""
        at = self._clock() if self.is_blind(room_id) else sure_until
        self.change(room_id, note, at, retry_at)

    def miss(self, room_id: int, note: CoverageNote, since: int, until: int) -> None:
        """Found out late: from ``since`` to ``until`` (ms) it was as ``note`` says, and then as it is now.

        What was noted to have begun meanwhile began too early: so this may lie before the newest span.
        """
        known = self._rooms.get(room_id)
        if known is None or known.state == BLIND:
            return
        now_again = CoverageNote(known.state, known.cause, known.detail)
        for at, said in ((since, note), (until, now_again)):
            self._tell(room_id, said, at)
        self._rooms[room_id] = msgspec.structs.replace(known, since=until)
        self._unshown.add(room_id)

    def is_blind(self, room_id: int) -> bool:
        known = self._rooms.get(room_id)
        return known is None or known.state == BLIND

    def restate(self) -> None:
        """Our clock was set back: rooms whose newest span lies in the future now are said anew."""
        now = self._clock()
        self._say_again([room_id for room_id in self._rooms if self._began.get(room_id, 0) > now])

    def confirm(self) -> None:
        """Rooms that are connected are said to be so: a note of them may be lost."""
        self._say_again([room_id for room_id in self._rooms if not self.is_blind(room_id)])

    def catch_up(self) -> None:
        """Say anew what a clock said that was behind, once it is not: else that would be all there is.

        While notes are numbered beyond our clock the journal is told by how far: the next run has to go on.
        """
        now = self._clock()
        if self._undated and now >= self._proven:
            undated, self._undated = self._undated, {}
            for room_id, note in undated.items():
                self._note(room_id, note, now)
        if self._behind and now >= self._noted:
            self._say_again(self._behind & self._rooms.keys())
            self._behind.clear()
        if self._noted > now and abs(now - self._said_at) >= _REPEAT:
            self._said_at = now
            self._intake.numbered_until(self._noted)

    def _say_again(self, room_ids: Iterable[int]) -> None:
        now = self._clock()
        for room_id in room_ids:
            room = self._rooms[room_id]
            self._note(room_id, CoverageNote(room.state, room.cause, room.detail), now)

    def show(self, room_id: int, note: CoverageNote, retry_at: int = 0, since: int = 0) -> None:
        """For the pages alone; ``since`` in ms, 0 = now."""
        known = self._rooms.get(room_id)
        if known is not None and (known.state, known.cause) == (note.state, note.cause):
            since = known.since
        since = since or self._clock()
        self._rooms[room_id] = RoomConnection(
            note.state, note.cause, note.detail, since, retry_at, self._collector, _blind(known, note, since)
        )
        self._unshown.add(room_id)

    def remark(self, room_id: int, detail: str, retry_at: int) -> None:
        """For the pages alone, beside a state that stays as it is."""
        if known := self._rooms.get(room_id):
            self.show(room_id, CoverageNote(known.state, known.cause, detail), retry_at)

    def close(self, room_id: int, cause: str, sure_until: int) -> None:
        """Nobody watches the room from now on; what was sent until ``sure_until`` (ms) has arrived."""
        self.lose(room_id, CoverageNote(BLIND, cause, ""), sure_until)

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

    def _note(self, room_id: int, note: CoverageNote, at: int) -> int:
        """Since when it holds: never before the span before it, unless that one lies in the future."""
        now, began = self._clock(), self._began.get(room_id, 0)
        at = max(at, began) if began <= now else at
        self._tell(room_id, note, at)
        return at

    def _tell(self, room_id: int, note: CoverageNote, at: int, *, by_our_clock: bool = True) -> None:
        now = self._clock()
        if by_our_clock and now < self._proven:
            self._undated[room_id] = note
            return
        (self._behind.add if now + _LATE < self._noted else self._behind.discard)(room_id)
        self._undated.pop(room_id, None)
        self._began[room_id] = at
        self._noted = max(self._noted + 1, now)
        self._intake.coverage(room_id, at, msgspec.structs.replace(note, noted=self._noted))


def _blind(known: RoomConnection | None, note: CoverageNote, since: int) -> int:
    """Since when (ms) it is blind without being meant to be: causes may take turns. 0 = it is not."""
    if note.state != BLIND or note.cause == NOT_LIVE.cause:
        return 0
    return known.blind_since if known is not None and known.blind_since else since
