"""Tables that PostgreSQL keeps in months, each made when a row first needs it; one table on SQLite.

Divided by event_id, which begins with the event's own time, because a primary key must hold what divides.
A month that a replay or an import needs is made as well, of whatever year. There is no default partition:
rows in it would have to be moved out before their month could be made.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = frozenset({"live_data_danmakudata", "live_data_interactiondata"})

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_YEAR = 9999
#: Of the advisory lock under which months are made: two who need the same one must not both make it.
_LOCK = 0x6D6F6E746873


class MonthlyRows(models.QuerySet[Any]):
    """Makes the months of what is inserted, by save() and bulk_create() too."""

    def _insert(self, objs: Sequence[Any], fields: Any, **options: Any) -> Any:
        using = options.get("using") or router.db_for_write(self.model)
        make(connections[using], self.model._meta.db_table, {bytes(each.event_id[:6]) for each in objs})
        return super()._insert(objs, fields, **options)  # type: ignore[misc]  # Django's own, unknown to the stubs


def make(connection: BaseDatabaseWrapper, table: str, times: Iterable[bytes]) -> None:
    """The months of rows whose event_ids begin with ``times`` (6 bytes), as far as they are missing.

    In the transaction of whoever inserts them. Nothing for a table that is kept whole. Raises OverflowError
    for a time beyond the calendar.
    """
    if connection.vendor != "postgresql" or table not in TABLES:
        return
    if not (names := {_name(table, month): month for month in map(_month_of, times)}):
        return
    with connection.cursor() as cursor:
        if not _missing(cursor, table, names):
            return
        # One of its own, should there be none: the lock is held to its end.
        with transaction.atomic(using=connection.alias, savepoint=False):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            # A table with checks that wait for the commit cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in _missing(cursor, table, names):
                _make(cursor, table, name, names[name])
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_ahead(now: datetime) -> None:
    """This month and the next one, before a row needs them: whoever stores rows holds locks already, and
    attaching a month waits for all who write rooms. Nothing on SQLite.
    """
    following = (now.replace(day=1) + timedelta(days=32)).replace(day=1)
    times = [((at - _EPOCH) // _MILLISECOND).to_bytes(6, "big") for at in (now, following)]
    for table in sorted(TABLES):
        make(connections[DEFAULT_DB_ALIAS], table, times)


def _missing(cursor: Any, table: str, names: Iterable[str]) -> list[str]:
    # Of the catalogue itself: to_regclass() remembers what was not there before the lock was waited for.
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE NOT EXISTS"
        " (SELECT FROM pg_class WHERE relname = name AND relnamespace ="
        " (SELECT relnamespace FROM pg_class WHERE oid = %s::regclass))",
        [sorted(names), table],
    )
    return [name for (name,) in cursor.fetchall()]


def _make(cursor: Any, table: str, name: str, month: tuple[int, int]) -> None:
    """Attached, not made as a part: that would shut out readers until the commit."""
    year, number = month
    following = (year, number + 1) if number < 12 else (year + 1, 1)
    end = "MAXVALUE" if following[0] > _LAST_YEAR else f"'{_first_id(following)}'"
    # Names and bounds are our own, made of numbers.
    cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
    cursor.execute(
        f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{_first_id(month)}') TO ({end})"
    )


def _month_of(milliseconds: bytes) -> tuple[int, int]:
    time = _EPOCH + int.from_bytes(milliseconds, "big") * _MILLISECOND
    return time.year, time.month


def _name(table: str, month: tuple[int, int]) -> str:
    return f"{table}_{month[0]:04}_{month[1]:02}"


def _first_id(month: tuple[int, int]) -> str:
    """Of all that an event of the month can have; in hexadecimal, as a uuid."""
    milliseconds = (datetime(*month, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND
    return milliseconds.to_bytes(6, "big").hex() + "0" * 20
