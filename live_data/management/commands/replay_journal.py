"""`manage.py replay_journal`: parses the journal again, by `collector.replay` in a process of its own."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from live_data.management.commands._live import LiveCommand
from runtime import processes
from runtime.environment import Environment
from runtime.setting_values import ROOT


class Command(LiveCommand):
    """Its exit code is that of the process."""

    help = (
        "Parses what the journal keeps once more into the event log, for instance after an update whose"
        " parser reads more or better. The sync replaces rows of an older parser, and their sums with them;"
        " events that are stored already count as duplicate and change nothing, so that it can be repeated."
        " It may run beside the system, and waits for the sync where that is slower. TIME is ISO 8601, such"
        " as 2026-10-01 (its begin) or 2026-10-01T20:30; without an offset it is the time of China"
        " (Asia/Shanghai)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options; the process itself checks what they say."""
        parser.add_argument(
            "--room", nargs="+", action="extend", default=[], metavar="ID", help="only these long ids"
        )
        parser.add_argument("--since", metavar="TIME", help="only what was received at this time or later")
        parser.add_argument("--until", metavar="TIME", help="only what was received before this time")

    def work(self, options: dict[str, Any]) -> None:
        """Exits with the code of the process when that is not 0."""
        current: Environment = settings.ENVIRONMENT
        environ = {"DATA_DIR": str(current.data_dir), "REDIS_URL": current.find_redis()}
        command = [sys.executable, "-m", "collector.replay", *_arguments(options)]
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, texts as arguments
                command, cwd=ROOT, env=processes.child_environ(environ), check=False
            )
        except KeyboardInterrupt:
            sys.exit(130)
        if ended.returncode:
            sys.exit(ended.returncode)


def _arguments(options: dict[str, Any]) -> list[str]:
    """ "=" keeps a text that begins with a dash from being taken for an option."""
    times = [f"--{name}={options[name]}" for name in ("since", "until") if options[name]]
    return [*(f"--room={room}" for room in options["room"]), *times]
