"""What the supervisor says of its processes: one small file in DATA_DIR, written at each change.

Read by whoever shows how the system is. Knows neither why a process runs nor how it is shown.
"""

import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from runtime import processes
from runtime.data_folder import write_private

log = logging.getLogger(__name__)

RUNNING, WAITING, ENDED = "running", "waiting", "ended"
STATES = (RUNNING, WAITING, ENDED)

_LONGEST = 200  # characters of a text from the file
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One child of the supervisor."""

    name: str
    state: str  #: "running"; "waiting" to be started again; "ended", because it runs only once
    since: float  #: s since the epoch, of this state
    pid: int = 0  #: 0 = none at the moment
    restarts: int = 0  #: since the supervisor began
    last_exit: str = ""  #: how its last life ended, in the words of the system; "" = it is its first one


@dataclass(frozen=True, slots=True)
class Supervised:
    """What the file says."""

    supervisor: int  #: pid of `up`
    since: float  #: s since the epoch
    is_alive: bool  #: False: `up` was killed, and what it wrote last is of the past
    processes: tuple[ProcessState, ...] = ()


class NotReadable(ValueError):
    """The file is there and is not what a supervisor writes."""


class StateFile:
    """The supervisor's pen. A disk that is full must not end what is watched: it is logged once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._since = time.time()
        self._states: dict[str, ProcessState] = {}
        self._is_writable = True

    def note(self, state: ProcessState) -> None:
        """A process has another state from now on."""
        self._states[state.name] = state
        pid = os.getpid()
        said = {
            "supervisor": pid,
            "mark": processes.mark(pid),
            "since": self._since,
            "processes": [asdict(each) for each in self._states.values()],
        }
        try:
            write_private(self._path, json.dumps(said, indent=1))
            self._is_writable = True
        except OSError as error:
            if self._is_writable:
                log.warning("%s cannot be written: %s", self._path, error)
            self._is_writable = False

    def remove(self) -> None:
        """All have ended in order: nobody shall take them for killed."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be removed: %s", self._path, error)


def read(path: Path) -> Supervised | None:
    """None: there is no such file, so no `up` runs in this folder. Raises NotReadable."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
        pid, mark = int(said["supervisor"]), str(said["mark"])
        children = tuple(_state(each) for each in said["processes"])
        return Supervised(pid, _time(said["since"]), processes.is_alive(pid, mark), children)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise NotReadable(f"{path.name}: {type(error).__name__}: {error}"[:_LONGEST]) from error


def _state(said: Mapping[str, Any]) -> ProcessState:
    """Raises ValueError, LookupError, TypeError."""
    state = str(said["state"])
    if state not in STATES:
        raise ValueError(f"no state: {state[:20]!r}")
    return ProcessState(
        name=str(said["name"])[:_LONGEST],
        state=state,
        since=_time(said["since"]),
        pid=int(said["pid"]),
        restarts=int(said["restarts"]),
        last_exit=str(said["last_exit"])[:_LONGEST],
    )


def _time(said: Any) -> float:
    """Raises ValueError, also for what no calendar has."""
    seconds = float(said)
    if not 0 <= seconds < 1 << 37:
        raise ValueError(f"no time: {seconds}")
    return seconds
