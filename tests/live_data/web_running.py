"""The web server as a process. No ORM: browser tests use it too."""

import atexit
import contextlib
import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from event_store.writer import Appended
from runtime import probes
from runtime.setting_values import ROOT
from tests.runtime.running import started, wait_until


@dataclass(frozen=True, slots=True)
class Web:
    """A running web server."""

    url: str  #: without a path
    data_dir: Path
    process: "subprocess.Popen[str]"

    def synced_to(self, place: Appended) -> None:
        """What the sync would have written: where the log is in SQL. Plain SQL: a browser test has no ORM."""
        with contextlib.closing(sqlite3.connect(self.data_dir / "live.sqlite3", timeout=20)) as database:
            database.execute("DELETE FROM live_data_synccursor")
            database.execute(
                "INSERT INTO live_data_synccursor (partition, incarnation, stream_id) VALUES (0, ?, ?)",
                (place.incarnation, place.stream_id),
            )
            database.commit()

    def watches(self, room_id: int, title: str) -> None:
        """The same for a room and the task that makes it watched."""
        with contextlib.closing(sqlite3.connect(self.data_dir / "live.sqlite3", timeout=20)) as database:
            database.execute(
                "INSERT INTO live_data_liveroom (room_id, title, uname, status) VALUES (?, ?, ?, 1)",
                (room_id, title, "主播"),
            )
            database.execute(
                "INSERT INTO live_data_monitoringtask (task_name, room_ids_json, status) VALUES (?, ?, ?)",
                (f"room {room_id}", f"[{room_id}]", "running"),
            )
            database.commit()


@functools.cache
def _migrated() -> Path:
    """An empty database, made once: what each test needs is a copy."""
    folder = Path(tempfile.mkdtemp(prefix="bilibili-monitor-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, "DATA_DIR": str(folder)}, check=True)
    return folder / "live.sqlite3"


@contextlib.contextmanager
def web(data_dir: Path, redis_url: str, **settings: str) -> Iterator[Web]:
    """The server of `up`, on a free port, with a database just migrated; ``settings`` are variables."""
    port = probes.free_port()
    environ = {**os.environ, "DATA_DIR": str(data_dir), "REDIS_URL": redis_url, "PORT": str(port)} | settings
    if not (data_dir / "live.sqlite3").exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_migrated(), data_dir / "live.sqlite3")
    with started(["-m", "bilibili_monitor.server"], environ) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(f"{url}/live/api/status"), "the web server answers")
        yield Web(url, data_dir, process)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False
