"""From the event log to SQL in small steps, each one transaction: cursor, rows, rollups and counts.

There is nothing to acknowledge: whoever moves the cursor row from the value that was read has
stored what lay between, and whoever does not has stored nothing.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from django.db import transaction

from bilibili_live.events import Danmaku, Gift
from event_store import reader
from event_store.connect import Redis
from event_store.cursor import LogCursor
from event_store.partitions import Partition
from live_data.storing import (
    counts,
    dead_letters,
    exclusion,
    inserting,
    log_slice,
    new_journals,
    news,
    positions,
    refusals,
    run_log,
    sync_places,
    task_counts,
)
from live_data.storing.counts import Counts, Outcome
from live_data.storing.dead_letters import POISON
from live_data.storing.events import Arrival, Stored, store
from live_data.storing.log_slice import Piece

log = logging.getLogger(__name__)

#: `--data-type` -> the events of it.
KINDS: dict[str, type[Danmaku] | type[Gift]] = {"danmaku": Danmaku, "gifts": Gift}

Storing: TypeAlias = Callable[[Sequence[Arrival], datetime], Stored]


class LostRace(Exception):
    """Another sync moved the cursor meanwhile and has stored what was read here, or the rooms were divided
    anew."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did."""

    cursor: LogCursor  #: where it stands now
    entries: int = 0
    counts: Counts = field(default_factory=Counter)
    is_drained: bool = True  #: nothing waited behind what was read
    lost_race: bool = False  #: nothing was stored; read again
    problem: str = ""  #: why it cannot go on, in one line

    @property
    def received(self) -> int:
        return counts.total(self.counts, Outcome.RECEIVED)

    @property
    def rejected(self) -> int:
        return counts.total(self.counts, Outcome.REJECTED)


def step(
    client: Redis, now: datetime | None = None, partition: int = 0, events: int = log_slice.EVENTS
) -> Step:
    """Store the next piece of the log, as far as it is of the partition's rooms: nothing while there is no
    such partition. Raises what redis raises, and django.db.OperationalError.
    """
    now = now or datetime.now(UTC)
    place = sync_places.place(partition)
    if place is None:
        return Step(LogCursor(""))
    rooms, seen = place
    start = reader.start_of_reading(reader.log_state(client), seen)
    found = log_slice.read(client, start, rooms, events)
    if not found.pieces:
        return Step(seen, problem=found.problem)
    commits = _Commits(rooms, start.incarnation, now)
    try:
        total = commits.all(seen, found.pieces)
    except LostRace:
        return Step(seen, is_drained=False, lost_race=True)
    reached = LogCursor(start.incarnation, found.pieces[-1].stream_id)
    return Step(reached, len(found.pieces), total, found.is_last, problem=found.problem)


