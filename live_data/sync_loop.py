"""The sync of one partition, turn by turn and for ever: nothing may end it."""

import gc
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import DatabaseError, InterfaceError, OperationalError, connections

from event_store import connect, reader, sync_lives
from event_store.cursor import stream_key
from event_store.sync_lives import SyncLife
from live_data import sync
from live_data.instants import epoch_ms
from live_data.models import months
from live_data.redis_access import Client, RedisRefused, RedisUnavailable, opened
from live_data.storing import run_log
from live_data.sync import Step

log = logging.getLogger(__name__)

BEAT = 1.0  #: s between two turns at most, whatever the interval of the sync
WORK = 1.0  #: s of one turn's steps, and a step: a backlog must not keep collectors without news
_LEASE = 5.0  # s; a killed sync is missed no longer
_FIRST_PAUSE = 0.5  # s
_LAST_PAUSE = 5.0
_THRESHOLDS = (200_000, 20, 20)  # of the three generations of objects


def collect_seldom() -> None:
    """For a process that does nothing but sync: a batch is a few hundred thousand objects, none of them in a
    circle, which the usual thresholds have looked through some hundred times before it is stored."""
    gc.set_threshold(*_THRESHOLDS)


def drain(client: Client, stop: Callable[[], bool], partition: int = 0) -> Step:
    """Steps until nothing waits, something is wrong, or it is to stop; the last step. One at least."""
    while True:
        step = sync.step(client, partition=partition)
        if not step.lost_race and (step.is_drained or step.problem):
            return step
        if stop():
            return step


@dataclass
class SyncLoop:
    """``run()`` until ``stop`` is set. ``say`` gets a line when trouble begins and when it is over."""

    interval: float  #: s between two syncs
    stop: threading.Event
    say: Callable[[str], None]
    partition: int = 0  #: whose rooms
    partitions: int = 1  #: how many there are to be
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
        """Steps for about a second when it is time. What is wrong, or ""."""
        self._is_drained = True
        with opened() as client:
            step = self._synced(client)
            if step is None:
                return ""
            self._show_step(client, step)
            return step.problem

    def _synced(self, client: Client) -> Step | None:
        """None: it is not time, or another one syncs."""
        if time.monotonic() < self._due or not self._renew(client):
            return None
        self._make_months(datetime.now(UTC))
        ends = time.monotonic() + WORK
        step = drain(client, lambda: self.stop.is_set() or time.monotonic() > ends, self.partition)
        self._is_drained = step.is_drained or bool(step.problem)
        if self._is_drained and not step.problem:
            self._due = time.monotonic() + self.interval
        return step

    def _show_step(self, client: Client, step: Step) -> None:
        at = datetime.now(UTC)
        life = self._life(at, step.problem)
        life.behind, life.cursor = _behind(step, at), str(step.cursor)
        sync_lives.show(client, life, self.partition)

    def _life(self, at: datetime, problem: str) -> SyncLife:
        return SyncLife(epoch_ms(at), 0, problem, self.interval, partitions=self.partitions)

    def _make_months(self, now: datetime) -> None:
        if (now.year, now.month) != self._month:
            months.make_ahead(now)
            self._month = (now.year, now.month)

    def _renew(self, client: Client) -> bool:
        try:
            return reader.take_lease(client, self.owner, _LEASE, self.partition)
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
        self._show_trouble(line)
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

    def _show_trouble(self, line: str) -> None:
        """To the pages, if Redis takes it."""
        try:
            with opened() as client:
                sync_lives.show(client, self._life(datetime.now(UTC), line), self.partition)
        except (RedisUnavailable, RedisRefused) as error:
            log.debug("nobody can be told: %s", error)

    def _leave(self) -> None:
        try:
            with opened() as client:
                reader.give_lease_back(client, self.owner, self.partition)
        except (RedisUnavailable, RedisRefused) as error:
            log.debug("the lease ends by itself: %s", error)


def _behind(step: Step, now: datetime) -> int:
    """ms; entries are named by the time of their appending."""
    if step.is_drained and not step.problem:
        return 0
    return max(0, epoch_ms(now) - stream_key(step.cursor.stream_id)[0])
