"""`manage.py up`: migrates, then starts and watches all processes; `runtime.system` knows which."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, OperationalError, connection

from live_data import moving
from live_data.checks import server_fits
from runtime import data_folder, environment, probes, setting_values, system
from runtime.environment import Environment
from runtime.errors import DatabaseRefused


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
            _check_copy(current)
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
    """Raises DatabaseRefused when it cannot be opened, or is none that can be used."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseRefused(_cannot_be_opened(current, error)) from error
    except NotSupportedError:
        pass  # the check says more about it
    for found in server_fits([connection.alias]):
        raise DatabaseRefused(f"{found.msg} {found.hint}")


def _check_copy(current: Environment) -> None:
    """Raises DatabaseRefused for a copy that would go on over what a sync stores now."""
    if moving.is_unfinished(DEFAULT_DB_ALIAS):
        raise DatabaseRefused(
            f"The database {current.database} is an unfinished copy;"
            " run manage.py copy_database again, or set another DATABASE_URL."
        )


def _cannot_be_opened(current: Environment, error: OperationalError) -> str:
    why = " ".join(str(error).split())
    if current.database_path is None:
        return (
            f"The database {current.database} cannot be opened ({why});"
            " check that the server runs, and what DATABASE_URL says."
        )
    return (
        f"The database {current.database_path} cannot be opened ({why});"
        " check the path, its folder and the space on the disk, or set another DATABASE_URL."
    )
