"""Our clock: by how much it was set while we ran, and how far it is from the site's. Both are journaled."""

import asyncio
import logging
import time
from collections.abc import Callable

from bilibili_live.site_clock import SiteClock
from collector.coverage import CoverageBook
from collector.intake import Intake, now_ms
from collector.publisher import Publisher
from collector.records import OFFSET, STEP, ClockNote

log = logging.getLogger(__name__)

_TICK = 1.0  # s
_STEP = 2_000  #: ms between two ticks that no slow loop explains: both clocks are read together
_CHANGE = 1_000  #: ms by which the offset has to differ to be worth a word
_REPEAT = 3600_000  #: ms after which an offset is said again


class Clocks:
    """Watches two clocks of ours and one of the site."""

    def __init__(
        self,
        site_clock: SiteClock,
        intake: Intake,
        publisher: Publisher,
        book: CoverageBook,
        name: str,
        *,
        last_sign: int = 0,
        wall: Callable[[], int] = now_ms,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``last_sign``: ms of the newest record of the run before; 0 = there was none."""
        self._site_clock = site_clock
        self._intake = intake
        self._publisher = publisher
        self._book = book
        self._name = name
        self._wall = wall
        self._monotonic = monotonic
        self._lead = self._read_lead()
        self._unsaid: list[tuple[int, ClockNote]] = []
        self._said: tuple[int, int] | None = None  # (when, offset), in ms
        if last_sign - wall() > _STEP:  # set back while nobody ran; by so much at least
            self._add(ClockNote(self._name, STEP, wall() - last_sign))

    async def run(self) -> None:
        """For ever."""
        while True:
            self._intake.attention.at(self._wall())
            if self._publisher.knows_its_place:
                self.look()
            await asyncio.sleep(_TICK)

    def look(self) -> None:
        """One tick. What the disk refuses waits with all else that it does."""
        self._look_at_ours()
        self._look_at_theirs()
        self._book.catch_up()
        unsaid, self._unsaid = self._unsaid, []
        for at, note in unsaid:
            self._intake.clock(at, note)

    def _read_lead(self) -> int:
        return self._wall() - round(self._monotonic() * 1000)

    def _look_at_ours(self) -> None:
        lead = self._read_lead()
        step, self._lead = lead - self._lead, lead
        if abs(step) <= _STEP:
            return
        log.warning("our clock was set by %.1f s, or the machine slept", step / 1000)
        self._site_clock.reset()
        self._said = None
        self._add(ClockNote(self._name, STEP, step))
        if step < 0:
            self._book.restate()

    def _look_at_theirs(self) -> None:
        offset, now = self._site_clock.offset, self._wall()
        if offset is None:
            return
        if self._said is not None:
            at, known = self._said
            is_same = offset.low - _CHANGE <= known <= offset.high + _CHANGE
            if is_same and now - at < _REPEAT:
                return
        self._said = now, offset.middle
        self._add(ClockNote(self._name, OFFSET, offset.middle, (offset.high - offset.low + 1) // 2))

    def _add(self, note: ClockNote) -> None:
        self._unsaid.append((self._wall(), note))
