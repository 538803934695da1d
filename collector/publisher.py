"""From the journal to the event log, without a gap.

While all is well, what was decoded goes on from memory (*live*). After a start, an outage of Redis, a
hole that the sync stands before, or when memory runs full, the journal is read again from the position
to publish next (*catching up*). Both ways lead through ``_append``, and only it moves the position.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator

from bilibili_live.events import Decoded, Tally
from collector.damage import Damage
from collector.gathering import Gathering
from collector.records import decode_record
from collector.settings import (
    BATCH_EVENTS,
    BATCH_SECONDS,
    EMPTY_RANGE_SECONDS,
    PROBE_SECONDS,
    WAITING_BATCHES,
)
from event_store.bounds import LogIsLong
from event_store.codec import Batch
from event_store.connect import RedisFailure, trouble
from event_store.cursor import stream_key
from event_store.rooms import CommittedPosition
from event_store.writer import LogWriter
from journal.errors import JournalUnreadable
from journal.reader import read
from journal.writer import JournalWriter

log = logging.getLogger(__name__)

_BATCH_BYTES = 1 << 20  # of journal, when it is read again
_FIRST_RETRY = 0.2  # s
_LAST_RETRY = 5.0
PART_LOST = "journal parts lost"  #: as it is counted, whatever the part's size
_SLOW = "Redis is slower than the rooms"


class Publisher:
    """One collector's way into the log. ``take`` and ``heed`` do not wait; ``run`` does the work."""

    def __init__(self, journal: JournalWriter, writer: LogWriter) -> None:
        self.position = 0  #: behind the last byte of journal whose events are in the log
        self.problem = ""  #: one line while Redis is away, full, or slow, or the sync far behind
        self.lost_to = 0  #: journal position behind the last part that was gone before the log had it
        self._journal = journal
        self._writer = writer
        self._gathering = Gathering(journal.name)
        self._waiting: deque[Batch] = deque()
        self._sealed_to = 0  # journal position behind the newest waiting batch
        self._live = False
        self._appended_at = 0.0  # monotonic s
        self._wake = asyncio.Event()
        self._resume_at: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._rewinds = 0
        self._dark: dict[int, dict[int, int]] = {}  # journal position -> as Damage has it there
        self._caught_up_from = ""  # stream id of the first entry since the last rewind; "" = none yet

    def take(self, room_id: int, decoded: Decoded) -> None:
        """What the newest journal record held. Call it in the same step as the journal's append."""
        if not self._live:
            return  # it will be read from the journal
        self._gathering.add(room_id, decoded)
        if len(self._gathering) >= BATCH_EVENTS:
            self._seal()
        self._wake.set()

    def read_again(self) -> None:
        """Records were journaled that nobody took: go on from the journal."""
        self._leave_live()

    @property
    def held(self) -> int:
        """Events in memory: gathered, or waiting for the log."""
        return len(self._gathering) + sum(len(batch.events) for batch in self._waiting)

    @property
    def knows_its_place(self) -> bool:
        """SQL has spoken. Nothing may be journaled before: it could take the place of lost bytes."""
        return self._resume_at.done()

    def heed(self, committed: CommittedPosition) -> None:
        """SQL's word: start where it stands, and go back to it when it stands before a hole.

        Raises JournalError when the journal lost its end, and the disk has no place to go on behind it.
        """
        if not self._resume_at.done():
            lost = committed.position - self._journal.position
            self._journal.skip_to(committed.position)
            if lost > 0:
                log.error("the journal lost %d bytes", lost)
            self._resume_at.set_result(committed.position)
            return
        hole, since = committed.hole_stream_id, self._caught_up_from
        if hole and since and stream_key(hole) >= stream_key(since):
            log.warning("the log lost entries: publishing again from journal byte %d", committed.position)
            self._rewind(committed.position)

    async def run(self) -> None:
        """For ever."""
        self._rewind(await self._resume_at)
        retry = _FIRST_RETRY
        while True:
            try:
                await self._catch_up()
                self._trouble_is_over()
                retry = _FIRST_RETRY
                await self._publish_live()
            except JournalUnreadable as error:
                self._in_trouble(str(error))
                await asyncio.sleep(_LAST_RETRY)
            except (LogIsLong, *RedisFailure) as error:
                is_behind = isinstance(error, LogIsLong)
                self._in_trouble(f"the sync is behind: {error}" if is_behind else trouble(error))
                await asyncio.sleep(retry)
                retry = min(_LAST_RETRY, retry * 2)

    async def drain(self) -> None:
        """Wait until all that is journaled is in the log; the caller bounds the time."""
        while self.position < self._journal.position:
            self._seal()
            self._wake.set()
            await asyncio.sleep(BATCH_SECONDS)

    def _rewind(self, position: int) -> None:
        self._rewinds += 1
        self.position = position
        self._caught_up_from = ""
        self._leave_live()

    def _leave_live(self) -> None:
        self._live = False
        self._gathering.clear()
        self._waiting.clear()
        self._wake.set()

    def _in_trouble(self, problem: str) -> None:
        if not self.problem:
            log.warning("%s; frames are journaled and will be published later", problem)
        self.problem = problem
        self._leave_live()

    def _trouble_is_over(self) -> None:
        if self.problem:
            log.info("publishing again")
        self.problem = ""

    async def _append(self, batch: Batch) -> None:
        rewinds = self._rewinds
        appended = await self._writer.append(batch)
        self._appended_at = asyncio.get_running_loop().time()
        if self.problem != _SLOW:  # that one lasts until the journal's end is reached
            self._trouble_is_over()
        if rewinds == self._rewinds:  # else the position was set back while this was under way
            self.position = batch.header.journal_to
            self._caught_up_from = self._caught_up_from or appended.stream_id

    def _idle_seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._appended_at

    def _seal(self, *, probe: bool = False) -> None:
        """Close the gathering into a waiting batch that reaches to the journal's end.

        A ``probe`` is made even of nothing: it shows the sync where this collector stands, which is how
        a log that lost entries is noticed while the rooms are quiet.
        """
        if not self._live or (self._sealed_to == self._journal.position and not probe):
            return
        if len(self._waiting) >= WAITING_BATCHES:
            self._in_trouble(_SLOW)
            return
        self._waiting.append(self._gathering.cut(self._sealed_to, self._journal.position))
        self._sealed_to = self._journal.position

    async def _publish_live(self) -> None:
        """Until something makes it necessary to read the journal again."""
        while self._live:
            await self._wait_for_batch()
            while self._waiting:
                # It stays in the queue until it is in the log: drain() and limits count it.
                await self._append(self._waiting[0])
                if self._waiting:
                    self._waiting.popleft()

    async def _wait_for_batch(self) -> None:
        """A full batch at once, a part of one after BATCH_SECONDS, a range without events now and then."""
        try:
            await asyncio.wait_for(self._wake.wait(), EMPTY_RANGE_SECONDS)
        except TimeoutError:
            self._seal(probe=self._idle_seconds() >= PROBE_SECONDS)
            return
        self._wake.clear()
        if not self._waiting:
            await asyncio.sleep(BATCH_SECONDS)
            self._seal()

    async def _catch_up(self) -> None:
        """Publish from the journal until its end is reached; at least one entry, as a probe."""
        while True:
            rewinds = self._rewinds
            stop = self._journal.position
            is_last = stop - self.position <= _BATCH_BYTES
            if is_last:  # what arrives from here on is gathered, and published behind the rest
                self._live, self._sealed_to = True, stop
            seam = await self._writer.cached_to(self._journal.name)
            for batch in self._journal_batches(self.position, stop, seam):
                await self._append(batch)
                if rewinds != self._rewinds:
                    break
            if is_last and rewinds == self._rewinds:
                return

    def _journal_batches(self, start: int, stop: int, seam: int) -> Iterator[Batch]:
        """One of them ends at the ``seam``: behind it the live cache has seen nothing."""
        gathering = Gathering(self._journal.name)
        damage = Damage(self._journal.folder, start, self._dark.get(start))
        begun = position = start
        for item in read(self._journal.folder, start, stop):
            if item.record is None:
                log.error("journal bytes %d to %d are lost", position, item.position)
                self.lost_to = max(self.lost_to, item.position)
                gathering.add(0, Decoded(tally=Tally(undecodable={PART_LOST: 1})))
                for room_id, said in damage.lost():
                    gathering.add(room_id, said)
            else:
                if said_again := damage.pass_by(item.record):
                    gathering.add(item.record.room_id, said_again)
                gathering.add(item.record.room_id, decode_record(item.record))
            position = item.position
            is_full = len(gathering) >= BATCH_EVENTS or position - begun >= _BATCH_BYTES
            if is_full or begun < seam <= position:
                self._keep_dark(position, damage)
                yield gathering.cut(begun, position)
                begun = position
        self._keep_dark(stop, damage)
        yield gathering.cut(begun, stop)

    def _keep_dark(self, position: int, damage: Damage) -> None:
        """For whoever reads on from there: a batch may be refused, and the ones before it are in the log."""
        self._dark = {at: dark for at, dark in self._dark.items() if at >= self.position}
        if dark := damage.dark:
            self._dark[position] = dark
