"""`manage.py check_redis_keys`: what is in Redis, and by its exit code whether all is well."""

import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from live_data import redis_report
from live_data.inspection import wrongs
from live_data.management.commands._live import LiveCommand
from live_data.redis_access import opened


class Command(LiveCommand):
    """Keys, then one line of health."""

    help = (
        "Shows keys in Redis and whether sync and collectors are well. Exit code 0 = well, 1 = not,"
        " 75 = Redis or the database does not answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--pattern", default="room:*", help='which keys (default "room:*")')
        parser.add_argument("--limit", type=int, default=10, help="how many at most (default 10)")

    def work(self, options: dict[str, Any]) -> None:
        """Exits with 1 when something is wrong. Raises CommandError for a limit below 0."""
        if options["limit"] < 0:
            raise CommandError("--limit must be 0 or more")
        with opened() as client:
            shown = 0
            for key in redis_report.keys(client, options["pattern"], options["limit"]):
                self.say(str(key))
                shown += 1
            if not shown:
                self.say(f"No key matches {options['pattern']!r}.")
            problems = wrongs.of_redis(client, datetime.now(UTC))
        self.say(f"Health: {'; '.join(str(each) for each in problems) or 'ok'}")
        if problems:
            sys.exit(1)
