"""Real processes for tests: start them, wait for what they do, find what they left."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from runtime.setting_values import ROOT

PATIENCE = 30  # seconds; on a busy machine a Python process takes some to start


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Returns once `condition` holds; an AssertionError that says `what` when it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether a process has this number and has not ended (a zombie has)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def processes_with(text: str, command: str = "") -> list[int]:
    """The processes of one test, and of these the ones that `command` started.

    A test's own have `text` in their environment, command line or folder. One that ends while
    it is looked at is none of them.
    """
    return [
        pid
        for pid in _pids()
        if is_running(pid) and text.encode() in _marks(pid) and command.encode() in _command_line(pid)
    ]


@contextlib.contextmanager
def started(command: Sequence[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`command` in the checkout with its output in a pipe; killed at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    """What `process` prints, up to the line that contains `text`."""
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if text in line:
            return lines
    raise AssertionError(f"{text!r} was never printed: {lines}")


def _pids() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _marks(pid: int) -> bytes:
    folder = Path(f"/proc/{pid}")
    try:
        # The working directory too: Valkey writes its title over its environment.
        return b"\0".join(
            (
                _command_line(pid),
                (folder / "environ").read_bytes(),
                os.fsencode((folder / "cwd").readlink()),
            )
        )
    except OSError:
        return b""
