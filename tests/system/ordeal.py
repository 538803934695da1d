"""The ordeal: everything is cut and killed once while the simulator plays; then the ledger must agree.

In the suite in a short form; `python -m tests.system.ordeal --rate 500 --rooms 20 --seconds 60` is the
whole of it and prints what it saw.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.simulator_process import SimulatorProcess
from tests.system.whole import WholeSystem

_POLL = 0.1  # s between two looks at the accounting


@dataclass
class Report:
    ledger: dict[str, int] = field(default_factory=dict)
    reconciled: dict[str, Any] = field(default_factory=dict)
    exit_code: int = -1
    looks: int = 0  #: how often the accounting was read
    in_flight_seen: int = 0  #: the most that was in flight at a look
    unbalanced: list[dict[str, Any]] = field(default_factory=list)
    accounting: dict[str, Any] = field(default_factory=dict)  #: in the end


def is_balanced(room: dict[str, Any]) -> bool:
    """received = stored + duplicate + sampled + ignored + rejected + in flight."""
    kept = room["stored"] + room["duplicate"] + room["sampled"] + room["in_flight"]
    return bool(room["received"] == kept + sum(room["ignored"].values()) + sum(room["rejected"].values()))


def run(folder: Path, *, rate: int, rooms: int, seconds: float, seed: int = 11) -> Report:
    report = Report()
    arguments = ("--rooms", str(rooms), "--rate", str(rate), "--seed", str(seed))
    with SimulatorProcess(*arguments) as site, WholeSystem(folder, site=site.url, rooms=site.rooms) as system:
        system.until(lambda: sum(site.totals().values()), 30)
        with _watched(system, report):
            _break_everything(site, system, seconds)
            site.fault(stop=True)
            result = system.manage("reconcile", "--simulator", site.url, "--wait", "60", "--json")
        report.exit_code = result.returncode
        report.reconciled = json.loads(result.stdout) if result.stdout else {"error": result.stderr}
        report.ledger = site.totals()
        report.accounting = system.get("/live/api/accounting") or {}
    return report


def _break_everything(site: SimulatorProcess, system: WholeSystem, seconds: float) -> None:
    """Spread over the time: all connections cut, sync, web and Redis killed."""
    pause = seconds / 5
    time.sleep(pause)
    site.fault(cut="all")
    time.sleep(pause)
    system.kill("start_sync_scheduler")
    time.sleep(pause)
    system.kill("bilibili_monitor.server")
    time.sleep(pause)
    system.kill("valkey-server")
    time.sleep(pause)


@contextmanager
def _watched(system: WholeSystem, report: Report) -> Iterator[None]:
    """Read the accounting all the time; while the web is down there is nothing to read."""
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(system, report, done))
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(system: WholeSystem, report: Report, done: threading.Event) -> None:
    while not done.wait(_POLL):
        accounting = system.get("/live/api/accounting")
        if accounting is None:
            continue
        report.looks += 1
        report.in_flight_seen = max(
            report.in_flight_seen, sum(room["in_flight"] for room in accounting["results"])
        )
        report.unbalanced += [room for room in accounting["results"] if not is_balanced(room)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=500, help="events a second over all rooms")
    parser.add_argument("--rooms", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), rate=given.rate, rooms=given.rooms, seconds=given.seconds)
    print("ledger:", report.ledger)
    print(f"reconcile: equal={report.reconciled.get('equal')} exit code {report.exit_code}")
    print(f"accounting: {report.looks} looks, {len(report.unbalanced)} unbalanced,", end=" ")
    print(f"at most {report.in_flight_seen} in flight")
    for room in report.unbalanced[:5]:
        print("  unbalanced:", room)
    return 0 if report.exit_code == 0 and not report.unbalanced and report.looks else 1


if __name__ == "__main__":
    sys.exit(main())
