"""What the commands share: a database that is ready, and one line when something is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from live_data import moving
from live_data.redis_access import RedisRefused, RedisUnavailable
from runtime.errors import TRY_AGAIN


class LiveCommand(BaseCommand):
    """``work()`` instead of ``handle()``: what it cannot do without is told in one line.

    The exit code is then TRY_AGAIN where waiting may help, else 1.
    """

    #: The commands run many times a day beside the system, which has checked itself.
    requires_system_checks = []

    def handle(self, *_: Any, **options: Any) -> str | None:
        """Raises CommandError."""
        check_migrated()
        try:
            _check_whole()
            return self.work(options)
        except RedisUnavailable as away:
            raise CommandError(str(away), returncode=TRY_AGAIN) from away
        except RedisRefused as refused:
            raise CommandError(f"Redis refused: {refused}", returncode=TRY_AGAIN) from refused
        except DatabaseError as error:
            raise _unusable(error) from error

    def work(self, options: dict[str, Any]) -> str | None:
        """The command itself; text that it returns is printed."""
        raise NotImplementedError

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def check_migrated() -> None:
    """Raises CommandError."""
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise _unusable(error) from error
    if missing:
        raise CommandError(
            "The database has no tables yet, or old ones: start once with `make run`, or name the folder that"
            " has one (DATA_DIR=data-demo for that of `make demo`)."
        )


def _check_whole() -> None:
    """Raises CommandError for a copy that goes on later: what is written meanwhile would be in its way."""
    if moving.is_unfinished(DEFAULT_DB_ALIAS):
        raise CommandError(
            "The database is an unfinished copy: run manage.py copy_database again, or set another"
            " DATABASE_URL."
        )


def _unusable(error: DatabaseError) -> CommandError:
    """A lock and a full disk pass; what else is wrong with a database does not."""
    code = TRY_AGAIN if isinstance(error, OperationalError) else 1
    return CommandError(f"The database cannot be used: {error}", returncode=code)
