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

from live_data import sql_arrays

Cell: TypeAlias = int | str | datetime | date | None
Row: TypeAlias = tuple[Cell, ...]


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
    where: str = "TRUE",
) -> None:
    """Insert rows, or set each column of ``merged`` by its SQL expression over the row and ``excluded``,
    ``where`` another one holds."""
    # The WHERE tells SQLite that ON begins no join.
    _execute(
        table,
        [*keys, *merged],
        rows,
        lambda values: _merging(table, keys, merged, f"{values} WHERE TRUE", where),
    )


def merge_selected(
    table: type[models.Model],
    keys: Sequence[str],
    merged: Mapping[str, str],
    rows: "models.QuerySet[Any, Any]",
) -> int:
    """The same with what a query selects, which has a WHERE, and those columns in their order; how many."""
    selected, values = rows.order_by(*keys).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_merging(table, keys, merged, selected), values)
        return int(cursor.rowcount)


def _merging(
    table: type[models.Model],
    keys: Sequence[str],
    merged: Mapping[str, str],
    selected: str,
    where: str = "TRUE",
) -> str:
    settings = ", ".join(f"{column} = {expression}" for column, expression in merged.items())
    # Names of our own tables and columns; every value is a parameter.
    into = f"INSERT INTO {table._meta.db_table} ({', '.join([*keys, *merged])})"
    return f"{into} {selected} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings} WHERE {where}"


def drop_empty(
    table: type[models.Model], keys: Sequence[str], counts: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Delete those of the rows with these keys whose counts are all 0."""
    empty = " AND ".join(f"{column} = 0" for column in counts)
    # Names of our own tables and columns; every value is a parameter.
    begin = f"DELETE FROM {table._meta.db_table} WHERE {empty}"  # noqa: S608 - as said above
    _execute(table, keys, rows, lambda values: f"{begin} AND ({', '.join(keys)}) IN ({values})")


def update(table: type[models.Model], settings: str, where: str, rows: Iterable[Row]) -> None:
    """For each row of values, which are those of ``where`` in their order."""
    ordered = sorted(rows)
    if not ordered:
        return
    # Names of our own tables and columns; every value is a parameter.
    statement = f"UPDATE {table._meta.db_table} SET {settings} WHERE {where}"  # noqa: S608 - as said above
    with connection.cursor() as cursor:
        cursor.executemany(statement, _in_rows(_parameters(ordered), len(ordered[0])))


def _execute(
    table: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    statement: Callable[[str], str],
) -> None:
    """``statement`` of what the values are selected from, which are those of ``columns``."""
    ordered = sorted(tuple(row) for row in rows)
    if not ordered:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # In its own process a statement for each row costs less than reading one for many.
            row = f"SELECT {', '.join(['%s'] * len(columns))}"
            cursor.executemany(statement(row), _in_rows(_parameters(ordered), len(columns)))
            return
        types = {field.column: field.db_type(connection) for field in table._meta.concrete_fields}
        arrays = ", ".join(f"%s::{types[column]}[]" for column in columns)
        values = [sql_arrays.literal(column) for column in zip(*ordered, strict=True)]
        # Types of our own columns.
        cursor.execute(statement(f"SELECT * FROM unnest({arrays})"), values)  # noqa: S608 - as said above


def _in_rows(values: Sequence[Any], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*[iter(values)] * width, strict=True))


def _parameters(rows: Sequence[Row]) -> list[Any]:
    """Values of the rows one after the other, each column with values of one type."""
    values: list[Any] = list(chain.from_iterable(rows))
    width = len(rows[0])
    for place in range(width):
        cell = next((row[place] for row in rows if row[place] is not None), None)
        if isinstance(cell, date):  # which a datetime is too
            of_time = isinstance(cell, datetime)
            adapt = (
                connection.ops.adapt_datetimefield_value if of_time else connection.ops.adapt_datefield_value
            )
            # Text on SQLite, the time itself on PostgreSQL. A batch has few of them.
            values[place::width] = map(cache(adapt), values[place::width])
    return values
