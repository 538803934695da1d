"""The processes: as `up` sees them from outside, with what they hold in memory."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from runtime import process_states
from runtime import processes as system
from runtime.process_states import NotReadable, ProcessState, Supervised


@dataclass(frozen=True, slots=True)
class Process:
    """One process."""

    name: str
    state: str  #: "running", "waiting", "ended"
    since: datetime
    pid: int  #: 0 = none
    restarts: int
    last_exit: str
    memory: int | None  #: bytes; None = the system does not say


@dataclass(frozen=True, slots=True)
class Processes:
    """What the file of `up` says, and what that is worth."""

    #: "supervised"; "killed": `up` is gone and left its file; "alone": started by hand; "torn": unreadable
    kind: str
    processes: tuple[Process, ...] = ()
    supervisor: int = 0  #: pid
    detail: str = ""  #: what is wrong with the file

    @property
    def waiting(self) -> list[Process]:
        """Those that ended and are to be started again."""
        return [process for process in self.processes if process.state == process_states.WAITING]


def look(path: Path) -> Processes:
    """Whatever lies there."""
    try:
        supervised = process_states.read(path)
    except NotReadable as error:
        return Processes("torn", detail=str(error))
    if supervised is None:
        return Processes("alone")
    kind = "supervised" if supervised.is_alive else "killed"
    return Processes(kind, _processes(supervised), supervised.supervisor)


def _processes(supervised: Supervised) -> tuple[Process, ...]:
    up = ProcessState("up", process_states.RUNNING, supervised.since, supervised.supervisor)
    return tuple(_process(each, supervised.is_alive) for each in (up, *supervised.processes))


def _process(said: ProcessState, is_alive: bool) -> Process:
    """Numbers of a killed `up` may be those of strangers by now."""
    return Process(
        name=said.name,
        state=said.state if is_alive else process_states.ENDED,
        since=datetime.fromtimestamp(said.since, UTC),
        pid=said.pid,
        restarts=said.restarts,
        last_exit=said.last_exit,
        memory=system.memory(said.pid) if is_alive and said.pid else None,
    )
