"""`manage.py start_sync_scheduler`: the Monitor Scheduler, in the foreground."""

import signal
import threading
from argparse import ArgumentTypeError
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from live_data.management.commands._live import LiveCommand
from live_data.redis_access import opened
from live_data.scheduler import Scheduler
from live_data.sync_loop import SyncLoop, collect_seldom


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise ArgumentTypeError("must be more than 0 and at most 86400 seconds")
    return seconds


class Command(LiveCommand):
    """Publishes, syncs and trims until SIGTERM or Ctrl-C."""

    help = (
        "The Monitor Scheduler: tells the collectors which rooms to watch, and stores what they collect in"
        " the database every --interval seconds. `up` runs it with an interval of 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument(
            "--interval", type=_seconds, default=300.0, help="seconds between two syncs (default 300)"
        )
        parser.add_argument(
            "--partition",
            type=int,
            default=0,
            help="sync the rooms of this one of SYNC_PARTITIONS, from 1, and do nothing else",
        )

    def work(self, options: dict[str, Any]) -> None:
        """Redis must be there at the start; later it is waited for."""
        with opened():
            pass
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        count, number = settings.ENVIRONMENT.sync_partitions, options["partition"]
        if not 0 <= number < count:
            raise CommandError(f"--partition must be below SYNC_PARTITIONS, which is {count}")
        self.say(f"Syncing every {options['interval']:g} s. Stop: Ctrl-C")
        collect_seldom()
        loop = SyncLoop if number else Scheduler
        loop(options["interval"], stop, self.say, number, count).run()
