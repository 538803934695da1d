"""The journals: what lies on this disk, and how much of each SQL has."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from journal import segments as files
from journal.reader import intact_records
from journal.segments import Segment
from live_data import instants
from live_data.storing import positions
from live_data.storing.positions import Committed

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
    known = positions.committed()
    own = known.pop(name, None)
    journals: list[Journal] = []
    if own is not None:
        journals.append(_journal(own, lying))
    elif lying is not None:
        journals.append(Journal(name, 0, None, lying))
    newest = list(known.values())[::-1]
    journals += [_journal(each, None) for each in newest[: _MOST - 1]]
    return journals, max(0, len(newest) - _MOST + 1)


def _journal(row: Committed, lying: Files | None) -> Journal:
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
