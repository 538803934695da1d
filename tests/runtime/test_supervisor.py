"""The supervisor over real child processes and real signals."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime import process_states
from runtime.errors import TRY_AGAIN
from runtime.supervisor import FIRST_PAUSE, LONGEST_PAUSE, SETTLED, next_pause
from tests.runtime.running import is_running, lines_until, started, wait_until

# Each child notes its start with its number, and its end, in one file: the order is what the tests read.
CHILD = """
import os, signal, sys
def note(what):
    with open({notes!r}, "a", encoding="utf-8") as file:
        file.write(what + "\\n")
def end(*_):
    note("end {name}")
    sys.exit(0)
signal.signal(signal.SIGTERM, {on_term})
note(f"start {name} {{os.getpid()}}")
while True:
    signal.pause()
"""


class Notes:
    """What the children of one test noted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []

    def pids(self, name: str) -> list[int]:
        return [int(line.split()[2]) for line in self.lines() if line.startswith(f"start {name} ")]

    def child(self, name: str, on_term: str = "end") -> tuple[str, str, str, bool]:
        return (name, CHILD.format(notes=str(self.path), name=name, on_term=on_term), "", False)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


ChildTold = tuple[str, str, str, bool] | tuple[str, str, str, bool, float]


@contextmanager
def _supervised(tmp_path: Path, *children: ChildTold) -> Iterator["subprocess.Popen[str]"]:
    command = ["-m", "tests.runtime.supervising", str(tmp_path / "logs"), json.dumps(children)]
    with started(command, {}) as process:
        yield process


def _wait_for_starts(notes: Notes, *names: str) -> None:
    wait_until(lambda: all(notes.pids(name) for name in names), f"{names} start")


