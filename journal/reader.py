"""Read records from a position on. Damage costs the record that has it, and is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from journal.record import HEAD_SIZE, MAGIC, DamagedRecord, Record, body_length, decode, next_record
from journal.segments import Segment, segments


class Read(NamedTuple):
    """A record, or None for bytes that are none any more, and the position behind it."""

    record: Record | None
    position: int


def first_position(folder: Path) -> int:
    """Where the oldest record is that is still kept."""
    found = segments(folder)
    return found[0].base if found else 0


def read(folder: Path, start: int, stop: int) -> Iterator[Read]:
    """What lies in [start, stop); both are positions between records.

    Bytes that retention or damage took yield ``Read(None, position behind them)``.
    """
    position = start
    for segment in segments(folder):
        if segment.end <= position:
            continue
        if segment.base >= stop:
            break
        if segment.base > position:
            position = segment.base
            yield Read(None, position)
        for item in read_segment(segment, position, stop):
            yield item
            position = item.position
    if position < stop:
        yield Read(None, stop)


def read_segment(segment: Segment, start: int, stop: int | None = None) -> Iterator[Read]:
    """From the position ``start`` to ``stop``, or to the segment's end."""
    end = segment.end if stop is None else min(segment.end, stop)
    with segment.path.open("rb", buffering=1 << 20) as file:
        position = start
        while position < end:
            file.seek(len(MAGIC) + position - segment.base)
            item = _next(file, position, end)
            yield item
            position = item.position


def _next(file: BinaryIO, position: int, end: int) -> Read:
    begin = file.tell()
    head = file.read(HEAD_SIZE)
    try:
        behind = position + HEAD_SIZE + body_length(head)
        if behind <= end:
            return Read(decode(head, file.read(behind - position - HEAD_SIZE)), behind)
    except DamagedRecord:
        pass
    file.seek(begin)
    return Read(None, position + next_record(file.read(end - position)))
