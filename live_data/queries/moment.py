"""Reading several things as of one commit of the sync."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside belongs together: one commit of the sync, its cursor and its rows.

    Inside of another transaction it is that one's moment.
    """
    is_first = not connection.in_atomic_block
    with _reading() if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        if is_first and connection.vendor == "postgresql":
            # In its usual transaction each statement sees what was committed before that statement.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _reading() -> Iterator[None]:
    """SQLite: the configured IMMEDIATE would make a page wait for the sync, and the sync for a page."""
    connection.ensure_connection()  # a new one of a thread has no mode before, and sets its own then
    mode = connection.transaction_mode  # type: ignore[attr-defined]  # SQLite's wrapper has it
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # as above
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]  # as above
