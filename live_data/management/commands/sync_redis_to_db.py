"""`manage.py sync_redis_to_db`: one run by hand, to the end of the event log."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from live_data import sync
from live_data.management.commands._live import LiveCommand
from live_data.redis_access import Client, RedisUnavailable, opened
from live_data.storing import counts, run_log
from live_data.storing.counts import Counts, Outcome


class Command(LiveCommand):
    """Stores what waits in Redis."""

    help = (
        "Stores what waits in Redis in the database, once. One kind alone (danmaku, gifts) is stored ahead of"
        " the others and counts again, as duplicate, when the rest follows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--data-type", choices=("all", *sync.KINDS), default="all")

    def work(self, options: dict[str, Any]) -> str:
        """One DataMigrationLog row a run. Raises CommandError when it cannot go on."""
        data_type: str = options["data_type"]
        with opened() as client:
            row = run_log.begin(datetime.now(UTC), data_type)
            try:
                total, problem = _run(client, data_type)
            except (RedisUnavailable, DatabaseError, OSError) as error:
                run_log.end(row, datetime.now(UTC), 0, 0, str(error))
                raise
        received, rejected = (counts.total(total, each) for each in (Outcome.RECEIVED, Outcome.REJECTED))
        run_log.end(row, datetime.now(UTC), received, rejected, problem)
        if problem:
            raise CommandError(problem)
        return _summary(data_type, total)


def _run(client: Client, data_type: str) -> tuple[Counts, str]:
    if data_type in sync.KINDS:
        return sync.sync_kind(client, data_type)
    total: Counts = Counts()
    while True:
        step = sync.step(client)
        total.update(step.counts)
        if step.problem or (step.is_drained and not step.lost_race):
            return total, step.problem


def _summary(data_type: str, total: Counts) -> str:
    names = ("received", "stored", "duplicate", "sampled", "ignored", "rejected")
    figures = ", ".join(f"{counts.total(total, Outcome(name))} {name}" for name in names)
    return f"Synced {data_type}: {figures}."
