"""Rows into a table of PostgreSQL by COPY. Knows columns, not what is in them.

The text format: what Python turns into text once a batch (times, identities) is copied as a string, and the
rest is written by psycopg in C. That costs the client 5 us a row of 22 columns, where INSERT costs it 50.
"""

from collections.abc import Sequence

from django.db import connection, models
from psycopg import ProgrammingError, sql

from live_data.models import months

#: What the engine reads a value of any column from: of a time, an identity or JSON its text.
Value = str | int | bool | None


def copy(table: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """All of them, or none and an error: what INSERT raises, and TypeError for a value of another type.

    Makes the months that are missing.
    """
    name = table._meta.db_table
    if name in months.TABLES:
        place = columns.index("event_id")
        months.make(connection, name, {bytes.fromhex(str(row[place])[:12]) for row in rows})
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,  # Django's cursor wraps the call, and its errors come later
        cursor.copy(statement) as copying,
    ):
        for row in rows:
            try:
                copying.write_row(row)
            except ProgrammingError as error:  # of a value: the table's own come from the server
                raise TypeError(str(error)) from error
