"""Reading several things as of one commit of the sync."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from live_data.models import SyncCursor


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside belongs together: one commit of the sync, its cursor and its rows."""
    mode = getattr(connection, "transaction_mode", None)
    try:
        # SQLite: the configured IMMEDIATE would make a page wait for the sync, and the sync for a page.
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # SQLite's wrapper has it
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]  # as above


def sync_cursor() -> tuple[str, str]:
    """Incarnation and stream id behind which the log is not in SQL yet."""
    cursor = SyncCursor.objects.filter(partition=0).first()
    return (cursor.incarnation, cursor.stream_id) if cursor else ("", "0-0")
