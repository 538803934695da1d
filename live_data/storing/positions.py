"""How far each collector's journal is in SQL without a hole; committed with the rows.

Each partition's sync keeps its own: all of them read every entry.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from event_store.cursor import stream_key
from live_data.instants import moment
from live_data.models import JournalPosition, SyncCursor


@dataclass(frozen=True, slots=True)
class Range:
    """The bytes [start, end) of a collector's journal that one log entry covers."""

    collector: str
    start: int
    end: int
    stream_id: str
    is_damaged: bool = False  #: its events are unreadable; the journal still has them


@dataclass(frozen=True, slots=True)
class Committed:
    """How much of one collector's journal is in SQL whole, whatever rooms it speaks of."""

    collector: str
    position: int  #: bytes since its beginning
    hole_from: int | None  #: where the log goes on behind what it lacks; None = it lacks nothing
    hole_stream_id: str
    heard_at: datetime | None


def committed(collectors: Iterable[str] | None = None) -> dict[str, Committed]:
    """By collector, of these or of all, in the order in which they were first heard of."""
    rows = JournalPosition.objects.order_by("pk")
    if collectors is not None:
        rows = rows.filter(collector__in=list(collectors))
    count = SyncCursor.objects.values_list("partitions", flat=True).first() or 1
    by_collector: dict[str, list[JournalPosition]] = defaultdict(list)
    for row in rows:
        by_collector[row.collector].append(row)
    return {collector: _together(collector, some, count) for collector, some in by_collector.items()}


def _together(collector: str, rows: list[JournalPosition], count: int) -> Committed:
    holes = [row for row in rows if row.hole_from is not None]
    last = max(holes, key=lambda row: stream_key(row.hole_stream_id or "0-0"), default=None)
    return Committed(
        collector=collector,
        # One that has not heard of the collector yet has nothing of it.
        position=min(row.position for row in rows) if len(rows) >= count else 0,
        hole_from=last.hole_from if last else None,
        hole_stream_id=last.hole_stream_id if last else "",
        heard_at=min((row.heard_at for row in rows if row.heard_at), default=None),
    )


def divide(known: Iterable[Committed], count: int) -> None:
    """Among ``count`` partitions: each begins with what all of those before had.

    Holes are not kept: the next entry shows them again.
    """
    JournalPosition.objects.all().delete()
    JournalPosition.objects.bulk_create(
        JournalPosition(
            collector=each.collector, partition=number, position=each.position, heard_at=each.heard_at
        )
        for each in known
        for number in range(count)
    )


def heard_at(covered: Range) -> datetime:
    """By the log's clock."""
    return moment(stream_key(covered.stream_id)[0])


def advance(ranges: Iterable[Range], partition: int = 0) -> None:
    """In the order of the log. Beyond a hole nothing moves: the collector is to publish it again."""
    rows: dict[str, JournalPosition] = {}
    for covered in ranges:
        row = rows.get(covered.collector)
        if row is None:
            row, _ = JournalPosition.objects.get_or_create(collector=covered.collector, partition=partition)
            rows[covered.collector] = row
        _cover(row, covered)
        row.heard_at = heard_at(covered)
    for row in rows.values():
        row.save()


def _cover(row: JournalPosition, covered: Range) -> None:
    if covered.start > row.position:
        # The newest one: a collector goes back for a hole that it has not gone back for yet.
        row.hole_from, row.hole_stream_id = covered.start, covered.stream_id
        return
    if covered.is_damaged and covered.end > row.position and not _was_published_again(row, covered):
        row.damaged_at = row.position
        row.hole_from, row.hole_stream_id = covered.end, covered.stream_id
        return
    row.position = max(row.position, covered.end)
    if row.hole_from is not None and row.position >= row.hole_from:
        row.hole_from, row.hole_stream_id = None, ""


def _was_published_again(row: JournalPosition, covered: Range) -> bool:
    """What is damaged again when it was published anew would be so for ever: it is left behind.

    Not so the same entry in a log that is read again from its beginning.
    """
    return row.damaged_at == row.position and stream_key(covered.stream_id) > stream_key(row.hole_stream_id)
