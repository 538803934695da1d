"""The database of a process that a test starts, on the engine of this run. Plain SQL, for who has no ORM."""

import atexit
import contextlib
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from runtime.setting_values import ROOT
from tests import environment

PATIENCE = 20  # s that SQLite waits for another process


class Database:
    """Statements of both engines, with "?" for each value; each is committed."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._is_sqlite = isinstance(connection, sqlite3.Connection)

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of the answer; an event_id in bytes, a time in text (SQLite) or as a datetime."""
        rows = self._connection.execute(*self._of_engine(question, values))
        return [tuple(each.bytes if isinstance(each, UUID) else each for each in row) for row in rows]

    def do(self, statement: str, rows: Iterable[Sequence[Any]] = ((),)) -> None:
        """For each of the rows; 16 bytes are an event_id."""
        for row in rows:
            self._connection.execute(*self._of_engine(statement, row))
        self._connection.commit()

    def _of_engine(self, statement: str, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        if self._is_sqlite:
            return statement, values
        return statement.replace("?", "%s"), [
            UUID(bytes=value) if isinstance(value, bytes) else value for value in values
        ]


def settings(data_dir: Path) -> dict[str, str]:
    """The variables of a process whose data folder this is; its database is made when there is none yet."""
    variables = {"DATA_DIR": str(data_dir)}
    if environment.SERVER is not None:
        _create(data_dir, "template0")
        variables["DATABASE_URL"] = environment.SERVER.url(_name(data_dir))
    return variables


def make_migrated(data_dir: Path) -> None:
    """Tables without rows, unless there is a database already: a copy of one that was migrated once."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if environment.SERVER is not None:
        _create(data_dir, _name(_migrated()))
    elif not (data_dir / "live.sqlite3").exists():
        shutil.copyfile(_migrated() / "live.sqlite3", data_dir / "live.sqlite3")


@contextlib.contextmanager
def opened(data_dir: Path) -> Iterator[Database]:
    """That of the data folder, beside the processes that use it."""
    if environment.SERVER is not None:
        with environment.SERVER.connected(_name(data_dir)) as connection:
            yield Database(connection)
    else:
        with contextlib.closing(sqlite3.connect(data_dir / "live.sqlite3", timeout=PATIENCE)) as file:
            yield Database(file)


@functools.cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bilibili-monitor-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, **settings(folder)}, check=True)
    return folder


def _name(data_dir: Path) -> str:
    return "process_" + hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:20]


def _create(data_dir: Path, template: str) -> None:
    assert environment.SERVER is not None
    with environment.SERVER.connected("postgres") as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name(data_dir)])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {_name(data_dir)} TEMPLATE {template} ENCODING 'UTF8'")
