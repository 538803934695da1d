"""The kinds of database, each in one class: how the database that is in a folder is reached."""

import contextlib
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from tests.postgres_process import PostgresProcess


class Engine(Protocol):
    """All that belongs to a database is in its folder: a copy of the folder is a copy of the database."""

    name: str
    has_files: bool  #: that our own process reads, and can have the system forget

    def serving(self, folder: Path) -> AbstractContextManager[str]:
        """The DATABASE_URL of the folder's database while the block runs; made when there is none."""
        ...


class SQLite:
    """A file, which needs no server."""

    name = "sqlite"
    has_files = True

    def serving(self, folder: Path) -> AbstractContextManager[str]:
        return nullcontext(f"sqlite:///{folder / 'live.sqlite3'}")


class PostgreSQL:
    """A server for each folder, on a socket, that waits for the disk at each commit as in production.

    Its programs and its socket are in a folder beside: they are not the database's, and paths of sockets are
    short.
    """

    name = "postgresql"
    has_files = False
    _DATABASE = "monitor"
    _OPTIONS = ("shared_buffers=512MB", "max_wal_size=4GB")

    @contextmanager
    def serving(self, folder: Path) -> Iterator[str]:
        data = folder / "data"
        is_new = not data.exists()
        data.mkdir(mode=0o700, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix="postgres-"))
        (place / "data").symlink_to(data)
        _give_away(place, data)
        server = PostgresProcess(place, self._OPTIONS)
        try:
            if is_new:
                server.make()
            server.start()
            if is_new:
                server.create(self._DATABASE)
            yield server.url(self._DATABASE)
            with server.connected(self._DATABASE) as connection:
                connection.execute("CHECKPOINT")
        finally:
            server.kill()
            shutil.rmtree(place, ignore_errors=True)


def _give_away(place: Path, data: Path) -> None:
    """PostgreSQL refuses to run as root, and to use files that are not its own, as those of a copy are."""
    if os.geteuid() != 0:
        return
    nobody = pwd.getpwnam("nobody")
    place.chmod(0o755)
    for path in (place, data, *data.rglob("*")):
        with contextlib.suppress(FileNotFoundError):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


ENGINES: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
