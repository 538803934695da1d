"""The files of a journal: their names, their order, their sizes; and what lies among them and is none."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from journal.errors import JournalForeign, JournalUnreadable
from journal.record import MAGIC, MAX_BODY
from journal.scan import intact

_NAME = re.compile(r"([0-9]{20})\.journal")
_BEYOND = 1 << 62  # positions are 64-bit numbers in SQL, and what begins there must have room to grow
_OWN = {"lock", "name", "name.new"}
_JOURNAL_NAME = re.compile(r"[!-~]{1,64}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One file; ``base`` is the position of its first record."""

    base: int
    path: Path

    @property
    def end(self) -> int:
        """The position behind its last byte; its base when it was deleted meanwhile."""
        try:
            return self.base + max(0, self.path.stat().st_size - len(MAGIC))
        except FileNotFoundError:
            return self.base

    @property
    def last_written(self) -> float:
        """s since the epoch; 0 when it was deleted meanwhile."""
        try:
            return self.path.stat().st_mtime
        except FileNotFoundError:
            return 0.0


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a journal's folder."""

    segments: list[Segment]  #: oldest first
    foreign: list[Path]  #: what no journal wrote, by name


def look(folder: Path) -> Folder:
    """Empty when there is no such folder. Raises JournalUnreadable."""
    found: list[Segment] = []
    foreign: list[Path] = []
    try:
        paths = sorted(folder.iterdir())
        for path in paths:
            base = _base(path)
            if base is not None and _is_ours(path, base, found):
                found.append(Segment(base, path))
            elif path.name not in _OWN:
                foreign.append(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise JournalUnreadable(f"the journal's folder cannot be read: {error}") from error
    return Folder(found, foreign)


def segments(folder: Path) -> list[Segment]:
    """All segments, oldest first. Raises JournalUnreadable."""
    return look(folder).segments


def new_segment(folder: Path, base: int) -> Segment:
    return Segment(base, folder / f"{base:020d}.journal")


def journal_name(folder: Path) -> str:
    """The journal's own name, which its collector goes by; "" when there is none.

    Raises JournalForeign for a text that is no name, JournalUnreadable.
    """
    file = folder / "name"
    try:
        name = file.read_bytes().decode("ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise JournalUnreadable(f"the journal's name cannot be read: {error}") from error
    if name and not _JOURNAL_NAME.fullmatch(name):
        raise JournalForeign(
            f"{file} holds no name of a journal; restore it, or delete it: then all is published once more"
        )
    return name


def _base(path: Path) -> int | None:
    match = _NAME.fullmatch(path.name)
    if match is None or not path.is_file():
        return None
    base = int(match[1])
    return base if base < _BEYOND else None


def _is_ours(path: Path, base: int, before: list[Segment]) -> bool:
    """By its magic; by its place while that is being written, or when a crash interrupted it; by a record
    when the magic is damaged. ``before``: the segments of lower names.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(len(MAGIC))
        status = path.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # its name says so; who reads it is told why it cannot be read
    if begin == MAGIC:
        return True
    if MAGIC.startswith(begin):
        # Anybody's empty file looks so. A new segment begins where the one before ends, and the first at 0;
        # one that was to leave a gap (JournalWriter.skip_to) is begun again a byte later.
        return base == (before[-1].end if before else 0)
    return _has_record(path, status.st_size, status.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _has_record(path: Path, size: int, _changed: int) -> bool:
    """Whether one lies near its begin; asked once while the file stays as it is."""
    try:
        with path.open("rb", buffering=0) as file:
            return next(intact(file, len(MAGIC), min(size, 2 * MAX_BODY)), None) is not None
    except OSError:
        return False
