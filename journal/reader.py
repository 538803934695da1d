"""Read records from a position on. Damage costs the records that have it, and is told."""

import heapq
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from journal.errors import JournalUnreadable
from journal.record import MAGIC, Record
from journal.scan import Found, intact
from journal.segments import Segment, segments


class Read(NamedTuple):
    """A record, or None for bytes that are none any more, and the position behind it."""

    record: Record | None
    position: int


def first_position(folder: Path) -> int:
    """Where the oldest record is that is still kept. Raises JournalUnreadable."""
    found = segments(folder)
    return found[0].base if found else 0


def read(folder: Path, start: int, stop: int) -> Iterator[Read]:
    """What lies in [start, stop); both are positions between records.

    Bytes that retention or damage took yield ``Read(None, position behind them)``. Raises JournalUnreadable.
    """
    return read_segments(segments(folder), start, stop)


def read_segments(some: Iterable[Segment], start: int, stop: int) -> Iterator[Read]:
    """The same of these files alone, oldest first. Where they overlap, what is intact counts, once."""
    position = start
    for found in _merged(some, start, stop):
        if found.begin < position:
            continue
        if found.begin > position:
            yield Read(None, found.begin)
        position = found.end
        yield Read(found.record, position)
    if position < stop:
        yield Read(None, stop)


def intact_records(segment: Segment, start: int, stop: int | None = None) -> Iterator[Found]:
    """Of one file, with their positions; a file that was deleted has none. Raises JournalUnreadable."""
    end = segment.end if stop is None else min(segment.end, stop)
    offset = len(MAGIC) - segment.base
    try:
        with segment.path.open("rb", buffering=0) as file:
            yield from intact(file, max(start, segment.base), end, offset)
    except FileNotFoundError:
        return
    except OSError as error:
        raise JournalUnreadable(f"the journal cannot be read: {error}") from error


def _merged(some: Iterable[Segment], start: int, stop: int) -> Iterator[Found]:
    """In the order of their positions; no more files are open than overlap."""
    waiting = deque(segment for segment in some if segment.end > start and segment.base < stop)
    heads: list[tuple[int, int, Found, Iterator[Found]]] = []
    while waiting or heads:
        while waiting and (not heads or waiting[0].base <= heads[0][0]):
            segment = waiting.popleft()
            _push(heads, segment.base, intact_records(segment, start, stop))
        if not heads:
            continue
        _, base, found, others = heapq.heappop(heads)
        yield found
        if not heads:  # as usual: no other file reaches here, so that nothing need be compared
            until = waiting[0].base if waiting else stop
            others = yield from _before(until, others)
        _push(heads, base, others)


def _before(until: int, records: Iterator[Found]) -> Generator[Found, None, Iterator[Found]]:
    """Those that begin before; returns the others."""
    for found in records:
        if found.begin >= until:
            return chain([found], records)
        yield found
    return iter(())


def _push(heads: list[tuple[int, int, Found, Iterator[Found]]], base: int, records: Iterator[Found]) -> None:
    if found := next(records, None):
        heapq.heappush(heads, (found.begin, base, found, records))