@pytest.fixture
def _at_a_terminal() -> Iterator[None]:
    """Whoever runs the tests may do so under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("_at_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_in_reverse_order_with_exit_code_0(
    tmp_path: Path, notes: Notes, number: signal.Signals
) -> None:
    names = ("a", "b", "c")
    with _supervised(tmp_path, *(notes.child(name) for name in names)) as process:
        lines_until(process, "started")
        _wait_for_starts(notes, *names)
        process.send_signal(number)
        assert lines_until(process, "ended") == ["ended"]
        assert process.wait() == 0
    assert notes.lines()[3:] == ["end c", "end b", "end a"]
    assert not any(is_running(pid) for name in names for pid in notes.pids(name))


def test_under_nohup_the_end_of_the_terminal_ends_nothing(tmp_path: Path, notes: Notes) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # inherited, as from nohup
    try:
        with _supervised(tmp_path, notes.child("a")) as process:
            lines_until(process, "started")
            _wait_for_starts(notes, "a")
            process.send_signal(signal.SIGHUP)
            os.kill(notes.pids("a")[0], signal.SIGKILL)
            lines_until(process, "a ended (killed by SIGKILL), starts again")
            process.send_signal(signal.SIGTERM)
            lines_until(process, "ended")
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_child_starts_when_the_one_before_is_ready(tmp_path: Path, notes: Notes) -> None:
    ready = tmp_path / "ready"
    name, code, _, once = notes.child("slow")
    with _supervised(tmp_path, (name, code, str(ready), once), notes.child("next")) as process:
        _wait_for_starts(notes, "slow")
        assert notes.pids("next") == []
        ready.touch()
        lines_until(process, "started")
        _wait_for_starts(notes, "next")


def test_a_signal_while_a_child_gets_ready_ends_all(tmp_path: Path, notes: Notes) -> None:
    name, code, _, once = notes.child("slow")
    with _supervised(tmp_path, (name, code, str(tmp_path / "never"), once), notes.child("next")) as process:
        _wait_for_starts(notes, "slow")
        process.send_signal(signal.SIGTERM)
        assert lines_until(process, "ended") == ["ended"]
        assert process.wait() == 0
    assert notes.pids("next") == []


def test_a_killed_child_is_started_again_and_one_line_says_so(tmp_path: Path, notes: Notes) -> None:
    with _supervised(tmp_path, notes.child("a"), notes.child("b")) as process:
        lines_until(process, "started")
        _wait_for_starts(notes, "a", "b")
        os.kill(notes.pids("a")[0], signal.SIGKILL)
        assert len(lines_until(process, "a ended (killed by SIGKILL), starts again")) == 1
        wait_until(lambda: len(notes.pids("a")) == 2, "a starts again")
        process.send_signal(signal.SIGTERM)
        assert lines_until(process, "ended") == ["ended"]
    assert len(notes.pids("b")) == 1


def test_a_child_that_will_not_end_is_killed_with_what_it_started(tmp_path: Path, notes: Notes) -> None:
    deaf = notes.child("deaf", "signal.SIG_IGN")[1]
    grandchild = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {deaf!r}])"
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {grandchild}"
    with _supervised(tmp_path, notes.child("polite"), ("parent", stubborn, "", False)) as process:
        _wait_for_starts(notes, "polite", "deaf")
        process.send_signal(signal.SIGTERM)
        lines_until(process, "ended")
        assert process.wait() == 0
    assert notes.lines()[-1] == "end polite"
    wait_until(lambda: not is_running(notes.pids("deaf")[0]), "the grandchild ends")


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path, notes: Notes) -> None:
    with _supervised(tmp_path, notes.child("a"), notes.child("deaf", "signal.SIG_IGN")) as process:
        _wait_for_starts(notes, "a", "deaf")
        process.kill()
        process.wait()
        for name in ("a", "deaf"):
            pid = notes.pids(name)[0]
            wait_until(lambda: not is_running(pid), f"{name} dies with the supervisor")  # noqa: B023


def test_a_program_that_cannot_be_started_is_tried_again_and_keeps_nobody_from_ending(
    tmp_path: Path, notes: Notes
) -> None:
    broken = ("broken", "raise SystemExit(3)", "", False)
    with _supervised(tmp_path, broken, notes.child("a")) as process:
        lines_until(process, "broken ended (exit code 3)")
        lines_until(process, "broken ended (exit code 3)")
        _wait_for_starts(notes, "a")
        process.send_signal(signal.SIGTERM)
        lines_until(process, "ended")
        assert process.wait() == 0


def test_a_child_that_runs_once_speaks_to_the_terminal_and_stays_ended(tmp_path: Path, notes: Notes) -> None:
    once = ("once", "import sys; sys.stdout.write('房间 1 不存在\\n'); raise SystemExit(1)", "", True)
    with _supervised(tmp_path, once, notes.child("a")) as process:
        lines = lines_until(process, "房间 1 不存在")
        _wait_for_starts(notes, "a")
        process.send_signal(signal.SIGTERM)
        lines += lines_until(process, "ended")
    assert set(lines) == {"房间 1 不存在", "started", "ended"}


def test_a_child_that_runs_once_is_tried_again_until_it_could_do_its_work(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    code = f"""
import sys
with open({str(tries)!r}, "a+") as file:
    file.write("x")
    file.seek(0)
    tried = len(file.read())
sys.exit({TRY_AGAIN} if tried < 3 else 1)
"""
    states = tmp_path / "processes.json"
    with _supervised(tmp_path, ("once", code, "", True)) as process:
        lines_until(process, f"once ended (exit code {TRY_AGAIN})")
        lines_until(process, f"once ended (exit code {TRY_AGAIN})")
        wait_until(lambda: _state_of("once", states) == (process_states.ENDED, 2), "it has ended for good")
        process.send_signal(signal.SIGTERM)
        assert lines_until(process, "ended") == ["ended"]
    assert tries.read_text(encoding="utf-8") == "xxx"


def _state_of(name: str, file: Path) -> tuple[str, int] | None:
    found = process_states.read(file)
    each = next((one for one in (found.processes if found else ()) if one.name == name), None)
    return None if each is None else (each.state, each.restarts)


BEATING = """
import asyncio
from runtime import pulse
pulse.EVERY = 0.01
with open({notes!r}, "a", encoding="utf-8") as file:
    file.write(f"start {name} {{__import__('os').getpid()}}\\n")
