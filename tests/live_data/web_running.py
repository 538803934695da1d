"""The web server as a process. No ORM: browser tests use it too."""

import contextlib
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from event_store.writer import Appended
from runtime import probes
from tests import databases
from tests.runtime.running import started, wait_until


@dataclass(frozen=True, slots=True)
class Web:
    """A running web server."""

    url: str  #: without a path
    data_dir: Path
    process: "subprocess.Popen[str]"

    def synced_to(self, place: Appended) -> None:
        """What the sync would have written: where the log is in SQL."""
        with databases.opened(self.data_dir) as database:
            database.do("DELETE FROM live_data_synccursor")
            database.do(
                "INSERT INTO live_data_synccursor (partition, incarnation, stream_id) VALUES (0, ?, ?)",
                [(place.incarnation, place.stream_id)],
            )

    def watches(self, room_id: int, title: str) -> None:
        """The same for a room and the task that makes it watched."""
        with databases.opened(self.data_dir) as database:
            database.do(
                "INSERT INTO live_data_liveroom (room_id, title, uname, status) VALUES (?, ?, ?, 1)",
                [(room_id, title, "主播")],
            )
            database.do(
                "INSERT INTO live_data_monitoringtask (task_name, room_ids_json, status) VALUES (?, ?, ?)",
                [(f"room {room_id}", f"[{room_id}]", "running")],
            )


@contextlib.contextmanager
def web(data_dir: Path, redis_url: str, **settings: str) -> Iterator[Web]:
    """The server of `up`, on a free port, with a database just migrated; ``settings`` are variables."""
    port = probes.free_port()
    databases.make_migrated(data_dir)
    environ = databases.settings(data_dir) | {"REDIS_URL": redis_url, "PORT": str(port)} | settings
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
