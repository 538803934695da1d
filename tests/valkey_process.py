"""A Valkey of its own for tests that kill it: its data survives, as in production."""

import asyncio
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from event_store.connect import RedisAway, client
from runtime.redis_server import RedisServer


class ValkeyProcess:
    """Start, kill and start again the server that ``runtime.redis_server.embedded`` described."""

    def __init__(self, server: RedisServer) -> None:
        self.url = server.url
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._server.command,
            cwd=self._server.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        with client(self.url) as connection:
            while True:
                try:
                    connection.ping()
                except RedisAway:
                    assert time.monotonic() < deadline, "Valkey does not start"
                else:
                    return

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def lose_everything(self) -> None:
        """Killed, and its files gone with it."""
        self.kill()
        for file in sorted(Path(self._server.folder).rglob("*"), reverse=True):
            if file.is_file():
                file.unlink()


async def until(condition: Callable[[], object], seconds: float = 15) -> None:
    """Wait until the callable says true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)
