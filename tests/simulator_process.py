"""The simulator as a subprocess, for tests of any package. Standard library only."""

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent
READY_SECONDS = 20
REQUEST_SECONDS = 20


class SimulatorProcess:
    """`python -m simulator` with these arguments, on a free port unless told otherwise.

    `SimulatorProcess("--rooms", "3", "--rate", "50", "--seed", "1")`; `url` and `rooms` are what
    it said when ready.
    Ends with the `with` block, or with `stop()`. ``ready_within``: seconds, long where it rehearses.
    """

    def __init__(self, *arguments: str, port: int = 0, ready_within: float = READY_SECONDS) -> None:
        command = [sys.executable, "-m", "simulator", "--port", str(port), *arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        # A process that hangs before it is ready must not hang the test run.
        watchdog = threading.Timer(ready_within, self._process.kill)
        watchdog.start()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        watchdog.cancel()
        if not line.startswith("simulator: http://"):
            _, errors = self._process.communicate()
            raise RuntimeError(f"the simulator did not start: {line}{errors}")
        _, self.url, _, rooms = line.split()
        self.rooms = [int(room) for room in rooms.split(",")]
        self.port = int(self.url.rpartition(":")[2])
        self.pid = self._process.pid
        self.errors = ""

    def __enter__(self) -> "SimulatorProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ledger(self, connections: bool = False) -> dict[str, Any]:
        """The ledger: {"rooms": {"90001": {"danmaku": n, ..., "gold": n}}}."""
        path = "/simulator/ledger?connections=1" if connections else "/simulator/ledger"
        answer: dict[str, Any] = self._request(path)
        return answer

    def connections(self) -> list[dict[str, int]]:
        """Who is authenticated at this moment: id, room, uid, host (number of the danmaku server)."""
        found: list[dict[str, int]] = self._request("/simulator/connections")
        return found

    def totals(self) -> dict[str, int]:
        """The ledger's figures, summed over the rooms."""
        rooms = self.ledger()["rooms"].values()
        return {kind: sum(room[kind] for room in rooms) for kind in next(iter(rooms))}

    def fault(self, **fault: object) -> dict[str, Any]:
        """Make something go wrong: `fault(cut="all", abrupt=True)`.

        Raises ValueError with the reason when refused.
        """
        answer: dict[str, Any] = self._request("/simulator/faults", json.dumps(fault).encode())
        return answer

    def _request(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(error.read().decode()) from None
        return answer

    def send_signal(self, number: int) -> None:
        """Send it this signal."""
        self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Its exit code; `errors` is then what it wrote to stderr. It is killed when it takes longer."""
        try:
            _, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, errors = self._process.communicate()
        self.errors += errors
        return self._process.returncode

    def stop(self, seconds: float = 10) -> int:
        """End it with SIGTERM and return its exit code. May be called again."""
        if self._process.returncode is None:
            self._process.terminate()
            return self.wait(seconds)
        return self._process.returncode
