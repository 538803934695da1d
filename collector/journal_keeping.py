"""The journal between its frames: flushed, tidied, measured. Knows no Redis."""

import asyncio
import logging
import shutil

from collector.backlog import Backlog
from collector.intake import Intake
from event_store.rooms import JournalStorage
from journal.forecast import NEVER, Pace, Sample, full_in
from journal.retention import Limits
from journal.writer import JournalWriter

log = logging.getLogger(__name__)

_LOOK_TICKS = 10


class JournalKeeping:
    """One tick a second."""

    def __init__(self, journal: JournalWriter, backlog: Backlog, intake: Intake, limits: Limits) -> None:
        self._journal = journal
        self._backlog = backlog
        self._intake = intake
        self._limits = limits
        self._pace = Pace()
        self._until_look = 0  # ticks
        self._problem = ""
        self._storage = JournalStorage()

    @property
    def problem(self) -> str:
        """One line, while the journal is in trouble."""
        return self._backlog.problem or self._problem

    async def tick(self, committed: int | None) -> None:
        """``committed``: position that SQL has reached; None = it has not said it yet."""
        await self._intake.write_out()
        try:
            await asyncio.to_thread(self._journal.flush_to_disk)
            if committed is not None:
                self._look_when_due(committed)
            self._problem = ""
        except OSError as error:
            if not self._problem:
                log.error("the journal is in trouble: %s", error)
            self._problem = f"the journal is in trouble: {error}"

    def storage(self) -> JournalStorage:
        """How full it is, as of the last look; what waits in memory as of now."""
        self._storage.waiting, self._storage.waiting_since = len(self._backlog), self._backlog.since
        if self._storage.waiting:
            self._storage.full_in = 0.0
        return self._storage

    def _look_when_due(self, committed: int) -> None:
        """Raises OSError."""
        self._until_look -= 1
        if self._until_look <= 0:
            self._look(committed)
            self._until_look = _LOOK_TICKS

    def _look(self, committed: int) -> None:
        """Raises OSError."""
        position = self._journal.position
        self._pace.add(Sample(asyncio.get_running_loop().time(), position, committed))
        growth = self._pace.growth
        free = shutil.disk_usage(self._journal.folder).free
        size, is_over = self._tidied(committed)
        lasts = NEVER
        if growth is not None:
            lasts = full_in(growth, size=size, free=free, limits=self._limits)
        self._storage = JournalStorage(
            size=size,
            limit=self._limits.size,
            rate=growth.written if growth else NEVER,
            full_in=lasts,
            is_over=is_over,
        )

    def _tidied(self, committed: int) -> tuple[int, bool]:
        """The bytes that stay, and whether they are more than is to be kept."""
        verdict = self._journal.tidy(committed, self._limits)
        if verdict.drop:
            log.info("dropped %d journal segments that are in SQL and past their time or size", verdict.drop)
        if verdict.is_over and not self._storage.is_over:
            log.warning("the journal is larger than JOURNAL_MAX_GIB, and SQL lacks its oldest segment")
        return verdict.size, verdict.is_over
