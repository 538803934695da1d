"""The running demo, as `make demo` starts it, for the tests that walk through all of it. No ORM."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime import demo as settings
from runtime import probes
from runtime.setting_values import ROOT
from tests.runtime.running import lines_until, processes_with, started, wait_until

ADMIN = "admin"
PASSWORD = "only-for-this-demo-1"  # of an account in a folder that is thrown away
UNWATCHED = settings.FIRST_ROOM + settings.WATCHED
"""A room that the simulator plays and nobody watches yet."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything that runs, and where its page is."""

    url: str  #: without a path
    data_dir: Path

    def api(self, path: str) -> Any:
        """An answer of the JSON API."""
        with urllib.request.urlopen(f"{self.url}/live/api/{path}", timeout=20) as response:
            return json.load(response)

    def process(self, command: str) -> int:
        """The pid of the one that was started by this command."""
        (pid,) = processes_with(str(self.data_dir), command)
        return pid

    def newest_danmaku(self) -> str:
        """The event_id of a line that is stored."""
        return str(self.api("danmaku?limit=1")["results"][0]["event_id"])

    def newest_person(self) -> str:
        """The uid of somebody who gave something."""
        gifts = self.api("gifts?limit=100")["results"]
        return next(str(gift["uid"]) for gift in gifts if gift["uid"] is not None)

    def newest_session(self) -> str:
        """The name of one of the room that pages are looked at with."""
        return str(self.api("sessions?room_id=90001&limit=1")["results"][0]["session"])


@contextlib.contextmanager
def demo(data_dir: Path) -> Iterator[Demo]:
    """Runs until the block ends; by then some danmaku and gifts are stored."""
    port = probes.free_port()
    environ = {"DATA_DIR": str(data_dir), "DATABASE_URL": "", "PORT": str(port)}
    with started(["manage.py", "up", "--demo"], environ) as process:
        lines_until(process, "Stop: Ctrl-C")
        running = Demo(f"http://127.0.0.1:{port}", data_dir)
        _make_account(environ)
        wait_until(lambda: _has_something(running), "danmaku and gifts are stored")
        yield running
    wait_until(lambda: processes_with(str(data_dir)) == [], "all processes end")


def _has_something(running: Demo) -> bool:
    return all(running.api(f"{kind}?limit=1")["results"] for kind in ("danmaku", "gifts"))


def _make_account(environ: dict[str, str]) -> None:
    password = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", "admin@localhost"]
    subprocess.run(
        [*command, "--username", ADMIN],
        cwd=ROOT,
        env={**os.environ, **environ, **password},
        stdout=subprocess.DEVNULL,
        check=True,
    )
