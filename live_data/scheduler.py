"""The Monitor Scheduler: the sync of the first partition, and what is done once for all rooms: collectors are
told what to watch and how far SQL is, the log is trimmed, sessions are settled, indexes filled, days summed.
"""

import contextlib
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError

from event_store import bounds, reader, rooms
from event_store.cursor import LogCursor
from event_store.rooms import CommittedPosition, DesiredRooms
from live_data import tasks
from live_data.instants import epoch_ms
from live_data.redis_access import Client, RedisRefused, opened
from live_data.search import filling
from live_data.sessions import figures, settling
from live_data.storing import closed_days, positions, sync_places
from live_data.sync_loop import SyncLoop

log = logging.getLogger(__name__)

SETTLE = 0.2  #: s of one turn for sessions: they may be late, the sync may not
_FILL = 0.3  # s of one turn for the indexes of search
_SUM = 0.2  # s of one turn for the days of people
_NOTHING_TO_SUM = 60.0  # s until it is looked for again


def publish(client: Client, now: datetime) -> None:
    """SQL's word: the rooms, and the position of each collector seen. Raises what redis raises."""
    tasks.note_unreadable_lists()
    tasks.replace_short_ids()
    wanted = tasks.desired_rooms()
    rooms.publish_desired(client, DesiredRooms(epoch_ms(now), wanted, tasks.only_while_live(wanted)))
    known = {
        name: CommittedPosition(each.position, each.hole_stream_id)
        for name, each in positions.committed().items()
    }
    alive = rooms.collectors(client)
    rooms.publish_positions(client, {name: known.get(name, CommittedPosition(0)) for name in alive})


def trim(client: Client, cursor: LogCursor, now: datetime) -> int:
    """Drop entries that are in SQL and old enough; how many. Raises what redis raises."""
    state = reader.log_state(client)
    if state.incarnation != cursor.incarnation or not state.length:
        return 0
    keep_from = epoch_ms(now) - settings.ENVIRONMENT.log_keep * 1000
    return reader.trim(client, cursor, keep_from, bounds.kept_bytes(bounds.memory(client)))


@dataclass
class Scheduler(SyncLoop):
    """One turn at a time, each of them short."""

    _is_divided: bool = False
    _sums_due: float = 0.0  # by time.monotonic()

    def turn(self) -> str:
        """Steps for about a second when it is time, then what others are told. What is wrong, or "".

        Reading and trimming come first: a Redis without memory refuses all else until it is trimmed.
        """
        self._is_drained = True
        with opened() as client:
            now = datetime.now(UTC)
            try:
                self._divide()
                step = self._synced(client)
            except DatabaseError:
                with contextlib.suppress(RedisRefused):
                    publish(client, now)  # what can be read is told: collectors wait for it
                raise
            if step is None:
                publish(client, now)
                return ""
            trim(client, sync_places.reached(), now)
            publish(client, now)
            self._show_step(client, step)
            settling.settle_marked(SETTLE)
            if self._is_drained:
                figures.keep_due(SETTLE)
            if self._is_drained and not step.problem:
                self._fill_search()
                self._sum_days(now)
            return step.problem

    def _divide(self) -> None:
        if not self._is_divided:
            sync_places.divide(self.partitions)
            self._is_divided = True

    def _fill_search(self) -> None:
        """With new names, and what was stored before there was an index, while nothing else waits."""
        ends = time.monotonic() + _FILL
        while filling.fill(waits=False) is not None and time.monotonic() < ends and not self.stop.is_set():
            pass

    def _sum_days(self, now: datetime) -> None:
        """Of people in rooms, as they end, and those of before there were sums."""
        ends = time.monotonic() + _SUM
        while self._sums_due <= time.monotonic() < ends and not self.stop.is_set():
            if not closed_days.sum_some(now):
                self._sums_due = time.monotonic() + _NOTHING_TO_SUM
