"""The whole system as a user runs it, `manage.py up`, against the simulator: for tests that break it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from tests import databases

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class WholeSystem:
    """`with WholeSystem(folder, site=url, rooms=[...]) as system:`; ends with Ctrl-C."""

    def __init__(self, folder: Path, *, site: str, rooms: list[int]) -> None:
        self.port = _free_port()
        data_dir = folder / "直播 数据"
        self.data_dir = data_dir
        self.journal = data_dir / "journal"
        self._environ = os.environ | {
            **databases.settings(data_dir),
            "PORT": str(self.port),
            "BILIBILI_URL": site,
            "ROOMS": ",".join(map(str, rooms)),
            "LC_ALL": "C",
        }
        self._output = folder / "up.txt"
        self._up: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "WholeSystem":
        with self._output.open("wb") as output:
            self._up = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self.until(lambda: self.get("/live/api/status"), START_SECONDS)
        except AssertionError:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._up is not None:
            self._up.send_signal(signal.SIGINT)
            self._up.wait(timeout=20)

    @property
    def output(self) -> str:
        """What the terminal showed."""
        return self._output.read_text(encoding="utf-8")

    def stop(self) -> tuple[int, float]:
        """Ctrl-C; the exit code and the seconds that it took."""
        assert self._up is not None
        begin = time.monotonic()
        self._up.send_signal(signal.SIGINT)
        code = self._up.wait(timeout=20)
        self._up = None
        return code, time.monotonic() - begin

    def get(self, path: str) -> Any:
        """The JSON at a path of the web, or None while the web is down."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def until(self, condition: Callable[[], Any], seconds: float) -> Any:
        """What the condition returned when it was true."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, f"it did not happen; the terminal shows:\n{self.output}"
            time.sleep(0.05)
        return found

    def processes(self) -> dict[int, str]:
        """Pid -> command line of every process below `up`."""
        assert self._up is not None
        table = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, encoding="utf-8", check=True
        ).stdout
        rows = [line.split(None, 2) for line in table.splitlines()]
        below = {self._up.pid}
        for _ in rows:
            below |= {int(pid) for pid, parent, *_ in rows if int(parent) in below}
        below.discard(self._up.pid)
        return {int(row[0]): row[2] for row in rows if int(row[0]) in below and len(row) == 3}

    def kill(self, part: str) -> None:
        """SIGKILL to the child whose command line holds ``part``."""
        os.kill(self.until(lambda: self._pid_of(part), START_SECONDS), signal.SIGKILL)

    def _pid_of(self, part: str) -> int | None:
        return next((pid for pid, command in self.processes().items() if part in command), None)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`manage.py ARGUMENTS` in a terminal beside the running system."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
