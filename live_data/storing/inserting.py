"""New rows into their table by the engine's fast way. Knows columns, not what is in them.

``bulk_create`` makes a model of each row and compiles an expression for each of its values, which costs more
than everything else that is done with an event. Here a statement is made once for a batch.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db import ProgrammingError, connection, models

from live_data.storing import copying

#: What both engines take: times are UTC as text (instants.utc_text), and JSON is text.
Cell: TypeAlias = int | str | bytes | None
Row: TypeAlias = tuple[Cell, ...]

_CACHE = 64 * 1024  # KiB


def prepare_for_batches() -> None:
    """For the connection of the sync. A batch into large tables changes thousands of pages of their indexes,
    most of them by the indexes of people, which have no order in time: with SQLite's 2 MB each of them is
    written, read and written again before the batch is through."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {-_CACHE}")


def insert(table: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Each row has the values of ``columns``, in their order, as the engine takes them.

    Columns that are not named get what the database gives them: a number as their key, NULL, its defaults.
    Values are to be of the column's type: SQLite takes a text for a number. Raises what bulk_create raises,
    and TypeError for a value that the engine cannot take.
    """
    if not rows:
        return
    if connection.vendor == "postgresql":
        copying.copy(table, columns, _with_ids_in_text(columns, rows))
    else:
        _execute(table, columns, rows)


def _with_ids_in_text(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As PostgreSQL reads a uuid: no other column has bytes."""
    place = columns.index("event_id")
    return [(*row[:place], row[place].hex(), *row[place + 1 :]) for row in rows]


def _execute(table: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    # Names of our own tables and columns; every value is a parameter.
    statement = f"INSERT INTO {quote(table._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - as said
    try:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
    except ProgrammingError as error:
        # A value: a table that is missing is an OperationalError.
        raise TypeError(str(error)) from error
