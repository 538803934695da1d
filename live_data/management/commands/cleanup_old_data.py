"""`manage.py cleanup_old_data`: old events go, by hand."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from live_data import retention
from live_data.management.commands._live import LiveCommand
from live_data.storing import calendar


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 36_500:
        raise ArgumentTypeError("must be from 0 to 36500 days")
    return days


class Command(LiveCommand):
    """Counts per table, then deletes."""

    help = (
        "Deletes events older than --days by their own time, with their counts by minute, day and person,"
        " their coverage, sessions that ended before, what could not be stored, and the log of old syncs."
        " Rooms, monitoring tasks, and the totals of what was ever received stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--days", type=_days, default=7, help="keep so many days (default 7)")
        parser.add_argument("--dry-run", action="store_true", help="only say how much would be deleted")

    def work(self, options: dict[str, Any]) -> str:
        """Returns the summary."""
        if not options["dry_run"] and not calendar.kept().is_whole:
            raise CommandError(
                "The counts by day, person and gift are not made yet, and could not be taken along with their"
                " rows; run first: manage.py rebuild_rollups"
            )
        before = datetime.now(UTC) - timedelta(days=options["days"])
        total = 0
        for name, rows in retention.outdated(before):
            count = rows.count() if options["dry_run"] else sum(retention.delete(rows))
            total += count
            if count:
                self.say(f"{name}: {count}")
        if options["dry_run"]:
            return f"{total} rows would be deleted."
        retention.forget_counts(before)
        retention.give_space_back()
        return f"{total} rows deleted."
