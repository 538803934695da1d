"""The ordeal: everything is cut and killed in turn while the simulator plays; then the books must agree.

In the suite in a short form; `make soak` is the whole of it (2,000 events/s over 200 rooms for 120 s),
after fifty deaths of the sync on each engine, and of PostgreSQL, and prints what it saw.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.valkey import serving
from tests.postgres_process import postgres_process
from tests.simulator_process import SimulatorProcess
from tests.system import journal_proof, sync_ordeal
from tests.system.whole import WholeSystem

_POLL = 0.1  # s between two looks at the accounting
#: What is killed, in turn, by a part of its command line; "" cuts all connections instead.
_VICTIMS = ("collector", "valkey-server", "start_sync_scheduler", "bilibili_monitor.server", "")


@dataclass
class Report:
    ledger: dict[str, int] = field(default_factory=dict)
    reconciled: dict[str, Any] = field(default_factory=dict)
    exit_code: int = -1
    unstored: Counter[str] = field(default_factory=Counter)  #: events in the journal that SQL has not
    kills: Counter[str] = field(default_factory=Counter)
    looks: int = 0  #: how often the accounting was read
    in_flight_seen: int = 0  #: the most that was in flight at a look
    unbalanced: list[dict[str, Any]] = field(default_factory=list)
    accounting: dict[str, Any] = field(default_factory=dict)  #: in the end
    drained_in: float = 0.0  #: s from the last message to all of it in SQL

    @property
    def is_well(self) -> bool:
        return self.exit_code == 0 and not self.unbalanced and not self.unstored and self.looks > 0


def is_balanced(room: dict[str, Any]) -> bool:
    """received = stored + duplicate + sampled + ignored + rejected + in flight."""
    kept = room["stored"] + room["duplicate"] + room["sampled"] + room["in_flight"]
    return bool(room["received"] == kept + sum(room["ignored"].values()) + sum(room["rejected"].values()))


def run(
    folder: Path, *, rate: int, rooms: int, seconds: float, kills: int = len(_VICTIMS), seed: int = 11
) -> Report:
    report = Report()
    arguments = ("--rooms", str(rooms), "--rate", str(rate), "--seed", str(seed))
    with SimulatorProcess(*arguments) as site, WholeSystem(folder, site=site.url, rooms=site.rooms) as system:
        system.until(lambda: sum(site.totals().values()), 30)
        with _watched(system, report):
            _break_everything(site, system, report, pause=seconds / (kills + 1), kills=kills)
            site.fault(stop=True)
            stopped_at = time.time()
            result = system.manage(
                "reconcile", "--simulator", site.url, "--connections", "--wait", "120", "--json"
            )
            report.drained_in = time.time() - stopped_at
        report.unstored = journal_proof.unstored(system.journal, system.data_dir, int(stopped_at * 1000))
        report.exit_code = result.returncode
        report.reconciled = json.loads(result.stdout) if result.stdout else {"error": result.stderr}
        report.ledger = site.totals()
        report.accounting = system.until(lambda: _settled(system), 30)
    return report


def _settled(system: WholeSystem) -> Any:
    """The accounting when nothing is in flight. The collector goes on asking the site for the rooms' state,
    so an entry may be on its way at any one look.
    """
    accounting = system.get("/live/api/accounting")
    if accounting is None or any(room["in_flight"] for room in accounting["results"]):
        return None
    return accounting


def _break_everything(
    site: SimulatorProcess, system: WholeSystem, report: Report, *, pause: float, kills: int
) -> None:
    """Spread over the time: SIGKILL to one process after the other, and all connections cut."""
    for victim, _ in zip(cycle(_VICTIMS), range(kills), strict=False):
        time.sleep(pause)
        if victim:
            system.kill(victim)
        else:
            site.fault(cut="all", abrupt=True)
        report.kills[victim or "all connections"] += 1
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
    parser.add_argument("--rate", type=int, default=2000, help="events a second over all rooms")
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kills", type=int, default=20, help="of one process after the other, and cuts")
    parser.add_argument("--deaths", type=int, default=50, help="of the sync, and of PostgreSQL, before that")
    parser.add_argument("--seed", type=int, default=11, help="of the moments of these deaths")
    given = parser.parse_args()
    alone = [_deaths(given.deaths, given.seed, engine) for engine in ("sqlite", "postgresql")]
    with tempfile.TemporaryDirectory() as folder:
        report = run(
            Path(folder), rate=given.rate, rooms=given.rooms, seconds=given.seconds, kills=given.kills
        )
    _tell(report)
    return 0 if report.is_well and all(each.is_well for each in alone) else 1


def _deaths(deaths: int, seed: int, engine: str) -> sync_ordeal.Report:
    with ExitStack() as stack:
        folder, redis = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        stack.enter_context(serving(redis))
        redis_url = (redis / "redis.url").read_text(encoding="utf-8")
        # What it has committed is on the disk.
        server = stack.enter_context(postgres_process(options=())) if engine == "postgresql" else None
        report = sync_ordeal.run(folder, redis_url, deaths=deaths, seed=seed, server=server)
    print(f"{engine}: the sync killed {report.deaths} times, the server {report.of_server} times,", end=" ")
    print(f"{report.midway} times after something was stored:")
    print(f"   {report.events} events, became {report.counts}")
    print(f"   not in SQL: {dict(report.unstored) or 'nothing'};", end=" ")
    print(f"too much: {dict(report.strange) or 'nothing'};", end=" ")
    print(f"wrong in the search index: {report.unsearched}")
    print(f"   rebuild_rollups: {report.rebuilt}", flush=True)
    return report


def _tell(report: Report) -> None:
    print("killed:", dict(report.kills))
    print("ledger:", report.ledger)
    print(f"reconcile --connections: equal={report.reconciled.get('equal')} exit code {report.exit_code},")
    print("  ", report.reconciled.get("connections", report.reconciled))
    for room, kinds in report.reconciled.get("rooms", {}).items():
        for kind, each in kinds.items():
            if each["ledger"] != each["sql"]:
                print(f"   room {room}: {kind}: expected {each['ledger']}, in SQL {each['sql']}")
    print("journaled and not in SQL:", dict(report.unstored) or "nothing")
    print(f"drained {report.drained_in:.1f} s after the last message")
    print(f"accounting: {report.looks} looks, {len(report.unbalanced)} unbalanced,", end=" ")
    print(f"at most {report.in_flight_seen} in flight")
    for room in report.unbalanced[:5]:
        print("  unbalanced:", room)


if __name__ == "__main__":
    sys.exit(main())
