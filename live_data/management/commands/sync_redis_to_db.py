"""`manage.py sync_redis_to_db`: one run by hand, to the end of the event log."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from live_data import sync_by_hand
from live_data.management.commands._live import LiveCommand
from live_data.storing.counts import Outcome
from live_data.sync_by_hand import Run


class Command(LiveCommand):
    """Stores what waits in Redis."""

    help = (
        "Stores what waits in Redis in the database, once. One kind alone (danmaku, gifts) is stored ahead of"
        " the others and counts again, as duplicate, when the rest follows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--data-type", choices=sync_by_hand.DATA_TYPES, default=sync_by_hand.ALL)

    def work(self, options: dict[str, Any]) -> str:
        """One DataMigrationLog row a run. Raises CommandError when it cannot go on."""
        data_type: str = options["data_type"]
        run = sync_by_hand.run(data_type)
        if run.problem:
            raise CommandError(run.problem)
        return _summary(data_type, run)


def _summary(data_type: str, run: Run) -> str:
    names = ("received", "stored", "duplicate", "sampled", "ignored", "rejected")
    figures = ", ".join(f"{run.total(Outcome(name))} {name}" for name in names)
    return f"Synced {data_type}: {figures}."
