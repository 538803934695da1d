"""Starts child processes in order, restarts those that end, stops them in reverse. Knows not what they do."""

import asyncio
import codecs
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from runtime import logs, process_states, processes, pulse
from runtime.errors import TRY_AGAIN
from runtime.process_states import ProcessState

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a child is started again
SETTLED = 30.0  # seconds of life after which the pauses begin anew
READY_WITHIN, POLL = 20.0, 0.03  # seconds
STOP_WITHIN = 4.5  # seconds for all children together
LEAST_GRACE, MOST_GRACE = 0.3, 2.0  # seconds for one child between asking and killing
_LOOKS = 10  # at the beats of a child within its longest silence

Say = Callable[[str], None]
Note = Callable[[ProcessState], None]


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], Awaitable[bool]] | None = None
    """Whether the next child may start; asked until it says yes."""
    once: bool = False
    """Runs to its end a single time, unless that end says TRY_AGAIN, and writes to our terminal."""
    longest_silence: float = 0.0
    """Seconds without a beat after which it hangs, and is killed; 0 = it does not beat. Only what was given
    `pulse.ENVIRON` beats."""


def next_pause(pause: float, lived: float) -> float:
    """Seconds to wait before a restart, after a life of `lived` seconds that began after `pause`."""
    return FIRST_PAUSE if lived >= SETTLED or not pause else min(pause * 2, LONGEST_PAUSE)


async def supervise(
    children: Sequence[Child], logs_dir: Path, say: Say, note: Note, started: Callable[[], None]
) -> None:
    """Runs `children` until SIGINT, SIGTERM or SIGHUP; all have ended when it returns.

    `say` gets one line for each restart, `note` each change of a child; `started` is called when all are up.
    """
    stop = asyncio.Event()
    running: list[_Supervised] = []
    with _stopped_by_signals(stop):
        async with asyncio.TaskGroup() as group:
            try:
                for child in children:
                    running.append(_Supervised(child, logs_dir, say, note, group))
                    await _first(running[-1].until_ready(), stop.wait())
                    if stop.is_set():
                        break
                if not stop.is_set():
                    started()
                await stop.wait()
            finally:
                await _stop_in_reverse(running)


async def _first(one: Coroutine[None, None, object], other: Coroutine[None, None, object]) -> None:
    """Returns as soon as either has."""
    tasks = {asyncio.create_task(one), asyncio.create_task(other)}
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _stop_in_reverse(running: Sequence["_Supervised"]) -> None:
    deadline = time.monotonic() + STOP_WITHIN
    for others, one in reversed(list(enumerate(running))):
        left = deadline - time.monotonic() - others * LEAST_GRACE
        await one.stop(grace=max(LEAST_GRACE, min(left, MOST_GRACE)))


