#!/usr/bin/env python3
"""Django's command line of this project; `up` starts everything."""

import os
import sys

from django.core.management import execute_from_command_line

from runtime import data_folder, demo, environment, logs
from runtime.errors import TRY_AGAIN, CannotStart, FolderRefused

LOG_NAMES = {"up": "up", "start_sync_scheduler": "scheduler"}


def main(arguments: list[str]) -> None:
    """Runs the command in `arguments` (the program's name first); what cannot start says so in one line."""
    command = arguments[1] if len(arguments) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilibili_monitor.settings")
    try:
        if command == "up" and "--demo" in arguments:
            # Before Django reads its settings: they are the demo's then.
            os.environ.update(demo.environ())
        settings = environment.from_process()
        data_folder.check_writable(settings.data_dir)
        logs.configure(LOG_NAMES.get(command, "commands"), settings.logs_dir, settings.log_level)
        execute_from_command_line(arguments)
    except FolderRefused as error:
        # A full disk has room again some time; `up` is started by a person, who sees the line.
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(1 if command == "up" else TRY_AGAIN)
    except CannotStart as error:
        sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit(0 if command == "up" else 130)


if __name__ == "__main__":
    main(sys.argv)
