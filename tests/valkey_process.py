"""A Valkey of its own for tests that stop or kill it: its data survives, as in production."""

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from event_store.connect import RedisAway, client
from runtime import redis_server
from runtime.redis_server import RedisServer
from tests.runtime.running import wait_until


class ValkeyProcess:
    """Start, end and start again the server that ``runtime.redis_server.embedded`` described."""

    def __init__(self, server: RedisServer) -> None:
        self.url = server.url
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._process = subprocess.Popen(
            self._server.command,
            cwd=self._server.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers, "Valkey answers")

    def stop(self) -> None:
        """As a system that shuts down does it: what it has acknowledged stays."""
        if self._process is not None:
            self._process.terminate()
            self._ended()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._ended()

    def freeze(self) -> None:
        """It accepts connections and answers nothing, until it is thawed."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    @property
    def log_file(self) -> Path:
        """The part of the append-only file that grows."""
        [file] = Path(self._server.folder).rglob("*.incr.aof")
        return file

    def lose_everything(self) -> None:
        """Killed, and its files gone with it."""
        self.kill()
        for file in sorted(Path(self._server.folder).rglob("*"), reverse=True):
            if file.is_file():
                file.unlink()

    def _ended(self) -> None:
        assert self._process is not None
        self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        with client(self.url) as connection:
            try:
                return bool(connection.ping())
            except RedisAway:
                return False


@contextlib.contextmanager
def valkey_process(folder: Path, *options: str) -> Iterator[ValkeyProcess]:
    """Running, with its data in ``folder`` and more ``options``; killed at the end of the block."""
    with redis_server.embedded(folder) as server:
        process = ValkeyProcess(replace(server, command=(*server.command, *options)))
        try:
            process.start()
            yield process
        finally:
            process.kill()


async def until(condition: Callable[[], object], seconds: float = 15) -> None:
    """Wait until the callable says true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)