class _Supervised:
    """One child over all its lives."""

    def __init__(self, child: Child, logs_dir: Path, say: Say, note: Note, group: asyncio.TaskGroup) -> None:
        self._child = child
        self._name = child.name
        self._say = say
        self._note = note
        self._restarts = 0
        self._last_exit = ""
        self._log_file = logs_dir / f"{child.name}-output.log"
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._task = group.create_task(self._keep_running())

    async def until_ready(self) -> None:
        """Returns when the child's own question is answered with yes, or has not been for too long."""
        if self._child.ready is None:
            return
        try:
            async with asyncio.timeout(READY_WITHIN):
                while not await self._child.ready():  # noqa: ASYNC110 - nothing tells that a server listens
                    await asyncio.sleep(POLL)
        except TimeoutError:
            self._say(f"{self._name} is not ready after {READY_WITHIN:g} s; see {self._log_file.parent}")

    async def stop(self, grace: float) -> None:
        """Asks the child to end, and kills it after `grace` seconds."""
        self._stopping.set()
        self._signal(processes.ask_to_end)
        done, _ = await asyncio.wait({self._task}, timeout=grace)
        if not done:
            self._signal(processes.kill)
            await asyncio.wait({self._task})

    async def _keep_running(self) -> None:
        """Returns when the child has ended after `stop`, or by itself when it runs once."""
        pause = 0.0
        while True:
            began = time.monotonic()
            how = self._last_exit = await self._live()
            if self._stopping.is_set() or self._is_done():
                self._is_now(process_states.ENDED)
                return
            self._is_now(process_states.WAITING)
            pause = next_pause(pause, time.monotonic() - began)
            self._say(f"{self._name} ended ({how}), starts again in {pause:g} s; see {self._log_file.parent}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
                return
            self._restarts += 1

    def _is_done(self) -> bool:
        """Of a child that runs once: whether it could do its work, or never will."""
        return self._child.once and (self._process is None or self._process.returncode != TRY_AGAIN)

    def _is_now(self, state: str, pid: int = 0) -> None:
        self._note(ProcessState(self._name, state, time.time(), pid, self._restarts, self._last_exit))

    def _signal(self, send: Callable[[asyncio.subprocess.Process], None]) -> None:
        if self._process is not None and self._process.returncode is None:
            send(self._process)

    async def _live(self) -> str:
        """From start to end; how it ended, in words."""
        try:
            self._process = await processes.start(
                self._child.command, self._child.environ, self._child.folder, captured=not self._child.once
            )
        except OSError as error:
            return f"cannot be started: {error}"
        self._is_now(process_states.RUNNING, self._process.pid)
        if self._stopping.is_set():  # asked while it was being started: it has done nothing yet
            processes.kill(self._process)
        async with _copied(self._process.stdout, self._log_file) as beats, self._killed_when_silent(beats):
            return processes.ending(await self._process.wait())

    @contextlib.asynccontextmanager
    async def _killed_when_silent(self, beats: "_Beats") -> AsyncIterator[None]:
        if not self._child.longest_silence:
            yield
            return
        watching = asyncio.create_task(self._kill_when_silent(beats))
        try:
            yield
        finally:
            watching.cancel()

    async def _kill_when_silent(self, beats: "_Beats") -> None:
        """Looks are counted, not time: a machine that slept, or stopped us too, made nobody hang."""
        looks, seen = 0, 0
        while looks < _LOOKS:
            await asyncio.sleep(self._child.longest_silence / _LOOKS)
            # Before the first beat it is starting, for as long as it takes.
            looks = looks + 1 if beats.count == seen and seen else 0
            seen = beats.count
        self._say(f"{self._name} hangs: no sign of life for {self._child.longest_silence:g} s; it is killed")
        self._signal(processes.kill)


@dataclass(slots=True)
class _Beats:
    """Of one life."""

    count: int = 0


@contextlib.asynccontextmanager
async def _copied(output: asyncio.StreamReader | None, log_file: Path) -> AsyncIterator[_Beats]:
    """Copies what a child writes to its log while the block runs, and counts its beats."""
    beats = _Beats()
    if output is None:
        yield beats
        return
    copying = asyncio.create_task(_copy(output, log_file, beats))
    try:
        yield beats
    finally:
        # A grandchild may hold the pipe open after the child's end: its rest is not worth waiting for.
        await asyncio.wait({copying}, timeout=0.5)
        copying.cancel()


async def _copy(output: asyncio.StreamReader, log_file: Path, beats: _Beats) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with contextlib.closing(logs.rotating_file(log_file, "%(message)s")) as handler:
        # In chunks: a line may be longer than any limit.
        while chunk := await output.read(65536):
            beats.count += chunk.count(pulse.BEAT)
            if text := decoder.decode(chunk.replace(pulse.BEAT, b"")).rstrip("\n"):
                handler.emit(logging.LogRecord("output", logging.INFO, "", 0, text, None, None))


@contextlib.contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Sets `stop` on the signals that ask a program to end."""
    loop = asyncio.get_running_loop()

    def ask(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    # signal.signal, not the loop's own: Windows has only this. It wakes the loop on all systems.
    names = ["SIGINT", "SIGTERM", "SIGBREAK"]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        names.append("SIGHUP")  # else nohup started us, to outlive the terminal
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
