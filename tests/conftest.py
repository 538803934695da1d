"""What several packages test with: a real Valkey, and the language that no test before has chosen."""

import os
import socket
import subprocess
import time
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from runtime import processes, redis_server

_LONG = {"system", "browser"}  # folders
_INDEXES = ("live_data_searchindex", "live_data_nameindex")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what has to do with the database: the rest would say the same once more.

    What takes long by nature goes first, so that in the end no worker waits for another one's.
    """
    engine = os.environ["TEST_DATABASE"]
    chosen = [item for item in items if _runs_on(engine, item)]
    config.hook.pytest_deselected(items=[item for item in items if not _runs_on(engine, item)])
    items[:] = sorted(chosen, key=lambda item: not _LONG.intersection(item.path.parts))


def _runs_on(engine: str, item: pytest.Item) -> bool:
    if (mark := item.get_closest_marker("only_on")) is not None:
        return engine in mark.args
    return engine == "sqlite" or any(map(item.get_closest_marker, ("django_db", "with_database")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logged may hold half a character, as rooms send it; workers speak UTF-8 with each other."""
    report = yield
    report.sections = [tuple(map(_whole, section)) for section in report.sections]  # type: ignore[misc]  # pairs
    return report


def _whole(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


@pytest.fixture(autouse=True)
def _the_default_language() -> None:
    """A request leaves its language behind in the thread, and tests run in any order."""
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """A server of the tests' own goes with its databases: none is dropped before."""
    return connection.vendor == "postgresql" or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session", autouse=True)
def _whole_flush() -> None:
    """The indexes of search are no model's tables, and Django would leave them to the next test."""
    if connection.vendor == "postgresql":
        DatabaseOperations.sql_flush = _deletions  # type: ignore[method-assign,assignment]  # as said above
        return
    flush = type(connection.ops).sql_flush

    def flush_indexes_too(self: BaseDatabaseOperations, *given: Any, **options: Any) -> list[str]:
        emptied = [f"INSERT INTO {index}({index}) VALUES ('delete-all')" for index in _INDEXES]
        return [*flush(self, *given, **options), *emptied]

    type(connection.ops).sql_flush = flush_indexes_too  # type: ignore[method-assign]  # as said above


def _deletions(self: DatabaseOperations, _style: object, tables: Iterable[str], **_: object) -> list[str]:
    """Without the checks of foreign keys, which would ask for an order; and no TRUNCATE, which makes new
    files of every table after every test, most of which are empty anyway."""
    deletions = [f"DELETE FROM {self.quote_name(table)}" for table in (*tables, *_INDEXES)]
    return [
        "SET LOCAL session_replication_role = replica",
        *deletions,
        "SET LOCAL session_replication_role = DEFAULT",
    ]


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real embedded Valkey on a unix socket, for the whole session."""
    with redis_server.embedded(tmp_path_factory.mktemp("valkey")) as server:
        with (server.folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                server.command,
                cwd=server.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                preexec_fn=processes.die_with(os.getpid()),  # noqa: PLW1509 - one system call, no lock
            )
        try:
            _wait_until_it_answers(server.url)
            yield server.url
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def redis_url(valkey_url: str) -> str:
    """The same server, emptied."""
    assert _ask(valkey_url, b"FLUSHALL") == b"+OK\r\n"
    return valkey_url


def _wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            assert _ask(url, b"PING") == b"+PONG\r\n"
            return
        except (OSError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _ask(url: str, command: bytes) -> bytes:
    """The first bytes that the server answers to an inline command."""
    path = Path(unquote(urlsplit(url).path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(command + b"\r\n")
        return connection.recv(64)
