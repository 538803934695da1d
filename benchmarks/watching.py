"""The collector as in production, between a simulated site and a real Valkey, with a scheduler played.

Starts and ends processes, and asks what they are doing; must not know what is measured.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import BenchmarkFailed
from event_store import reader, rooms
from event_store.connect import client
from event_store.cursor import LogCursor
from event_store.reader import Entry
from event_store.rooms import CommittedPosition, DesiredRooms
from runtime import open_files, redis_server

ROOT = Path(__file__).parent.parent
_TICK = 0.05  # s
_REQUEST_SECONDS = 30
_READ = 1000  # log entries


class Site:
    """`python -m simulator`, spoken to over HTTP."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("simulator: http://"):
            raise BenchmarkFailed(f"the simulator did not start: {line.strip()}")
        _, self.url, _, numbers = line.split()
        self.rooms = [int(number) for number in numbers.split(",")]

    def connections(self) -> list[dict[str, int]]:
        """Who is authenticated: id, room, uid, host."""
        found: list[dict[str, int]] = self._ask("/simulator/connections")
        return found

    def fault(self, **fault: object) -> None:
        self._ask("/simulator/faults", json.dumps(fault).encode())

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=_REQUEST_SECONDS) as response:
            return json.load(response)


class Watching:
    """``want()`` rooms, then wait ``until()`` something is true: meanwhile the collector is spoken to."""

    def __init__(self, site: Site, redis_url: str, collector: "subprocess.Popen[str]") -> None:
        self.site = site
        self._redis = client(redis_url)
        self._collector = collector
        self._wanted: list[int] = []

    def want(self, numbers: Sequence[int]) -> None:
        self._wanted = list(numbers)

    def until(self, condition: Callable[[], bool], seconds: float, what: str) -> float:
        """Seconds until it was true. Raises BenchmarkFailed."""
        begun = time.monotonic()
        while not condition():
            if self._collector.poll() is not None:
                raise BenchmarkFailed("the collector ended")
            if time.monotonic() - begun > seconds:
                raise BenchmarkFailed(f"it took more than {seconds:.0f} s until {what}")
            self._tick()
            time.sleep(_TICK)
        return time.monotonic() - begun

    def let_pass(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, seconds + 5, "the time had passed")

    def resident_kb(self) -> int:
        """Of the collector's memory, what is in RAM."""
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self._collector.pid)], capture_output=True, text=True, check=True
        )
        return int(said.stdout)

    def cpu_seconds(self) -> float:
        """What the collector has used so far."""
        return cpu_seconds(self._collector.pid)

    def end_of_log(self) -> LogCursor:
        state = reader.log_state(self._redis)
        return LogCursor(state.incarnation, state.last_id)

    def entries(self, after: LogCursor) -> Iterator[Entry]:
        """All that follow, oldest first."""
        while found := reader.read(self._redis, after, _READ):
            yield from found
            after = LogCursor(after.incarnation, found[-1].stream_id)

    def _tick(self) -> None:
        rooms.publish_desired(self._redis, DesiredRooms(at=0, room_ids=self._wanted))
        names = rooms.collectors(self._redis)
        rooms.publish_positions(self._redis, dict.fromkeys(names, CommittedPosition(0)))


def cpu_seconds(pid: int) -> float:
    """What a process has used so far; to the hundredth on Linux, NaN elsewhere."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return float("nan")
    user, system = said.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def watching(site: Sequence[str], settings: Mapping[str, str]) -> Iterator[Watching]:
    """All of it, ended with the block. ``site``: the simulator's arguments; ``settings``: the collector's."""
    open_files.allow_as_many_as_may_be()  # inherited by what is started here
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        server = stack.enter_context(redis_server.embedded(folder / "redis"))
        stack.enter_context(_running(server.command, server.folder, {}))
        command = (sys.executable, "-m", "simulator", "--port", "0", *site)
        simulated = Site(stack.enter_context(_running(command, ROOT, {})))
        given = {"DATA_DIR": str(folder), "REDIS_URL": server.url, "BILIBILI_URL": simulated.url, **settings}
        collector = stack.enter_context(_running((sys.executable, "-m", "collector"), ROOT, given))
        yield Watching(simulated, server.url, collector)


@contextlib.contextmanager
def _running(
    command: Sequence[str], folder: Path, settings: Mapping[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
