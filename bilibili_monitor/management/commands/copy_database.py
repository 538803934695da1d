"""`manage.py copy_database`: a history moves to another database, such as from SQLite to PostgreSQL."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connections

from bilibili_monitor import databases
from live_data import moving
from runtime import data_folder, database_address, setting_values
from runtime.environment import Environment, variable
from runtime.errors import FolderRefused

SOURCE, TARGET = "copied_from", "copied_to"
VARIABLE = "env:"


class Command(BaseCommand):
    """Table by table; a line for each."""

    help = (
        "Copies rooms, tasks, events and all figures from one database into another one, which is migrated"
        " first and must be empty, or hold what an unfinished run has copied out of the same one. Stop"
        " everything before. It may be interrupted anywhere and run again; in the end both are compared, and"
        " the exit code is 1 when they differ. The search index is filled anew, in the background, once"
        " everything runs again. Accounts of the admin are not copied."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        for option, meant in (("from", "to read"), ("to", "to write")):
            parser.add_argument(
                f"--{option}",
                required=True,
                metavar="URL",
                help=f"the DATABASE_URL {meant}, or env:NAME, the environment variable that has it:"
                " others see a password in a command line",
            )

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError."""
        connect(SOURCE, "--from", options["from"])
        connect(TARGET, "--to", options["to"])
        try:
            if _place(SOURCE) == _place(TARGET):
                raise CommandError("--from and --to are the same database.")
            with _all_stopped():
                self._copy()
        except (moving.MoveRefused, FolderRefused) as error:
            raise CommandError(str(error)) from error
        except IntegrityError as error:
            raise CommandError(
                f"The database of --to has rows of its own; use an empty one ({error})."
            ) from error
        except DatabaseError as error:
            raise CommandError(f"A database cannot be used: {error} Run it again to go on.") from error
        finally:
            forget(SOURCE, TARGET)
        self.stdout.write("Both are the same.")

    def _copy(self) -> None:
        moving.check(SOURCE, TARGET)
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        moving.begin(SOURCE, TARGET)
        for table in moving.tables():
            self._move(table)
        moving.set_sequences(TARGET)
        found = [moving.difference(table, SOURCE, TARGET) for table in moving.tables()]
        if differences := [each for each in found if each is not None]:
            raise CommandError("\n".join(map(_told, differences)))
        moving.complete(TARGET)

    def _move(self, table: Any) -> None:
        done = None
        for done in moving.move(table, SOURCE, TARGET):
            if done.read % 100_000 == 0:
                self.stdout.write(f"{done.table}: {done.read} read ...")
                self.stdout.flush()
        if done is not None:
            self.stdout.write(
                f"{done.table}: {done.read} read, {done.written} written, {done.corrected} corrected,"
                f" {done.there} already there"
            )


def _told(difference: moving.Difference) -> str:
    return (
        f"{difference.table} differs: {difference.missing} rows are missing, {difference.differing} are not"
        f" the same, and {difference.foreign} are in --to only."
    )


def _place(alias: str) -> tuple[str, ...]:
    """Where the database is, whoever asks for it."""
    found = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return ("sqlite", str(Path(found["NAME"]).resolve()))
    return ("postgresql", found["NAME"], found["HOST"], found["PORT"] or "5432")


@contextlib.contextmanager
def _all_stopped() -> Iterator[None]:
    """No `up` runs, nor begins to, on a database that is the own one, or lies in a data folder.

    Raises FolderRefused.
    """
    current: Environment = settings.ENVIRONMENT
    own = _place(DEFAULT_DB_ALIAS)
    locks = set()
    for alias in (SOURCE, TARGET):
        if _place(alias) == own:
            locks.add(current.lock_file.resolve())
        if connections[alias].vendor == "sqlite":
            beside = Path(connections[alias].settings_dict["NAME"]).resolve().parent / current.lock_file.name
            locks |= {beside} if beside.exists() else set()
    with contextlib.ExitStack() as held:
        for lock in sorted(locks):
            held.enter_context(data_folder.locked(lock))
        yield


def connect(alias: str, option: str, url: str) -> None:
    """Makes ``alias`` a connection to the address, or that of `env:NAME`. Raises CommandError."""
    if url.startswith(VARIABLE):
        url = _of_variable(option, url.removeprefix(VARIABLE))
    try:
        environment = replace(settings.ENVIRONMENT, database_url=database_address.checked(url))
    except ValueError as error:
        raise CommandError(f"{option}={setting_values.without_secrets(url)} {error}") from error
    path = environment.database_path
    if alias == SOURCE and path is not None and not data_folder.has_content(path):
        raise CommandError(f"{option} names {path}, where no database is.")
    connections.settings[alias] = connections.configure_settings({"default": databases.default(environment)})[
        "default"
    ]


def _of_variable(option: str, name: str) -> str:
    if not name.isidentifier():
        raise CommandError(f"{option}: behind {VARIABLE} stands the name of an environment variable.")
    if not (url := variable(name)):
        raise CommandError(
            f"{option}={VARIABLE}{name}: there is no such environment variable, or it is empty."
        )
    return url


def forget(*aliases: str) -> None:
    """Takes such connections away again."""
    for alias in aliases:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
