"""`manage.py watch`: rooms into a monitoring task, checked with the site where they were typed."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from live_data import tasks
from live_data.management.commands._live import LiveCommand


class Command(LiveCommand):
    """One line for each room."""

    help = (
        "Adds rooms to a running monitoring task, by number, address or shared text. Says why where one"
        " cannot be watched; the others are, and the exit code is 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("room", nargs="*", help="room number or address")
        parser.add_argument("--task", default=tasks.DEFAULT_TASK, help="the task to add them to")
        parser.add_argument(
            "--from-settings", action="store_true", help="make the task ROOMS what the setting ROOMS says"
        )

    def work(self, options: dict[str, Any]) -> None:
        """Raises CommandError without a room."""
        if not options["room"] and not options["from_settings"]:
            raise CommandError("name at least one room, or --from-settings")
        found = tasks.watch_from_settings() if options["from_settings"] else []
        if options["room"]:
            found += tasks.add_rooms(options["room"], options["task"])
        for typed in found:
            line = f"Room {typed.text}" if typed.is_accepted else typed.text
            (self.stderr.write if typed.problem else self.say)(line[:1].upper() + line[1:])
        if not all(typed.is_accepted for typed in found):
            sys.exit(1)
