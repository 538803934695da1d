"""`manage.py rebuild_search`: the search index made anew from the rows."""

from typing import Any

from django.core.management.base import CommandParser

from live_data.management.commands._live import LiveCommand
from live_data.search import filling


class Command(LiveCommand):
    """May run beside the system, and may be ended at any time: the scheduler goes on where it was."""

    help = (
        "Empties the search index and fills it again from the stored rows, newest first, in small pieces"
        " beside the running system. Searches find everything meanwhile, only slower where the index does not"
        " reach yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument(
            "--resume", action="store_true", help="keep what is filled, and only go on to the end"
        )

    def work(self, options: dict[str, Any]) -> str:
        """Returns the summary."""
        if not options["resume"]:
            filling.begin()
        total, told = 0, 0
        while (count := filling.fill()) is not None:
            total += count
            if total - told >= _TELL_EVERY:
                told = total
                self.say(f"{total} rows ...")
        return f"{total} rows indexed."


_TELL_EVERY = 100_000
