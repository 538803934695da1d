"""The names of people, kept in step with the rows; derived from them.

The sync meets the same names again and again: those that change nothing are found by reading, and only the
others are written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from django.db import connection
from django.db.models import Max, Min, QuerySet

from live_data import sql_arrays
from live_data.days import MINUTE, Days
from live_data.instants import epoch_ms
from live_data.models import DanmakuData, GiftData, GuardPurchase, PersonName, PersonRoom, SuperChatData
from live_data.models.person_index import of_people
from live_data.search import name_index
from live_data.storing import increments

#: (uid, name) -> first and last day.
Names: TypeAlias = dict[tuple[int, str], tuple[date, date]]

_LOCK = 0x4E616D65  # of ours among the advisory locks of the database
_CHUNK = 500
_KEYS = ("uid", "username")
_SPANS = {
    "first_day": "CASE WHEN excluded.first_day < {table}.first_day"
    " THEN excluded.first_day ELSE {table}.first_day END",
    "last_day": "CASE WHEN excluded.last_day > {table}.last_day"
    " THEN excluded.last_day ELSE {table}.last_day END",
}


def write(shown: Mapping[tuple[int, str, date], int], days: Days) -> None:
    """``shown``: (uid, name, day) -> how often more, or less, than before."""
    spans: Names = {}
    gone: set[int] = set()
    _lock(is_alone=any(times < 0 for times in shown.values()))
    for (uid, name, day), times in shown.items():
        if times > 0:
            first, last = spans.get((uid, name), (day, day))
            spans[uid, name] = (min(first, day), max(last, day))
        elif times < 0:
            gone.add(uid)
    if spans:
        _extend(spans)
    if gone:
        settle(gone, days)


def _lock(*, is_alone: bool) -> None:
    """Of several syncs all may lengthen spans at a time; who reads rows to make them shorter must not miss
    what another one is about to commit. Taken before the lock of the index (name_index.before_insert).
    """
    if connection.vendor == "postgresql":
        shared = "" if is_alone else "_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [_LOCK])


def _extend(spans: Names) -> None:
    table = PersonName._meta.db_table
    merged = {column: sql.format(table=table) for column, sql in _SPANS.items()}
    known = _known(spans)
    _merge(merged, [(*key, *span) for key, span in spans.items() if key not in known])


def _known(spans: Names) -> set[tuple[int, str]]:
    """Those that SQL has on all days of the batch, which hardly ever are several."""
    uids = sorted({uid for uid, _ in spans})
    on_days = (min(first for first, _ in spans.values()), max(last for _, last in spans.values()))
    days = [connection.ops.adapt_datefield_value(day) for day in on_days]
    found: set[tuple[int, str]] = set()
    # The name of our own table; every value is a parameter.
    question = (
        f"SELECT uid, username FROM {PersonName._meta.db_table}"  # noqa: S608 - as said above
        " WHERE first_day <= %s AND last_day >= %s AND uid"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{question} = ANY(%s::bigint[])", [*days, sql_arrays.literal(uids)])
            return set(cursor.fetchall())
        for start in range(0, len(uids), _CHUNK):
            some = uids[start : start + _CHUNK]
            cursor.execute(f"{question} IN ({', '.join(['%s'] * len(some))})", [*days, *some])
            found.update(cursor.fetchall())
    return found


def settle(uids: Iterable[int], days: Days) -> None:
    """Makes the names of these people what their rows tell, after some of those went."""
    ordered = sorted(uids)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        replace(some, _told(some, days))


def stored(uids: Sequence[int]) -> Names:
    """What SQL says of at most some hundred people."""
    rows = PersonName.objects.filter(uid__in=uids).values_list("uid", "username", "first_day", "last_day")
    return {(uid, name): (first, last) for uid, name, first, last in rows}


def of_rows(uids: Sequence[int], days: Days) -> Names:
    """What the rows of at most some hundred people tell: all of them are read."""
    spans: Names = {}
    tables: tuple[QuerySet[DanmakuData | GiftData | SuperChatData | GuardPurchase], ...] = (
        DanmakuData.objects.filter(is_mirror=False),
        GiftData.objects.all(),
        SuperChatData.objects.all(),
        GuardPurchase.objects.all(),
    )
    for rows in tables:
        shown = of_people(rows, uids).order_by().values_list("uid", "username")
        for uid, name, *times in shown.annotate(Min("timestamp"), Max("timestamp")):
            first, last = (days.of(epoch_ms(time) // MINUTE * MINUTE) for time in times)
            known = spans.get((uid, name), (first, last))
            spans[uid, name] = (min(known[0], first), max(known[1], last))
    return spans


def replace(uids: Sequence[int], wanted: Names) -> int:
    """Makes the names of these people ``wanted``; returns how many differed."""
    known = {(row.uid, row.username): row for row in PersonName.objects.filter(uid__in=uids)}
    gone = [row for key, row in known.items() if key not in wanted]
    changed = [
        (*key, *span)
        for key, span in wanted.items()
        if (row := known.get(key)) is None or (row.first_day, row.last_day) != span
    ]
    _delete(gone)
    _merge({column: f"excluded.{column}" for column in _SPANS}, changed)
    return len(changed) + len(gone)


def _merge(merged: Mapping[str, str], rows: Sequence[tuple[int, str, date, date]]) -> None:
    if rows:
        name_index.before_insert()
        increments.merge(PersonName, _KEYS, merged, rows)


def _delete(rows: Sequence[PersonName]) -> None:
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        name_index.remove(some)
        PersonName.objects.filter(pk__in=[row.pk for row in some]).delete()


def _told(uids: Sequence[int], days: Days) -> Names:
    """Who had one name only had it on all days; only of the others the rows must be read."""
    names: dict[int, list[str]] = {}
    for uid, name in stored(uids):
        names.setdefault(uid, []).append(name)
    only = {uid: some[0] for uid, some in names.items() if len(some) == 1}
    stays = PersonRoom.objects.filter(uid__in=only).order_by().values_list("uid")
    spans = stays.annotate(Min("first_day"), Max("last_day"))
    told = {(uid, only[uid]): (first, last) for uid, first, last in spans}
    return told | of_rows([uid for uid in uids if uid not in only], days)
