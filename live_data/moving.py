"""The tables of one database into another one, in pieces that may be interrupted anywhere and begun again.

A row keeps its number, so that what is there already is found, compared, and written anew only where it
differs. Both databases are those of Django's connections.

The target notes whose copy it is (`DatabaseCopy`) before the first piece, and in the end that it is complete:
from then on nothing is written into it any more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from live_data.models import DatabaseCopy, LiveRoom, NameFilling, SearchFilling
from live_data.search import filling
from live_data.storing.dead_letters import is_of_value

#: What each database says of itself alone: an index is filled anew.
_OWN = (DatabaseCopy, NameFilling, SearchFilling)

PIECE = 2_000  #: rows of one transaction, and in memory at once


class MoveRefused(Exception):
    """These two databases are no source and target; a sentence for people."""


@dataclass(slots=True)
class Moved:
    """What was done with one table."""

    table: str
    read: int = 0
    written: int = 0  #: that were not there
    corrected: int = 0  #: that were there, and differed
    there: int = 0  #: that were there, the same


@dataclass(frozen=True, slots=True)
class Difference:
    """What two tables do not agree about in the end."""

    table: str
    missing: int  #: rows that the target has not
    differing: int
    foreign: int  #: rows that only the target has


def tables() -> list[type[models.Model]]:
    """What is moved. Rooms first: other rows point to them."""
    found = (table for table in apps.get_app_config("live_data").get_models() if table not in _OWN)
    return sorted(found, key=lambda table: (table is not LiveRoom, table._meta.db_table))


def check(source: str, target: str) -> None:
    """Raises MoveRefused unless the source is whole, and the target empty or an unfinished copy of it.

    The target may have no tables yet, or those of another version: nothing is changed here.
    """
    executor = MigrationExecutor(connections[source])
    if executor.migration_plan(executor.loader.graph.leaf_nodes("live_data")):
        raise MoveRefused(
            "The database of --from is not one of this version; let DATABASE_URL name it, run"
            " manage.py migrate, and try again."
        )
    if is_unfinished(source):
        raise MoveRefused("The database of --from is an unfinished copy itself.")
    note = _note(target)
    if note is None:
        if used := _used(target):
            raise MoveRefused(
                f"The database of --to has rows of its own, in {', '.join(used)}; use an empty one."
            )
    elif note.completed_at is not None:
        raise MoveRefused(
            f"The database of --to became a complete copy at {note.completed_at:%Y-%m-%d %H:%M:%S} UTC;"
            " nothing is copied into it again."
        )
    elif note.source != _identity(source):
        raise MoveRefused("The database of --to is an unfinished copy of another one; use an empty one.")


def begin(source: str, target: str) -> None:
    """Before the first piece, the target being migrated: nothing of what comes is in its search indexes.

    Raises MoveRefused as `check` does.
    """
    with transaction.atomic(using=target):
        check(source, target)
        found = {"source": _identity(source), "begun_at": timezone.now()}
        DatabaseCopy.objects.using(target).get_or_create(defaults=found)
        filling.begin(target)


def complete(target: str) -> None:
    """After the last piece, when there is no difference."""
    DatabaseCopy.objects.using(target).update(completed_at=timezone.now())


def is_unfinished(alias: str) -> bool:
    """Whether this database is a copy that is not complete, which nobody else may use."""
    note = _note(alias)
    return note is not None and note.completed_at is None


def move(table: type[models.Model], source: str, target: str, piece: int = PIECE) -> Iterator[Moved]:
    """Yields after each piece, which is committed then; what was done so far.

    Raises IntegrityError when the target has rows of its own in the place of the source's, MoveRefused for a
    row that it cannot hold.
    """
    moved = Moved(table._meta.db_table)
    for rows in _pieces(table, source, piece):
        known = _by_key(table, target, rows)
        new = [row for row in rows if row.pk not in known]
        changed = [row for row in rows if row.pk in known and _values(row) != _values(known[row.pk])]
        try:
            _write(target, table, new, changed)
        except IntegrityError:
            raise
        except DatabaseError as error:
            _look_for_the_cause(target, table, new, changed)
            raise error
        moved.read += len(rows)
        moved.written += len(new)
        moved.corrected += len(changed)
        moved.there += len(rows) - len(new) - len(changed)
        yield moved


def difference(table: type[models.Model], source: str, target: str, piece: int = PIECE) -> Difference | None:
    """None when each row of one is in the other, and the same."""
    read = missing = differing = 0
    for rows in _pieces(table, source, piece):
        known = _by_key(table, target, rows)
        read += len(rows)
        missing += len(rows) - len(known)
        differing += sum(row.pk in known and _values(row) != _values(known[row.pk]) for row in rows)
    foreign = table._default_manager.using(target).count() - (read - missing)
    found = Difference(table._meta.db_table, missing, differing, foreign)
    return found if missing or differing or foreign else None


def _write(
    target: str, table: type[models.Model], new: Sequence[models.Model], changed: Iterable[models.Model]
) -> None:
    with transaction.atomic(using=target):
        table._default_manager.using(target).bulk_create(new)
        for row in changed:
            row.save(using=target, force_update=True)


def _look_for_the_cause(
    target: str, table: type[models.Model], new: Iterable[models.Model], changed: Iterable[models.Model]
) -> None:
    """Raises MoveRefused when it is one row; else it was the database, which may be well again later."""
    for row, is_new in (*((row, True) for row in new), *((row, False) for row in changed)):
        try:
            with transaction.atomic(using=target):
                _write(target, table, [row] if is_new else [], [] if is_new else [row])
                transaction.set_rollback(True, using=target)
        except DatabaseError as error:
            if is_of_value(error):
                name = table._meta.db_table
                raise MoveRefused(f"Row {row.pk} of {name} fits not into --to: {error}") from error
            raise


def set_sequences(target: str) -> None:
    """Behind the numbers that were given: else the next row would take the number of one that is there."""
    connection = connections[target]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def _identity(source: str) -> str:
    applied = MigrationRecorder(connections[source]).applied_migrations()
    return str(applied["live_data", "0001_initial"].applied.isoformat())


def _note(alias: str) -> DatabaseCopy | None:
    if DatabaseCopy._meta.db_table not in connections[alias].introspection.table_names():
        return None
    return DatabaseCopy.objects.using(alias).first()


def _used(target: str) -> list[str]:
    """The tables that are there and have rows."""
    there = set(connections[target].introspection.table_names())
    ours = (table for table in tables() if table._meta.db_table in there)
    return [table._meta.db_table for table in ours if table._default_manager.using(target).exists()]


def _pieces(table: type[models.Model], source: str, piece: int) -> Iterator[list[Any]]:
    last = 0
    rows = table._default_manager.using(source).order_by("pk")
    while found := list(rows.filter(pk__gt=last)[:piece]):
        yield found
        last = found[-1].pk


def _by_key(table: type[models.Model], target: str, rows: Sequence[models.Model]) -> dict[Any, models.Model]:
    return table._default_manager.using(target).in_bulk([row.pk for row in rows])


def _values(row: models.Model) -> list[Any]:
    """Of all columns that are written; bytes in one form."""
    columns = (field for field in row._meta.concrete_fields if not field.generated)
    values = (getattr(row, field.attname) for field in columns)
    return [bytes(value) if isinstance(value, memoryview) else value for value in values]
