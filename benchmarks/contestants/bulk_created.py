"""Django's plain bulk_create: objects of the models from the events, 5,000 to a transaction, nothing else.

It is given the events, and not the log: reading and decoding that is ours alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from benchmarks.contestants.plain_rows import plain_rows
from benchmarks.contestants.sql_rounds import serve
from bilibili_live.events import AnyEvent

TRANSACTION = 5_000  #: events, as many as a step of the sync


class BulkCreated:
    def __init__(self) -> None:
        self._events: Sequence[AnyEvent] = ()

    def take(self, events: Sequence[AnyEvent]) -> None:
        self._events = events

    def store(self) -> None:
        for start in range(0, len(self._events), TRANSACTION):
            rows_by_table = plain_rows(self._events[start : start + TRANSACTION])
            with transaction.atomic():
                for table, rows in rows_by_table.items():
                    table._default_manager.bulk_create(rows)


def run(told: Mapping[str, Any]) -> None:
    serve(BulkCreated(), told)
