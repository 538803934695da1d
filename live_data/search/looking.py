"""Rows of danmaku and super chats as a search looks at them: few columns, no models, newest first."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from live_data import keyset
from live_data.models import DanmakuData, SuperChatData
from live_data.search.documents import DANMAKU, SUPER_CHAT, TABLES, floor

_BY_DOCID = 200  # rows of one statement


class Seen(NamedTuple):
    """A row, of either table."""

    event_id: bytes
    kind: str
    room_id: int
    uid: int | None
    username: str
    message: str
    medal_name: str | None
    medal_level: int
    guard_level: int
    message_trans: str = ""
    price: int | None = None  #: CNY; None: not a super chat


_COMMON = ("event_id", "room_id", "uid", "username", "message", "medal_name", "medal_level", "guard_level")
_COLUMNS = {DANMAKU: _COMMON, SUPER_CHAT: (*_COMMON, "message_trans", "price")}

Row: TypeAlias = DanmakuData | SuperChatData


def by_docids(kind: str, docids: Sequence[int]) -> list[Seen]:
    """In no order."""
    seen: list[Seen] = []
    columns = ", ".join(f"seen.{column}" for column in _COLUMNS[kind])
    as_value = _VALUES[connection.vendor]
    for start in range(0, len(docids), _BY_DOCID):
        bounds = [
            as_value(bound)
            for docid in docids[start : start + _BY_DOCID]
            for bound in (floor(docid), floor(docid + 1))
        ]
        seen += [_seen(kind, values) for values in _within(kind, columns, bounds)]
    return seen


def rows(kind: str, docids: Sequence[int]) -> list[Row]:
    """The whole rows of these docids, in no order."""
    event_ids = [seen.event_id for seen in by_docids(kind, docids)]
    table: type[Row] = TABLES[kind]
    chunks = (event_ids[start : start + _BY_DOCID] for start in range(0, len(event_ids), _BY_DOCID))
    return [row for some in chunks for row in table._default_manager.filter(event_id__in=some)]


def _within(kind: str, columns: str, bounds: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows from each first bound to before its second one: an OR of as many ranges costs ten times that."""
    pair = f"({_PLACES[connection.vendor]}, {_PLACES[connection.vendor]})"
    statement = (
        f"WITH asked(low, high) AS (VALUES {', '.join([pair] * (len(bounds) // 2))})"  # noqa: S608 - own names
        f" SELECT {columns} FROM asked CROSS JOIN {TABLES[kind]._meta.db_table} AS seen"
        " WHERE seen.event_id >= asked.low AND seen.event_id < asked.high"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, bounds)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


_PLACES = {"sqlite": "%s", "postgresql": "%s::uuid"}
#: What an event_id is to a cursor. The field does the same, and asks for each which engine it is.
_VALUES: dict[str, Callable[[bytes], object]] = {
    "sqlite": bytes,
    "postgresql": lambda event_id: UUID(bytes=event_id),
}


def _seen(kind: str, values: Sequence[Any]) -> Seen:
    """Values as the ORM or a plain cursor gives them; the latter has UUIDs on PostgreSQL."""
    event_id, *others = values
    name = event_id.bytes if isinstance(event_id, UUID) else bytes(event_id)
    return Seen(name, kind, *others)


class Look(NamedTuple):
    """One step of a search: a row, or None for rows that need no look; all from ``place`` on are done."""

    place: bytes
    seen: Seen | None
    cost: int  #: in rows that the database passed over; one that is fetched costs more


FETCHED = 15
"""Cost of a row that is fetched and checked, beside one that the database passes over by itself."""
_FIRST, _LARGEST, _GROWTH = 64, 4_096, 4  # rows of a piece


def sizes() -> Iterator[int]:
    """Of pieces: small at first, because most searches end in them."""
    size = _FIRST
    while True:
        yield size
        size = min(size * _GROWTH, _LARGEST)


def walk(kind: str, room_id: int | None, within: Q, floor: bytes, below: bytes) -> Iterator[Look]:
    """Rows of [floor, below) newest first, by the indexes of their table, without the index of search.

    ``within`` is what the database can tell by itself; rows outside of it are passed over.
    """
    for size in sizes():
        edge = _edge(kind, room_id, floor, below, size)
        place = edge or floor
        rows = between(kind, room_id, place, below).filter(within)
        for values in rows.values_list(*_COLUMNS[kind]):
            yield Look(bytes(values[0]), _seen(kind, values), FETCHED)
        yield Look(place, None, size)
        if edge is None:
            return
        below = edge


def _edge(kind: str, room_id: int | None, floor: bytes, below: bytes, size: int) -> bytes | None:
    """The ``size``-th row; None: there are fewer."""
    rows = between(kind, room_id, floor, below).values_list("event_id", flat=True)
    found = list(rows[size - 1 : size])
    return bytes(found[0]) if found else None


def between(kind: str, room_id: int | None, floor: bytes, below: bytes) -> "models.QuerySet[Row]":
    """Newest first. Of a room by its (room, timestamp) index, of all by the event_id, which begins so."""
    rows: models.QuerySet[Row] = TABLES[kind]._default_manager.all()
    if room_id is None:
        return rows.filter(event_id__gte=floor, event_id__lt=below).order_by("-event_id")
    begin, end = _moment(floor), _moment(below)
    # Alternatives, so that no planner takes the index of event_ids for it.
    return rows.filter(
        Q(timestamp__gt=begin) | Q(event_id__gte=floor),
        Q(timestamp__lt=end) | Q(event_id__lt=below),
        room_id=room_id,
        timestamp__gte=begin,
        timestamp__lte=end,
    ).order_by("-timestamp", "-event_id")


def _moment(event_id: bytes) -> datetime:
    try:
        return keyset.moment(event_id)
    except ValueError:  # behind all events
        return datetime.max.replace(tzinfo=UTC)
