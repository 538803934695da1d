"""The whole system on one machine: from the simulator's wire to committed rows, at a steady rate.

`manage.py up` as users run it, beside `python -m simulator`. Afterwards the simulator stops, what waits is
synced, and `reconcile` compares the simulator's ledger with SQL, to the last seed. What each process used
says what bounds it. The simulator makes and compresses its frames before anybody connects: on a machine of
two cores that would cost as much as the whole product, and the site does it elsewhere.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.figures import BenchmarkFailed, Figures, rounded
from benchmarks.watching import cpu_seconds
from tests.simulator_process import SimulatorProcess
from tests.system.whole import WholeSystem

ROOMS = 40
_LOOK = 5.0  # s between two looks at the backlog
_START = 60.0
_DRAIN = 900
_AROUND = 30.0  # s that are rehearsed beside those that are measured
_PER_REHEARSED = 1e-3  # s that an event may take to be rehearsed, at most
#: Figure -> a part of the command line of the process.
PROCESSES = {
    "collector": "-m collector",
    "scheduler": "start_sync_scheduler",
    "web": "bilibili_monitor.server",
    "redis": "valkey-server",
}


def _words() -> Iterator[tuple[str, str]]:
    yield "rate", "events a second that the simulator was asked for, over 40 rooms"
    yield "seconds", "for how long it was measured"
    yield "sent_s", "events a second that it sent"
    yield "committed_s", "events a second that were committed meanwhile; aim: 10,000"
    yield "backlog_most", "events in the log and not in SQL, the most at a look"
    yield "backlog_end", "the same when the simulator stopped"
    yield "drained_s", "from then until nothing waited and the books were compared"
    yield "is_equal", "reconcile: what was sent is what SQL has, nothing lost, nothing double"
    for name in ("simulator", *PROCESSES):
        yield f"cpu_{name}", "of one core, in percent"


WORDS: Mapping[str, str] = dict(_words())


def run(rate: int, seconds: float) -> Figures:
    """``rate`` events a second for so many seconds. Raises BenchmarkFailed when the books do not agree."""
    rehearsed = seconds + _AROUND
    arguments = ("--rooms", str(ROOMS), "--rate", str(rate), "--rehearse", str(rehearsed))
    ready_within = _START + rehearsed * rate * _PER_REHEARSED
    with (
        tempfile.TemporaryDirectory() as folder,
        SimulatorProcess(*arguments, ready_within=ready_within) as site,
        WholeSystem(Path(folder), site=site.url, rooms=site.rooms) as system,
    ):
        system.until(lambda: _received(system) > 0, _START)
        figures = {"rate": rate, "seconds": seconds, **_steady(site, system, seconds)}
        site.fault(stop=True)
        stopped = time.monotonic()
        compared = ("--simulator", site.url, "--connections", "--wait", str(_DRAIN), "--json")
        books = system.manage("reconcile", *compared)
        figures["drained_s"] = rounded(time.monotonic() - stopped)
    figures["is_equal"] = books.returncode == 0 and json.loads(books.stdout)["equal"]
    if not figures["is_equal"]:
        raise BenchmarkFailed(f"the books do not agree: {books.stdout or books.stderr}")
    return figures


def _steady(site: SimulatorProcess, system: WholeSystem, seconds: float) -> Figures:
    pids = _pids(site, system)
    used, sent, committed = _used(pids), _sent(site), _committed(system)
    begun, backlogs = time.monotonic(), []
    while (passed := time.monotonic() - begun) < seconds:
        time.sleep(min(_LOOK, seconds - passed))
        backlogs.append(_backlog(system))
        print(f"load: {backlogs[-1]:,} events wait after {passed:.0f} s", file=sys.stderr, flush=True)
    took = time.monotonic() - begun
    return {
        "sent_s": rounded((_sent(site) - sent) / took),
        "committed_s": rounded((_committed(system) - committed) / took),
        "backlog_most": max(backlogs),
        "backlog_end": backlogs[-1],
        **{f"cpu_{name}": rounded((now - used[name]) / took * 100) for name, now in _used(pids).items()},
    }


def _pids(site: SimulatorProcess, system: WholeSystem) -> dict[str, int]:
    found = {"simulator": site.pid}
    for pid, command in system.processes().items():
        found |= {name: pid for name, part in PROCESSES.items() if part in command}
    return found


def _used(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: cpu_seconds(pid) for name, pid in pids.items()}


def _sent(site: SimulatorProcess) -> int:
    """Events, without the gold that they are worth."""
    return sum(count for kind, count in site.totals().items() if kind != "gold")


def _rooms(system: WholeSystem) -> list[dict[str, int]]:
    rooms: list[dict[str, int]] = system.until(lambda: system.get("/live/api/accounting"), _START)["results"]
    return rooms


def _received(system: WholeSystem) -> int:
    return sum(room["received"] for room in _rooms(system))


def _committed(system: WholeSystem) -> int:
    return sum(room["stored"] for room in _rooms(system))


def _backlog(system: WholeSystem) -> int:
    return sum(room["in_flight"] for room in _rooms(system))
