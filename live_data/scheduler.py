"""The Monitor Scheduler: tells collectors what to watch and how far SQL is, syncs, trims. For ever.

One turn at a time, each of them short; the loop around them is where nothing may end the sync.
"""

import contextlib
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from event_store import bounds, connect, reader, rooms
from event_store.cursor import LogCursor, stream_key
from event_store.rooms import CommittedPosition, DesiredRooms, SyncLife
from live_data import sync, tasks
from live_data.instants import epoch_ms
from live_data.models import JournalPosition, months
from live_data.redis_access import Client, RedisRefused, RedisUnavailable, opened
from live_data.search import filling
from live_data.sessions import figures, settling
from live_data.storing import run_log
from live_data.sync import Step

log = logging.getLogger(__name__)

BEAT = 1.0  #: s between two publications at most, whatever the interval of the sync
WORK = 1.0  #: s of one turn's steps, and a step: a backlog must not keep collectors without news
SETTLE = 0.2  #: s of one turn for sessions: they may be late, the sync may not
_FILL = 0.3  # s of one turn for the indexes of search
_LEASE = 5.0  # s; a killed scheduler is missed no longer
_FIRST_PAUSE = 0.5  # s
_LAST_PAUSE = 5.0


def publish(client: Client, now: datetime) -> None:
    """SQL's word: the rooms, and the position of each collector seen. Raises what redis raises."""
    tasks.note_unreadable_lists()
    tasks.replace_short_ids()
    wanted = tasks.desired_rooms()
    rooms.publish_desired(client, DesiredRooms(epoch_ms(now), wanted, tasks.only_while_live(wanted)))
    known = {
        row.collector: CommittedPosition(row.position, row.hole_stream_id)
        for row in JournalPosition.objects.all()
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


def drain(client: Client, stop: Callable[[], bool]) -> Step:
    """Steps until nothing waits, something is wrong, or it is to stop; the last step. One at least."""
    while True:
        step = sync.step(client)
        if not step.lost_race and (step.is_drained or step.problem):
            return step
        if stop():
            return step


@dataclass
class Scheduler:
    """``run()`` until ``stop`` is set. ``say`` gets a line when trouble begins and when it is over."""

    interval: float  #: s between two syncs
    stop: threading.Event
    say: Callable[[str], None]
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")
    _due: float = 0.0  # by time.monotonic(): the clock on the wall may be set back
    _is_drained: bool = True
    _month: tuple[int, int] = (0, 0)  # the last one that was made with its next
    _problem: str = ""
    _pause: float = _FIRST_PAUSE

    def run(self) -> None:
        while not self.stop.is_set():
            self.stop.wait(self.safe_turn())
        self._leave()

    def safe_turn(self) -> float:
        """One turn, whatever happens in it; seconds until the next one."""
        try:
            problem = self.turn()
        except RedisUnavailable as away:
            problem = str(away)
        except RedisRefused as refused:
            problem = f"Redis refuses ({refused}); what it holds is stored all the same."
        except DatabaseError as error:
            problem = f"The database cannot be used: {error}; nothing is lost, it is tried again."
            if isinstance(error, OperationalError | InterfaceError):
                connections.close_all()
        except Exception as error:  # the sync loop: nothing may end it
            log.exception("the sync failed")
            problem = f"The sync failed ({type(error).__name__}: {error}); see the log. It is tried again."
        pause = self._in_trouble(problem) if problem else self._at_rest()
        return pause if self._is_drained else 0.0

    def turn(self) -> str:
        """Steps for about a second when it is time, then what others are told. What is wrong, or "".

        Reading and trimming come first: a Redis without memory refuses all else until it is trimmed.
        """
        self._is_drained = True
        with opened() as client:
            now = datetime.now(UTC)
            try:
                step = self._synced(client) if time.monotonic() >= self._due else None
            except DatabaseError:
                with contextlib.suppress(RedisRefused):
                    publish(client, now)  # what can be read is told: collectors wait for it
                raise
            if step is None:
                publish(client, now)
                return ""
            trim(client, step.cursor, now)
            publish(client, now)
            at = datetime.now(UTC)
            life = SyncLife(
                epoch_ms(at), _behind(step, at), step.problem, self.interval, cursor=str(step.cursor)
            )
            rooms.show_sync(client, life)
            settling.settle_marked(SETTLE)
            if self._is_drained:
                figures.keep_due(SETTLE)
            if self._is_drained and not step.problem:
                self._fill_search()
            return step.problem

    def _fill_search(self) -> None:
        """With new names, and what was stored before there was an index, while nothing else waits."""
        ends = time.monotonic() + _FILL
        while filling.fill() is not None and time.monotonic() < ends and not self.stop.is_set():
            pass

    def _synced(self, client: Client) -> Step | None:
        """None: another one syncs."""
        if not self._renew(client):
            return None
        self._make_months(datetime.now(UTC))
        ends = time.monotonic() + WORK
        step = drain(client, lambda: self.stop.is_set() or time.monotonic() > ends)
        self._is_drained = step.is_drained or bool(step.problem)
        if self._is_drained and not step.problem:
            self._due = time.monotonic() + self.interval
        return step

    def _make_months(self, now: datetime) -> None:
        if (now.year, now.month) != self._month:
            months.make_ahead(now)
            self._month = (now.year, now.month)

    def _renew(self, client: Client) -> bool:
        try:
            return reader.take_lease(client, self.owner, _LEASE)
        except connect.RedisAway:
            raise
        except RedisRefused:
            return True  # nothing can be written: the cursor in SQL decides anyway

    def _at_rest(self) -> float:
        if self._problem:
            self._tell("The sync goes on.")
        self._problem, self._pause = "", _FIRST_PAUSE
        return min(BEAT, self.interval)

    def _in_trouble(self, problem: str) -> float:
        line = " ".join(problem.split())
        if line != self._problem:
            self._tell(line)
        self._show(line)
        if line != self._problem:
            self._record(line)  # last: a locked database lets it wait
        self._problem = line
        pause, self._pause = self._pause, min(_LAST_PAUSE, self._pause * 2)
        return pause

    def _tell(self, line: str) -> None:
        log.warning("%s", line)
        self.say(line)

    def _record(self, line: str) -> None:
        try:
            run_log.failure(datetime.now(UTC), line)
        except DatabaseError as error:
            log.warning("the failure could not be recorded: %s", error)

    def _show(self, line: str) -> None:
        """To the pages, if Redis takes it."""
        try:
            with opened() as client:
                rooms.show_sync(client, SyncLife(epoch_ms(datetime.now(UTC)), 0, line, self.interval))
        except (RedisUnavailable, RedisRefused) as error:
            log.debug("nobody can be told: %s", error)

    def _leave(self) -> None:
        try:
            with opened() as client:
                reader.give_lease_back(client, self.owner)
        except (RedisUnavailable, RedisRefused) as error:
            log.debug("the lease ends by itself: %s", error)


def _behind(step: Step, now: datetime) -> int:
    """ms; entries are named by the time of their appending."""
    if step.is_drained and not step.problem:
        return 0
    return max(0, epoch_ms(now) - stream_key(step.cursor.stream_id)[0])
