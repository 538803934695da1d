"""The sync of one partition, beside another contestant: stores all that waits at each line of stdin."""

import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.contestants.synced import Synced


def run(told: Mapping[str, Any]) -> None:
    """Answers each line with one when all is committed; ends with stdin."""
    synced = Synced(partition=told["partition"])
    for _line in sys.stdin:
        synced.store()
        print("stored", flush=True)
