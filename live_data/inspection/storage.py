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
_SMALL_SHARE = 5  # the same, of a disk of which so little is left


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system that something of ours is on."""

    folder: Path
    size: int  #: bytes
    free: int  #: bytes that this user may still write

    @property
    def is_low(self) -> bool:
        """Under 5 %, or under 1 GiB and 20 %: a small disk is not full because it is small."""
        is_little = self.free < _LEAST_FREE and self.free * _SMALL_SHARE < self.size
        return is_little or self.free * _LEAST_SHARE < self.size


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of the parts of DATA_DIR."""

    database: int  #: with what is written ahead; 0 when it is a PostgreSQL
    journal: int
    redis: int
    logs: int


@dataclass(frozen=True, slots=True)
class Database:
    """The database as it is now."""

    engine: str
    version: str  #: of the server; "" = SQLite, which is part of this process
    place: str  #: the file, or the address without its password
    size: int  #: bytes
    written_ahead: int  #: bytes of SQLite's WAL
    journal_mode: str  #: SQLite's
    tables: list[tuple[str, int]]  #: by name, the highest number that a row was given: about the rows


def database(settings: Environment) -> Database:
    """Raises DatabaseError."""
    path = settings.database_path
    return Database(
        engine=connection.vendor,
        version="" if path else _asked("SHOW server_version"),
        place=str(settings.database),
        size=_size(path) if path else int(_asked("SELECT pg_database_size(current_database())")),
        written_ahead=_size(_beside(path, "-wal")) if path else 0,
        journal_mode=_asked("PRAGMA journal_mode") if path else "",
        tables=_tables(),
    )


def sizes(settings: Environment) -> Sizes:
    """Of files that come and go while one looks."""
    path = settings.database_path
    return Sizes(
        database=sum(_size(_beside(path, suffix)) for suffix in ("", "-wal", "-shm")) if path else 0,
        journal=_folder_size(settings.journal_dir),
        redis=_folder_size(settings.redis_dir),
        logs=_folder_size(settings.logs_dir),
    )


def volumes(settings: Environment) -> list[Volume]:
    """Each once: the data folder's, and that of a SQLite file elsewhere. Raises OSError."""
    path = settings.database_path
    places = (path.parent, settings.data_dir) if path else (settings.data_dir,)
    folders = {folder.stat().st_dev: folder for folder in places}
    found = [(folder, shutil.disk_usage(folder)) for folder in folders.values()]
    return [Volume(folder, usage.total, usage.free) for folder, usage in found]


def _tables() -> list[tuple[str, int]]:
    """From the end of each primary key: nothing is counted."""
    models = apps.get_app_config("live_data").get_models()
    found = [
        (each._meta.db_table, each._default_manager.aggregate(last=Max("pk"))["last"]) for each in models
    ]
    return sorted((name, last or 0) for name, last in found)


def _asked(question: str) -> str:
    """The one value that the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _folder_size(folder: Path) -> int:
    return sum(_size(Path(place) / name) for place, _, names in os.walk(folder) for name in names)
