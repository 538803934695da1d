"""Fills a database with the history by our own sync, so that all in it is as the product leaves it.

No contestant. It may do what the product may not: it asks the disk for nothing before the end, keeps a
gigabyte of pages in memory, and commits seldom.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command, get_commands
from django.db import connection

from benchmarks.contestants.sql_rounds import serve
from benchmarks.contestants.synced import Synced
from bilibili_live.events import AnyEvent
from live_data.storing import closed_days

#: Commands that do what the scheduler does beside the sync, where this version has them.
_FINISHING = {"rebuild_sessions": (), "rebuild_search": ("--resume",)}
_LOOSENED = ("synchronous=OFF", "cache_size=-1000000", "wal_autocheckpoint=20000")


class Filling(Synced):
    """A round without events is the end: all is put into the one file."""

    def __init__(self) -> None:
        super().__init__(step=50_000, entry=1_000)
        self._is_over = False
        self._loosen()

    def take(self, events: Sequence[AnyEvent]) -> None:
        super().take(events)
        self._is_over = not events

    def store(self) -> None:
        if self._is_over:
            for name in _FINISHING.keys() & get_commands().keys():
                call_command(name, *_FINISHING[name], stdout=sys.stderr)
            closed_days.sum_all(datetime.now(UTC))
            self._vacuum()
            self._pragmas("wal_checkpoint(TRUNCATE)", "synchronous=FULL")
            connection.close()
        else:
            super().store()

    def _loosen(self) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit = off")
        self._pragmas(*_LOOSENED)

    def _vacuum(self) -> None:
        """As the server does within minutes by itself: it is ended before, and the planner knew nothing."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND oid >= 16384"
                )
                for (table,) in cursor.fetchall():
                    cursor.execute(f"VACUUM (ANALYZE) {table}")

    def _pragmas(self, *pragmas: str) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for pragma in pragmas:
                    cursor.execute(f"PRAGMA {pragma}")


def run(told: Mapping[str, Any]) -> None:
    serve(Filling(), told)
