"""`manage.py up` as a person meets it: what it prints, what it refuses, what it leaves behind."""

import os
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from runtime import data_folder, probes, process_states
from tests.runtime.running import PATIENCE, lines_until, processes_with, started, wait_until

CHILDREN = ("simulator", "valkey-server", "start_sync_scheduler", "collector", "bilibili_monitor.server")


@contextmanager
def _up(data_dir: Path, *options: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    # The C locale: everything must be UTF-8 all the same.
    environ = {"DATA_DIR": str(data_dir), "LC_ALL": "C", "PORT": str(probes.free_port()), **settings}
    with started(["manage.py", "up", *options], environ) as process:
        yield process
    wait_until(lambda: processes_with(str(data_dir)) == [], "all processes end")


def _refusal(data_dir: Path, *options: str, **settings: str) -> str:
    """The one line that `up` prints when it cannot start."""
    with _up(data_dir, *options, **settings) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        assert process.wait(PATIENCE) == 1
    assert printed.startswith("Error: ")
    assert printed.count("\n") == 1
    return printed


def _page(line: str) -> tuple[int, str]:
    address = line.removeprefix("Page: http://").removesuffix("/live/")
    with closing(HTTPConnection(address, timeout=PATIENCE)) as connection:
        connection.request("GET", "/live/")
        response = connection.getresponse()
        return response.status, response.read().decode()


def test_the_demo_shows_a_page_and_ctrl_c_ends_everything(tmp_path: Path) -> None:
    folder = tmp_path / "直播 数据"
    with _up(folder, "--demo") as process:
        lines = lines_until(process, "Stop: Ctrl-C")
        assert f"Data: {folder}" in lines
        status, page = _page(next(line for line in lines if line.startswith("Page: ")))
        assert (status, "<title>" in page) == (200, True)
        _wait_for_danmaku(folder, more_than=0)
        supervised = process_states.read(folder / "processes.json")
        assert supervised is not None
        assert {"redis", "scheduler", "collector", "web"} <= {each.name for each in supervised.processes}
        process.send_signal(signal.SIGINT)
        lines += lines_until(process, "Stopped.")
        assert process.wait(PATIENCE) == 0
        assert processes_with(str(folder)) == []
    assert process_states.read(folder / "processes.json") is None
    assert all(line.startswith(("Page: ", "Data: ", "Stop: ", "Room 9000", "Stopped.")) for line in lines), (
        lines
    )


def test_a_killed_up_leaves_no_process(tmp_path: Path) -> None:
    with _up(tmp_path, "--demo") as process:
        lines_until(process, "Stop: Ctrl-C")
        assert len(processes_with(str(tmp_path))) > len(CHILDREN)
        process.kill()
        process.wait()
        wait_until(lambda: processes_with(str(tmp_path)) == [], "all children die")


def test_every_killed_child_comes_back_and_danmaku_go_on(tmp_path: Path) -> None:
    with _up(tmp_path, "--demo") as process:
        lines_until(process, "Stop: Ctrl-C")
        for name in CHILDREN:
            (victim,) = processes_with(str(tmp_path), name)
            os.kill(victim, signal.SIGKILL)
            lines_until(process, "ended (killed by SIGKILL), starts again")
            _wait_for_child(tmp_path, name)
        _wait_for_danmaku(tmp_path, more_than=_danmaku(tmp_path))


def test_a_second_start_names_the_process_that_has_the_folder(tmp_path: Path) -> None:
    with data_folder.locked(tmp_path / "up.lock"):
        assert f"process {os.getpid()};" in _refusal(tmp_path)


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert f"127.0.0.1:{port}" in _refusal(tmp_path, PORT=port)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be written" in _refusal(tmp_path / "file")


def test_a_bad_setting_is_one_line(tmp_path: Path) -> None:
    assert "DATABASE_URL" in _refusal(tmp_path, DATABASE_URL="postgres://localhost/live")


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    said = _refusal(tmp_path, DATABASE_URL="postgres://me:secret@127.0.0.1:1/live")
    assert "The database live at 127.0.0.1:1 cannot be opened" in said
    assert "DATABASE_URL" in said
    assert "secret" not in said


def test_a_demo_does_not_touch_real_data_nor_the_other_way_round(tmp_path: Path) -> None:
    for demo, options in ((False, ["--demo"]), (True, [])):
        folder = tmp_path / str(demo)
        folder.mkdir()
        data_folder.check_kind(folder, demo)
        assert "another DATA_DIR" in _refusal(folder, *options)


def _wait_for_child(data_dir: Path, name: str) -> None:
    wait_until(lambda: len(processes_with(str(data_dir), name)) == 1, f"{name} runs again")


def _wait_for_danmaku(data_dir: Path, more_than: int) -> None:
    wait_until(lambda: _danmaku(data_dir) > more_than, "more danmaku are in the database")


def _danmaku(data_dir: Path) -> int:
    with closing(sqlite3.connect(data_dir / "live.sqlite3", timeout=PATIENCE)) as database:
        count: int = database.execute("SELECT count(*) FROM live_data_danmakudata").fetchone()[0]
        return count
