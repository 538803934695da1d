"""Our way into the tables and no further: rows from events, inserted. No rollups, no search, no accounts.

What the product calls for that, called by itself, beside bulk_create of the same events.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from benchmarks.contestants.bulk_created import TRANSACTION
from benchmarks.contestants.sql_rounds import serve
from bilibili_live.events import PARSER_VERSION, AnyEvent
from live_data.models import LiveRoom
from live_data.storing import inserting
from live_data.storing.rows import ROWS


class Inserted:
    def __init__(self) -> None:
        self._events: Sequence[AnyEvent] = ()
        self._anchors: dict[int, int | None] = {}

    def take(self, events: Sequence[AnyEvent]) -> None:
        self._events = events
        self._anchors = dict(LiveRoom.objects.values_list("room_id", "uid"))

    def store(self) -> None:
        now = datetime.now(UTC)
        for start in range(0, len(self._events), TRANSACTION):
            by_type: dict[type, list[tuple[AnyEvent, int]]] = defaultdict(list)
            for event in self._events[start : start + TRANSACTION]:
                by_type[type(event)].append((event, PARSER_VERSION))
            with transaction.atomic():
                for event_type, arrivals in by_type.items():
                    form = ROWS[event_type]
                    inserting.insert(form.table, form.columns, form.rows(arrivals, self._anchors, now))


def run(told: Mapping[str, Any]) -> None:
    serve(Inserted(), told)
