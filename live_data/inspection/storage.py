"""The disk and the database: what is how large, and how much room is left."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import Max

from runtime.environment import Environment

_LEAST_FREE = 1 << 30  # bytes
_LEAST_SHARE = 20  # one part of so many


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system that something of ours is on."""

    folder: Path
    size: int  #: bytes
    free: int  #: bytes that this user may still write

    @property
    def is_low(self) -> bool:
        """Under 1 GiB or 5 %: a full disk makes rooms blind."""
        return self.free < _LEAST_FREE or self.free * _LEAST_SHARE < self.size


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of the parts of DATA_DIR."""

    database: int  #: with what is written ahead
    journal: int
    redis: int
    logs: int


@dataclass(frozen=True, slots=True)
class Database:
    """The database as it is now."""

    engine: str
    path: Path
    size: int  #: bytes
    written_ahead: int  #: bytes of the WAL
    journal_mode: str
    tables: list[tuple[str, int]]  #: by name, the highest number that a row was given: about the rows


def database(settings: Environment) -> Database:
    """Raises DatabaseError."""
    path = settings.database_path
    return Database(
        engine=connection.vendor,
        path=path,
        size=_size(path),
        written_ahead=_size(_beside(path, "-wal")),
        journal_mode=_journal_mode(),
        tables=_tables(),
    )


def sizes(settings: Environment) -> Sizes:
    """Of files that come and go while one looks."""
    path = settings.database_path
    return Sizes(
        database=sum(_size(each) for each in (path, _beside(path, "-wal"), _beside(path, "-shm"))),
        journal=_folder_size(settings.journal_dir),
        redis=_folder_size(settings.redis_dir),
        logs=_folder_size(settings.logs_dir),
    )


def volumes(settings: Environment) -> list[Volume]:
    """Each once: the data folder's, and the database's when that is elsewhere. Raises OSError."""
    folders = {folder.stat().st_dev: folder for folder in (settings.database_path.parent, settings.data_dir)}
    found = [(folder, shutil.disk_usage(folder)) for folder in folders.values()]
    return [Volume(folder, usage.total, usage.free) for folder, usage in found]


def _tables() -> list[tuple[str, int]]:
    """From the end of each primary key: nothing is counted."""
    models = apps.get_app_config("live_data").get_models()
    found = [
        (each._meta.db_table, each._default_manager.aggregate(last=Max("pk"))["last"]) for each in models
    ]
    return sorted((name, last or 0) for name, last in found)


def _journal_mode() -> str:
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        return str(cursor.execute("PRAGMA journal_mode").fetchone()[0])


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _folder_size(folder: Path) -> int:
    return sum(_size(Path(place) / name) for place, _, names in os.walk(folder) for name in names)
