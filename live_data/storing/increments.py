"""Add to many counters in one statement. Knows columns, not what they count.

The ORM's upsert can only overwrite; "count = count + what came" needs SQL, the same on both engines.
Rows go in the order of their keys, so that two writers on PostgreSQL never wait for each other in a circle.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any, TypeAlias

from django.db import connection, models

Cell: TypeAlias = int | str | datetime | date
Row: TypeAlias = tuple[Cell, ...]

_ROWS = 500  # of one statement


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
    """Insert rows, or set each column of ``merged`` by its SQL expression over the row and ``excluded``."""
    columns = [*keys, *merged]
    settings = ", ".join(f"{column} = {expression}" for column, expression in merged.items())
    # Names of our own tables and columns; every value is a parameter.
    into = f"INSERT INTO {table._meta.db_table} ({', '.join(columns)})"
    else_set = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings}"
    _execute(rows, len(columns), lambda values: f"{into} VALUES {values} {else_set}")


def drop_empty(
    table: type[models.Model], keys: Sequence[str], counts: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Delete those of the rows with these keys whose counts are all 0."""
    empty = " AND ".join(f"{column} = 0" for column in counts)
    # Names of our own tables and columns; every value is a parameter.
    begin = f"DELETE FROM {table._meta.db_table} WHERE {empty}"  # noqa: S608 - as said above
    _execute(rows, len(keys), lambda values: f"{begin} AND ({', '.join(keys)}) IN (VALUES {values})")


def update(table: type[models.Model], settings: str, where: str, rows: Iterable[Row]) -> None:
    """For each row of values, which are those of ``where`` in their order."""
    ordered = sorted(rows)
    if not ordered:
        return
    # Names of our own tables and columns; every value is a parameter.
    statement = f"UPDATE {table._meta.db_table} SET {settings} WHERE {where}"  # noqa: S608 - as said above
    width = len(ordered[0])
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*[iter(_parameters(ordered))] * width, strict=True)))


def _execute(rows: Iterable[Sequence[Cell]], width: int, statement: Callable[[str], str]) -> None:
    """``statement`` of the places for values, for some rows at a time."""
    ordered = sorted(tuple(row) for row in rows)
    if not ordered:
        return
    place = f"({', '.join(['%s'] * width)})"
    values = _parameters(ordered)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # In its own process a statement for each row costs less than reading one for many.
            cursor.executemany(statement(place), list(zip(*[iter(values)] * width, strict=True)))
            return
        for start in range(0, len(ordered), _ROWS):
            some = values[start * width : (start + _ROWS) * width]
            cursor.execute(statement(", ".join([place] * (len(some) // width))), some)


def _parameters(rows: Sequence[Row]) -> list[Any]:
    """Values of the rows one after the other, each column with values of one type."""
    values: list[Any] = list(chain.from_iterable(rows))
    width = len(rows[0])
    for place, cell in enumerate(rows[0]):
        if isinstance(cell, date):  # which a datetime is too
            of_time = isinstance(cell, datetime)
            adapt = (
                connection.ops.adapt_datetimefield_value if of_time else connection.ops.adapt_datefield_value
            )
            # Text on SQLite, the time itself on PostgreSQL. A batch has few of them.
            values[place::width] = map(cache(adapt), values[place::width])
    return values
