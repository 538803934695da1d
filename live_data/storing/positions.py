"""How far each collector's journal is in SQL without a hole; committed with the rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from event_store.cursor import stream_key
from live_data.instants import moment
from live_data.models import JournalPosition


@dataclass(frozen=True, slots=True)
class Range:
    """The bytes [start, end) of a collector's journal that one log entry covers."""

    collector: str
    start: int
    end: int
    stream_id: str
    is_damaged: bool = False  #: its events are unreadable; the journal still has them


def advance(ranges: Iterable[Range]) -> None:
    """In the order of the log. Beyond a hole nothing moves: the collector is to publish it again."""
    rows: dict[str, JournalPosition] = {}
    for covered in ranges:
        row = rows.get(covered.collector)
        if row is None:
            row, _ = JournalPosition.objects.get_or_create(collector=covered.collector)
            rows[covered.collector] = row
        _cover(row, covered)
        row.heard_at = moment(stream_key(covered.stream_id)[0])
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
