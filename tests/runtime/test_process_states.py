"""What the supervisor says of its processes, and what a reader makes of the file, whole or not."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime import process_states, processes
from runtime.process_states import ProcessState, StateFile, Supervised
from tests.runtime.running import lines_until, started, wait_until

FOR_EVER = "import signal\nwhile True: signal.pause()"


def _supervising(folder: Path, *children: tuple[str, str, bool]) -> list[str]:
    said = json.dumps([[name, code, "", once] for name, code, once in children])
    return ["-m", "tests.runtime.supervising", str(folder / "logs"), said]


def _child(folder: Path, name: str) -> ProcessState | None:
    supervised = process_states.read(folder / "processes.json")
    found = [each for each in supervised.processes if each.name == name] if supervised else []
    return found[0] if found else None


def _becomes(folder: Path, name: str, fits: Callable[[ProcessState], bool]) -> ProcessState:
    def does() -> bool:
        child = _child(folder, name)
        return child is not None and fits(child)

    wait_until(does, f"{name} is noted")
    child = _child(folder, name)
    assert child is not None
    return child


def test_each_start_and_each_end_of_a_child_is_noted(tmp_path: Path) -> None:
    once = ("once", "raise SystemExit(3)", True)
    with started(_supervising(tmp_path, ("a", FOR_EVER, False), once), {}) as process:
        lines_until(process, "started")
        first = _becomes(tmp_path, "a", lambda child: child.state == "running")
        assert (first.restarts, first.last_exit) == (0, "")
        os.kill(first.pid, signal.SIGKILL)
        again = _becomes(tmp_path, "a", lambda child: child.state == "running" and child.restarts == 1)
        assert again.pid not in (0, first.pid)
        assert (again.last_exit, again.since >= first.since) == ("killed by SIGKILL", True)
        ended = _becomes(tmp_path, "once", lambda child: child.state == "ended")
        assert (ended.pid, ended.last_exit) == (0, "exit code 3")
        supervised = process_states.read(tmp_path / "processes.json")
        assert supervised is not None
        assert (supervised.supervisor, supervised.is_alive) == (process.pid, True)


def test_a_child_that_always_ends_is_seen_waiting(tmp_path: Path) -> None:
    with started(_supervising(tmp_path, ("broken", "raise SystemExit(3)", False)), {}):
        waiting = _becomes(tmp_path, "broken", lambda child: child.state == "waiting")
    assert (waiting.pid, waiting.last_exit) == (0, "exit code 3")


def test_what_a_killed_supervisor_left_is_of_the_past(tmp_path: Path) -> None:
    with started(_supervising(tmp_path, ("a", FOR_EVER, False)), {}) as process:
        _becomes(tmp_path, "a", lambda child: child.state == "running")
        process.kill()
        process.wait()
        supervised = process_states.read(tmp_path / "processes.json")
    assert supervised is not None
    assert not supervised.is_alive
    assert [child.name for child in supervised.processes] == ["a"]


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    assert processes.is_alive(os.getpid(), processes.mark(os.getpid()))
    assert not processes.is_alive(os.getpid(), "1")
    assert not processes.is_alive(0, "")
    assert not processes.is_alive(2**70, "")


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert process_states.read(tmp_path / "processes.json") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"supervisor": 1, "mark": "5", "since": 1, "proc',
        "[]",
        "7",
        '{"supervisor": "x", "mark": "", "since": 1, "processes": []}',
        '{"supervisor": 1, "mark": "", "since": 1, "processes": [7]}',
        '{"supervisor": 1, "mark": "", "since": 1e300, "processes": []}',
        '{"supervisor": 1, "mark": "", "since": NaN, "processes": []}',
        '{"supervisor": 1, "mark": "", "since": 1, "processes": [{"name": "a", "state": "flying"}]}',
        "[" * 100_000,
        "\x00\x01",
    ],
)
def test_a_torn_file_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "processes.json"
    path.write_text(text)
    with pytest.raises(process_states.NotReadable) as told:
        process_states.read(path)
    assert "\n" not in str(told.value)


def test_the_file_is_for_this_user_alone_and_goes_with_an_orderly_end(tmp_path: Path) -> None:
    path = tmp_path / "processes.json"
    states = StateFile(path)
    state = ProcessState("redis", "running", 1_790_000_000.5, 7)
    states.note(state)
    assert path.stat().st_mode & 0o777 == 0o600
    read = process_states.read(path)
    assert isinstance(read, Supervised)
    assert (read.supervisor, read.is_alive, read.processes) == (os.getpid(), True, (state,))
    states.remove()
    assert process_states.read(path) is None


def test_a_disk_that_refuses_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    states = StateFile(tmp_path / "nowhere" / "processes.json")
    for _ in range(3):
        states.note(ProcessState("redis", "running", 1.0))
    states.remove()
    assert caplog.text.count("cannot be written") == 1


def test_memory_is_told_where_the_system_says_it() -> None:
    assert (processes.memory(os.getpid()) or 0) > 1_000_000
    assert processes.memory(0) is None
