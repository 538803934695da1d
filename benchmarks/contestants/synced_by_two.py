"""Our sync as two processes that share the rooms (SYNC_PARTITIONS=2): this one, and one that it starts."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, cast

from benchmarks.contestants.sql_rounds import serve
from benchmarks.contestants.synced import Synced
from live_data.storing import sync_places


class SyncedByTwo(Synced):
    """Both begin at once; what is left when the first one is done is waited for."""

    def __init__(self) -> None:
        super().__init__()
        sync_places.divide(2)
        command = [sys.executable, "-m", "benchmarks.contestants.with_django"]
        told = json.dumps({"program": "synced_beside", "partition": 1})
        self._other = subprocess.Popen([*command, told], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def store(self) -> None:
        stdin, stdout = cast(Any, self._other.stdin), cast(Any, self._other.stdout)
        stdin.write(b"\n")
        stdin.flush()
        super().store()
        if not stdout.readline():
            raise RuntimeError("the other sync ended")


def run(told: Mapping[str, Any]) -> None:
    serve(SyncedByTwo(), told)
