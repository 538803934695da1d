"""Django system checks: what people misconfigure, with what to do about it."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from bilibili_live.room_numbers import mention


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


def database_can_shrink(**_: Any) -> list[checks.CheckMessage]:
    """A file that other programs made has no auto_vacuum: what a clean-up frees stays in the file."""
    if connection.vendor != "sqlite" or not settings.ENVIRONMENT.database_path.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA auto_vacuum")
        [mode] = cursor.fetchone()
    if mode:
        return []
    return [
        checks.Warning(
            f"{settings.ENVIRONMENT.database_path} does not shrink after a clean-up.",
            hint="Stop everything and run once: sqlite3 FILE 'PRAGMA auto_vacuum=incremental; VACUUM'",
            id="live_data.W002",
        )
    ]
