"""Add to many counters in one statement. Knows columns, not what they count.

The ORM's upsert can only overwrite; "count = count + what came" needs SQL, the same on both engines.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from django.db import connection, models

Cell: TypeAlias = int | str | datetime

_ROWS = 500  # of one statement: below SQLite's limit of parameters with up to 60 columns


def add(
    table: type[models.Model], keys: Sequence[str], sums: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Insert rows (columns ``keys`` then ``sums``), or add to those that have the same keys."""
    name = table._meta.db_table
    merge(table, keys, {column: f"{name}.{column} + excluded.{column}" for column in sums}, rows)


def merge(
    table: type[models.Model],
    keys: Sequence[str],
    merged: Mapping[str, str],
    rows: Iterable[Sequence[Cell]],
) -> None:
    """Insert rows, or set each column of ``merged`` by its SQL expression over the row and ``excluded``.

    Rows come in the order of their keys, so that two writers on PostgreSQL never wait for each other
    in a circle.
    """
    ordered = sorted(tuple(row) for row in rows)
    columns = [*keys, *merged]
    settings = ", ".join(f"{column} = {expression}" for column, expression in merged.items())
    place = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), _ROWS):
            some = ordered[start : start + _ROWS]
            # Names of our own tables and columns; every value is a parameter.
            statement = (
                f"INSERT INTO {table._meta.db_table} ({', '.join(columns)})"  # noqa: S608 - as said above
                f" VALUES {', '.join([place] * len(some))}"
                f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings}"
            )
            cursor.execute(statement, [_parameter(cell) for row in some for cell in row])


def _parameter(cell: Cell) -> Cell:
    if not isinstance(cell, datetime):
        return cell
    # Text on SQLite, the time itself on PostgreSQL.
    return connection.ops.adapt_datetimefield_value(cell) or cell
