"""The files of a journal: their names, their order, their sizes."""

from dataclasses import dataclass
from pathlib import Path

from journal.record import MAGIC

_SUFFIX = ".journal"


@dataclass(frozen=True, slots=True)
class Segment:
    """One file; ``base`` is the position of its first record."""

    base: int
    path: Path

    @property
    def end(self) -> int:
        """The position behind its last byte."""
        return self.base + max(0, self.path.stat().st_size - len(MAGIC))

    @property
    def last_written(self) -> float:
        """s since the epoch."""
        return self.path.stat().st_mtime


def segments(folder: Path) -> list[Segment]:
    """All segments, oldest first."""
    files = (path for path in folder.glob(f"*{_SUFFIX}") if path.stem.isdigit())
    return sorted((Segment(int(path.stem), path) for path in files), key=lambda segment: segment.base)


def new_segment(folder: Path, base: int) -> Segment:
    return Segment(base, folder / f"{base:020d}{_SUFFIX}")


def journal_name(folder: Path) -> str:
    """The journal's own name, which its collector goes by; "" when there is none. Raises OSError."""
    try:
        return (folder / "name").read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
