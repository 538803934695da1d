"""Django system checks: what people misconfigure, with what to do about it."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, NotSupportedError, connection

from bilibili_live.room_numbers import mention
from live_data.models import RollupCalendar
from live_data.storing import calendar


def rooms_are_rooms(**_: Any) -> list[checks.CheckMessage]:
    """ROOMS that name no room are left out; here they are named."""
    found: list[checks.CheckMessage] = []
    for text in settings.ENVIRONMENT.rooms:
        if (error := mention(text).error) is not None:
            found.append(
                checks.Warning(
                    f"ROOMS: {error}.",
                    hint="Room numbers, separated by commas: ROOMS=22889484,7758258",
                    id="live_data.W001",
                )
            )
    return found


def days_are_as_set(**_: Any) -> list[checks.CheckMessage]:
    """Days of statistics change by a rebuild only."""
    try:
        row = RollupCalendar.objects.first()
    except DatabaseError:  # not migrated yet, or away: whoever is about to use it says so
        return []
    if row is None or (row.is_whole and calendar.is_as_set(row)):
        return []
    found = f"Days are counted as those of {row}, STATS_TIMEZONE and DAY_START ask for {calendar.as_set()}."
    if calendar.is_as_set(row):
        found = "The counts by day, by person and by gift do not have everything yet that is stored."
    return [
        checks.Warning(
            found, hint="Run once, while everything runs on: manage.py rebuild_rollups", id="live_data.W003"
        )
    ]


def database_can_shrink(**_: Any) -> list[checks.CheckMessage]:
    """A file that other programs made has no auto_vacuum: what a clean-up frees stays in the file."""
    path = settings.ENVIRONMENT.database_path
    if path is None or not path.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA auto_vacuum")
        [mode] = cursor.fetchone()
    if mode:
        return []
    return [
        checks.Warning(
            f"{path} does not shrink after a clean-up.",
            hint="Stop everything and run once: sqlite3 FILE 'PRAGMA auto_vacuum=incremental; VACUUM'",
            id="live_data.W002",
        )
    ]


def server_fits(databases: Collection[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A PostgreSQL that is too old, or a database not in UTF-8; looked at by who is about to use it.

    Raises DatabaseError when it is away.
    """
    if connection.vendor != "postgresql" or not databases:
        return []
    try:
        encoding = _server_encoding()
    except NotSupportedError as error:  # Django looks at the version with each new connection
        return [
            checks.Error(
                f"The server of DATABASE_URL is too old: {error}.",
                hint="Use a newer server; pg_dump and pg_restore move what the old one holds.",
                id="live_data.E001",
            )
        ]
    if encoding == "UTF8":
        return []
    return [
        checks.Error(
            f"The database of DATABASE_URL is in {encoding}: Chinese and emoji need UTF8.",
            hint="Make another one, createdb --encoding=UTF8 --template=template0 NAME, and name it there.",
            id="live_data.E002",
        )
    ]


def _server_encoding() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        return str(cursor.fetchone()[0])