async def main():
    beating = asyncio.create_task(pulse.beat())
    await asyncio.sleep(0.05)
    print("beats", flush=True)
    await beating
asyncio.run(main())
"""
_SILENCE = 1.0  # s; many beats fit into a tenth of it


def _beating(notes: Notes, name: str) -> tuple[str, str, str, bool, float]:
    return (name, BEATING.format(notes=str(notes.path), name=name), "", False, _SILENCE)


def _beats(log: Path) -> bool:
    return log.exists() and "beats" in log.read_text(encoding="utf-8")


def test_a_child_that_hangs_is_killed_and_started_again(tmp_path: Path, notes: Notes) -> None:
    with _supervised(tmp_path, _beating(notes, "hung"), _beating(notes, "well")) as process:
        lines_until(process, "started")
        _wait_for_starts(notes, "hung", "well")
        log = tmp_path / "logs" / "hung-output.log"
        wait_until(lambda: _beats(log), "it beats")
        os.kill(notes.pids("hung")[0], signal.SIGSTOP)
        lines_until(process, "hung hangs: no sign of life for 1 s; it is killed")
        lines_until(process, "hung ended (killed by SIGKILL), starts again")
        wait_until(lambda: len(notes.pids("hung")) == 2, "it starts again")
        process.send_signal(signal.SIGTERM)
        lines_until(process, "ended")
    assert len(notes.pids("well")) == 1
    assert "\0" not in log.read_text(encoding="utf-8")


def test_a_child_that_has_not_begun_to_beat_is_starting(tmp_path: Path, notes: Notes) -> None:
    name, code, ready, once = notes.child("slow")
    with _supervised(tmp_path, (name, code, ready, once, 0.05), _beating(notes, "hung")) as process:
        _wait_for_starts(notes, "slow", "hung")
        wait_until(lambda: _beats(tmp_path / "logs" / "hung-output.log"), "it beats")
        os.kill(notes.pids("hung")[0], signal.SIGSTOP)
        lines = lines_until(process, "hung hangs")  # twenty times as long as the other one's silence
        process.send_signal(signal.SIGTERM)
        lines += lines_until(process, "ended")
    assert not any("slow" in line for line in lines)


def test_whoever_was_not_asked_to_beat_does_not(tmp_path: Path) -> None:
    code = "import asyncio; from runtime import pulse; asyncio.run(pulse.beat())"
    with _supervised(tmp_path, ("alone", code, "", True)) as process:
        lines = lines_until(process, "started")
        process.send_signal(signal.SIGTERM)
        lines += lines_until(process, "ended")
    assert not any("\0" in line for line in lines)


def test_what_a_child_prints_is_in_its_log_as_utf8(tmp_path: Path) -> None:
    code = "import sys; print('弹幕' * 100_000); print('错', file=sys.stderr); raise SystemExit(1)"
    with _supervised(tmp_path, ("talker", code, "", False)) as process:
        lines_until(process, "talker ended")
    log = (tmp_path / "logs" / "talker-output.log").read_text(encoding="utf-8")
    assert log.replace("\n", "").startswith("弹幕" * 100_000 + "错")


def test_pauses_double_up_to_a_limit_and_begin_anew_after_a_settled_life() -> None:
    pauses = [0.0]
    for _ in range(10):
        pauses.append(next_pause(pauses[-1], lived=1.0))
    assert pauses[1:4] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAUSE
    assert next_pause(LONGEST_PAUSE, lived=SETTLED) == FIRST_PAUSE
