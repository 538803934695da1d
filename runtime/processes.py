"""How one child process is started, told to end, and made to die with its parent, on each system."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def child_environ(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: ours, `extra`, and UTF-8 whatever the locale says."""
    return {**os.environ, **extra, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


async def start(
    command: tuple[str, ...], environ: Mapping[str, str], folder: Path, *, captured: bool
) -> asyncio.subprocess.Process:
    """Starts `command` in `folder`, its output in a pipe when `captured`, else in our terminal.

    It gets a session of its own: Ctrl-C in the terminal reaches us only, and we stop the children in order.
    Raises OSError when the program cannot be started.
    """
    output = asyncio.subprocess.PIPE if captured else None
    errors = asyncio.subprocess.STDOUT if captured else None
    if sys.platform == "win32":
        return await asyncio.create_subprocess_exec(
            *command,
            env=child_environ(environ),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    return await asyncio.create_subprocess_exec(
        *command,
        env=child_environ(environ),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        preexec_fn=die_with(os.getpid()),
    )


def ask_to_end(process: asyncio.subprocess.Process) -> None:
    """SIGTERM to the process and what it started; on Windows the break event."""
    if sys.platform == "win32":
        process.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        _signal_group(process.pid, signal.SIGTERM)


def kill(process: asyncio.subprocess.Process) -> None:
    """Ends the process and what it started, now."""
    if sys.platform == "win32":
        process.kill()
    else:
        _signal_group(process.pid, signal.SIGKILL)


def ending(returncode: int) -> str:
    """How a process ended, in words."""
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        return f"killed by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"killed by signal {-returncode}"


def mark(pid: int) -> str:
    """What tells a process from a later one with the same number: when it began; "" where nothing tells."""
    try:
        # The name before it, in brackets, may hold blanks; the 22nd field is the start, in ticks since boot.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, UnicodeDecodeError, IndexError):
        return ""


def memory(pid: int) -> int | None:
    """Bytes that the process holds in memory; None where the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):  # AttributeError: Windows has no sysconf
        return None


if sys.platform == "win32":
    _QUERY_LIMITED_INFORMATION = 0x1000  # winnt.h
    _STILL_ACTIVE = 259  # minwinbase.h

    def is_alive(pid: int, marked: str) -> bool:  # noqa: ARG001 - Windows has no such mark
        """Whether a process has this number. A signal would end it: Windows has no signal 0."""
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == _STILL_ACTIVE

else:

    def is_alive(pid: int, marked: str) -> bool:
        """Whether the process that once had this number and this `mark` still runs."""
        if pid <= 0:
            return False
        try:
            os.kill(pid, 0)
        except PermissionError:
            pass  # it is another user's
        except (ProcessLookupError, OverflowError):
            return False
        return mark(pid) == marked


if sys.platform != "win32":

    def _signal_group(leader: int, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself meanwhile
            # The child leads its session, so its group has its number.
            os.killpg(leader, number)


if sys.platform == "linux":
    _PR_SET_PDEATHSIG = 1  # linux/prctl.h
    # Loaded here: between fork and exec nothing may be imported.
    _prctl = ctypes.CDLL(None, use_errno=True).prctl

    def die_with(parent: int) -> Callable[[], None] | None:
        """For preexec_fn: the kernel kills the child when `parent` dies, even by SIGKILL."""

        def between_fork_and_exec() -> None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it died before the call above
                os._exit(1)

        return between_fork_and_exec

else:

    def die_with(parent: int) -> Callable[[], None] | None:  # noqa: ARG001 - only Linux can do that
        """Other systems have no such call."""
        return None