class _Commits:
    """Transactions of one step: one, unless something in it cannot be stored."""

    def __init__(self, partition: Partition, incarnation: str, now: datetime) -> None:
        self._partition = partition
        self._incarnation = incarnation
        self._now = now

    def all(self, seen: LogCursor, pieces: Sequence[Piece]) -> Counts:
        try:
            return self._commit(seen, pieces)
        except POISON:
            log.warning("looking for what cannot be stored", exc_info=True)
            return self._one_by_one(seen, pieces)

    def _one_by_one(self, seen: LogCursor, pieces: Sequence[Piece]) -> Counts:
        """Find what cannot be stored, and store the rest."""
        total: Counts = Counter()
        for piece in pieces:
            total.update(self._carefully(seen, piece))
            seen = LogCursor(self._incarnation, piece.stream_id)
        return total

    def _carefully(self, seen: LogCursor, piece: Piece) -> Counts:
        try:
            return self._commit(seen, [piece])
        except POISON:
            return self._commit(seen, [piece], _store_each)

    def _commit(self, seen: LogCursor, pieces: Sequence[Piece], storing: Storing = store) -> Counts:
        """All or nothing. Raises LostRace."""
        inserting.prepare_for_batches()
        with transaction.atomic():
            self._move_cursor(seen, pieces[-1].stream_id)
            stored, orphaned = Stored(), []
            for reign in new_journals.reigns(pieces, self._partition.number):
                # What no collector tells: that rooms were watched by one that is gone with its journal.
                blind = new_journals.blind(reign, self._partition.has, self._now)
                if blind:
                    stored.add(storing([Arrival(event, 0) for event in blind], self._now))
                    orphaned += blind
                arrivals = [arrival for piece in reign.pieces for arrival in piece.arrivals]
                stored.add(storing(arrivals, self._now))
            total = counts.merged([stored.counts])
            for piece in pieces:
                piece.add_counts(total)
            for event in orphaned:
                total[event.room_id, Outcome.RECEIVED.value, ""] += 1
            counts.write(total)
            news.write(heard for piece in pieces for heard in piece.news)
            covered = (each for piece in pieces for each in piece.covered)
            positions.advance(covered, self._partition.number)
            task_counts.add(stored, total, self._now)
            self._log_run(total, pieces)
        return total

    def _move_cursor(self, seen: LogCursor, stream_id: str) -> None:
        if not sync_places.move(self._partition, seen, LogCursor(self._incarnation, stream_id)):
            raise LostRace

    def _log_run(self, total: Counts, pieces: Sequence[Piece]) -> None:
        received, rejected = (counts.total(total, each) for each in (Outcome.RECEIVED, Outcome.REJECTED))
        run_log.add_to_hour(self._now, received, rejected)
        for piece in pieces:
            if piece.damage and self._partition.is_first:
                run_log.failure(self._now, piece.damage)


def _store_each(arrivals: Sequence[Arrival], now: datetime) -> Stored:
    """One event at a time; what cannot be stored is rejected instead, and kept as a dead letter."""
    total = Stored()
    for arrival in arrivals:
        try:
            with transaction.atomic():
                total.add(store([arrival], now))
        except POISON as error:
            room_id = counts.countable(arrival.event.room_id)
            reason = counts.NOT_STORABLE
            if refusals.is_erased(getattr(arrival.event, "uid", None)):
                reason = counts.ERASED
            else:
                dead_letters.bury(arrival.event, arrival.parser_version, error, now)
            total.counts[room_id, Outcome.REJECTED.value, reason] += 1
    return total


def sync_kind(client: Redis, data_type: str, now: datetime | None = None) -> tuple[Counts, str]:
    """Store the events of one kind from the cursor to the end of the log, and move no cursor.

    Returns what became of them, and in one line why the log cannot be read to its end, or "". The
    later whole sync counts them received and duplicate. Raises as step() does.
    """
    now = now or datetime.now(UTC)
    place = reader.start_of_reading(reader.log_state(client), sync_places.reached())
    total: Counts = Counter()
    while (found := log_slice.read(client, place)).pieces:
        arrivals = [
            arrival
            for piece in found.pieces
            for arrival in piece.arrivals
            if isinstance(arrival.event, KINDS[data_type])
        ]
        total.update(_store_kind(arrivals, now))
        if found.problem:
            break
        place = LogCursor(place.incarnation, found.pieces[-1].stream_id)
    return total, found.problem


def _store_kind(arrivals: Sequence[Arrival], now: datetime) -> Counts:
    try:
        return _commit_kind(arrivals, store, now)
    except POISON:
        log.warning("looking for what cannot be stored", exc_info=True)
        return _commit_kind(arrivals, _store_each, now)


def _commit_kind(arrivals: Sequence[Arrival], storing: Storing, now: datetime) -> Counts:
    with transaction.atomic():
        exclusion.lock_out_syncs()
        stored = storing(arrivals, now)
        total = counts.merged([stored.counts])
        for arrival in arrivals:
            total[counts.countable(arrival.event.room_id), Outcome.RECEIVED.value, ""] += 1
        counts.write(total)
        task_counts.add(stored, total, now)
    return total
