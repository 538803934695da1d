"""`manage.py retry_dead_letters`: what could not be stored is tried again."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import CommandParser

from live_data import dead_letters
from live_data.management.commands._live import LiveCommand

_MOST_REASONS = 10


class Command(LiveCommand):
    """After an update, or whenever somebody has seen to the cause."""

    help = (
        "Tries again to store the events that could not be stored (dead letters). Those that get in leave"
        " the list; the others stay, with the newest reason. Exit code 0 = none is left, 1 = some are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--kind", default="", help="only events of this kind, such as danmaku or gift")
        parser.add_argument("--room", type=int, help="only events of this room")
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")

    def work(self, options: dict[str, Any]) -> str | None:
        """Exits with 1 when some are refused again."""
        letters = dead_letters.waiting(options["kind"], options["room"])
        if options["dry_run"]:
            return f"{letters.count()} dead letters wait."
        became: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        for result in dead_letters.retry(letters):
            if isinstance(result, str):
                refused[result] += 1
            else:
                for (_room, outcome, name), count in result.items():
                    became[f"{outcome} {name}".strip()] += count
        for reason, count in refused.most_common(_MOST_REASONS):
            self.say(f"{count}: {reason}")
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(became.items())) or "none stored"
        self.say(f"Tried {became.total() + refused.total()}: {told}, {refused.total()} refused again.")
        if refused:
            sys.exit(1)
        return None
