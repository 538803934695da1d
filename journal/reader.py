"""Read records from a position on. Damage costs the record that has it, and is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from journal.record import HEAD_SIZE, MAGIC, DamagedRecord, Record, body_length, decode
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
            yield Read(None, segment.base)
        for item in read_segment(segment, max(position, segment.base)):
            if item.position > stop:
                return
            yield item
            position = item.position
    if position < stop:
        yield Read(None, stop)


def read_segment(segment: Segment, start: int) -> Iterator[Read]:
    """From the position ``start`` to the segment's end."""
    end = segment.end
    with segment.path.open("rb", buffering=1 << 20) as file:
        file.seek(len(MAGIC) + start - segment.base)
        position = start
        while position < end:
            item = _next(file, position, end)
            yield item
            position = item.position


def _next(file: BinaryIO, position: int, end: int) -> Read:
    head = file.read(HEAD_SIZE)
    try:
        length = body_length(head) if len(head) == HEAD_SIZE else end
    except DamagedRecord:
        # Without a length nothing tells where the next record begins.
        return Read(None, end)
    behind = position + HEAD_SIZE + length
    if behind > end:
        return Read(None, end)
    try:
        return Read(decode(head, file.read(length)), behind)
    except DamagedRecord:
        return Read(None, behind)
