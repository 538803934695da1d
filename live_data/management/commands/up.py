"""`manage.py up`: migrates, then starts and watches all processes; `runtime.system` knows which."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from runtime import data_folder, environment, probes, setting_values, system
from runtime.environment import Environment
from runtime.errors import FolderRefused


class Command(BaseCommand):
    """Everything, until Ctrl-C."""

    help = "Starts everything - Redis, sync, collector, web page - and keeps it running until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument(
            "--demo", action="store_true", help="play a simulated Bilibili, with data of its own"
        )

    def handle(self, *_: Any, demo: bool, **__: Any) -> None:
        """Raises CannotStart, which manage.py shows as one line."""
        current: Environment = settings.ENVIRONMENT
        for line in environment.unknown_settings(setting_values.ROOT / ".env"):
            self._say(f"Warning: {line}")
        with data_folder.locked(current.lock_file):
            data_folder.check_kind(current.data_dir, demo)
            probes.check_port_free(current.host, current.port)
            _check_database(current)
            call_command("migrate", verbosity=0, interactive=False)
            with system.planned(current, simulated=demo) as planned:
                if planned.note:
                    self._say(f"Warning: {planned.note}")
                asyncio.run(planned.run(self._say, self._say_where))
        self._say("Stopped.")

    def _say_where(self) -> None:
        current: Environment = settings.ENVIRONMENT
        self._say(f"Page: {current.page_url}")
        self._say(f"Data: {current.data_dir}")
        self._say("Stop: Ctrl-C")

    def _say(self, line: str) -> None:
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError:
            pass  # the terminal was closed; everything goes on, and the log has it


def _check_database(current: Environment) -> None:
    """Raises FolderRefused when the file cannot be opened."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise FolderRefused(
            f"The database {current.database_path} cannot be opened ({error}); "
            "check the path, its folder and the space on the disk, or set another DATABASE_URL."
        ) from error
