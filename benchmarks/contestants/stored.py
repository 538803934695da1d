"""Our storing without the log: what `sync.step` does once it has read and decoded, 5,000 to a transaction."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from benchmarks.contestants.bulk_created import TRANSACTION
from benchmarks.contestants.sql_rounds import serve
from bilibili_live.events import PARSER_VERSION, AnyEvent
from live_data.storing.events import Arrival, store


class Stored:
    def __init__(self) -> None:
        self._arrivals: list[Arrival] = []

    def take(self, events: Sequence[AnyEvent]) -> None:
        self._arrivals = [Arrival(event, PARSER_VERSION) for event in events]

    def store(self) -> None:
        for start in range(0, len(self._arrivals), TRANSACTION):
            with transaction.atomic():
                store(self._arrivals[start : start + TRANSACTION], datetime.now(UTC))


def run(told: Mapping[str, Any]) -> None:
    serve(Stored(), told)
