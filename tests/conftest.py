"""What several packages test with: settings of their own, and a real Valkey. Read before Django's."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from runtime import environment, processes, redis_server

# A developer's .env and environment must change no test: empty means the default, and wins over .env.
_data_dir = tempfile.TemporaryDirectory(prefix="bilibili-monitor-tests-")
os.environ.update(dict.fromkeys(environment.names(), ""))
os.environ["DATA_DIR"] = _data_dir.name


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
