"""A real server on a unix socket, for as long as a benchmark runs. Must not know what is measured."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import BenchmarkFailed
from event_store.connect import Redis, RedisAway, client
from runtime import processes, redis_server


@contextmanager
def serving(folder: Path) -> Iterator[Redis]:
    """The embedded one; its address is in ``redis.url`` of the folder, for contestants."""
    with redis_server.embedded(folder / "redis") as server, client(server.url) as redis:
        process = subprocess.Popen(
            server.command,
            cwd=server.folder,
            stdout=subprocess.DEVNULL,
            preexec_fn=processes.die_with(os.getpid()),  # noqa: PLW1509 - one system call, no lock
        )
        try:
            _wait(redis)
            (folder / "redis.url").write_text(server.url, encoding="utf-8")
            yield redis
        finally:
            process.kill()
            process.wait()


def _wait(redis: Redis, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            redis.ping()
        except RedisAway as away:
            if time.monotonic() > deadline:
                raise BenchmarkFailed(f"the server does not answer: {away}") from None
            time.sleep(0.01)
        else:
            return
