"""The journals: what lies on this disk, and how much of each SQL has."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from journal import segments as files
from journal.reader import intact_records
from journal.segments import Segment
from live_data import instants
from live_data.models import JournalPosition

_MOST = 20


@dataclass(frozen=True, slots=True)
class Files:
    """A journal on this disk."""

    segments: int
    size: int  #: bytes
    first: int  #: position of the oldest byte kept
    end: int  #: position behind the newest one
    oldest: datetime | None  #: when the oldest record was received


@dataclass(frozen=True, slots=True)
class Journal:
    """A collector's journal, as SQL and this disk know it."""

    collector: str
    committed: int  #: position that SQL has reached without a hole
    hole_from: int | None  #: where the log goes on behind what it lacks
    files: Files | None  #: None: it lies elsewhere

    @property
    def unsynced(self) -> int | None:
        """Bytes on this disk that SQL has not reached; None = unknown."""
        return max(0, self.files.end - self.committed) if self.files else None


def look(folder: Path) -> tuple[list[Journal], int]:
    """The journals, this folder's first, and how many more there are. Raises OSError, DatabaseError."""
    name, lying = files.journal_name(folder), _files(files.segments(folder))
    others = JournalPosition.objects.exclude(collector=name)
    own = JournalPosition.objects.filter(collector=name).first()
    if own is None and lying is not None:
        own = JournalPosition(collector=name, position=0)
    journals = [_journal(own, lying)] if own else []
    journals += [_journal(row, None) for row in others.order_by("-pk")[: _MOST - 1]]
    return journals, max(0, others.count() - _MOST + 1)


def _journal(row: JournalPosition, lying: Files | None) -> Journal:
    return Journal(row.collector, row.position, row.hole_from, lying)


def _files(segments: list[Segment]) -> Files | None:
    if not segments:
        return None
    ends = [segment.end for segment in segments]
    size = sum(end - segment.base for end, segment in zip(ends, segments, strict=True))
    return Files(len(segments), size, segments[0].base, ends[-1], _oldest(segments[0]))


def _oldest(segment: Segment) -> datetime | None:
    try:
        first = next(intact_records(segment, segment.base), None)
        return instants.moment(first.record.received_at) if first else None
    except OverflowError:
        return None
