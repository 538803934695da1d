"""Our sync as the scheduler calls it: from the log in Redis to rows and all that follows from them."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.contestants.log import Log
from benchmarks.contestants.sql_rounds import serve
from bilibili_live.events import AnyEvent
from event_store import reader
from event_store.connect import client
from live_data import sync
from live_data.storing import log_slice, sync_places
from live_data.sync_loop import collect_seldom


class Synced:
    """Steps of so many events; a collector sends 50 ms or 1,000 events as one entry."""

    def __init__(self, step: int = log_slice.EVENTS, entry: int = 500, partition: int = 0) -> None:
        collect_seldom()
        self._step = step
        self._partition = partition
        self._entry = entry
        url = os.environ["REDIS_URL"]
        self._log = Log(url)
        self._redis = client(url)

    def take(self, events: Sequence[AnyEvent]) -> None:
        """Into the log, from which all that was synced before is gone."""
        reader.trim(self._redis, sync_places.reached(), 2**53, 0)
        self._log.append(events, self._entry)

    def store(self) -> None:
        while not (step := sync.step(self._redis, partition=self._partition, events=self._step)).is_drained:
            pass
        if step.problem:
            raise RuntimeError(step.problem)


def run(told: Mapping[str, Any]) -> None:
    serve(Synced(), told)
