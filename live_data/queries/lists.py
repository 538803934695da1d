"""Events newest first, a page at a time: by room, person, word and time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from live_data import keyset
from live_data.models import DanmakuData, GiftData, GuardPurchase, RedPacketData, SuperChatData
from live_data.models.person_index import of_people

Listed: TypeAlias = DanmakuData | GiftData | SuperChatData | GuardPurchase | RedPacketData

TEXTS: dict[type[Listed], str] = {
    DanmakuData: "message",
    SuperChatData: "message",
    GiftData: "gift_name",
}
"""Where a word is looked for. Guard purchases and red packets have no text."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which events; what is empty does not choose."""

    room_ids: tuple[int, ...] = ()
    uid: int | None = None
    name: str = ""  #: part of the name as shown
    word: str = ""  #: part of the text; ASCII letters in any case
    since: datetime | None = None
    until: datetime | None = None  #: the first moment that is too late


def newest(
    table: type[Listed],
    chosen: Chosen,
    before: bytes | None,
    limit: int,
    of: "QuerySet[Listed] | None" = None,
) -> list[Listed]:
    """Up to ``limit`` rows, newest first, all of them older than the event ``before``; ``of`` some of the
    table's rows only.

    Of chosen rooms by their (room, timestamp) indexes, one after the other; of all rooms by the
    event_id, which begins with the time.
    """
    rows = _chosen(table, chosen, of)
    if not chosen.room_ids:
        return list(rows.filter(_older_than(before), **_ids(chosen)).order_by("-event_id")[:limit])
    found = [row for room_id in chosen.room_ids for row in _of_room(rows, room_id, chosen, before)[:limit]]
    found.sort(key=lambda row: bytes(row.event_id), reverse=True)
    return found[:limit]


def within(table: type[Listed], chosen: Chosen, of: "QuerySet[Listed] | None" = None) -> "QuerySet[Listed]":
    """All that is chosen, in no order, for sums: by the same indexes."""
    rows = _chosen(table, chosen, of).order_by()
    if not chosen.room_ids:
        return rows.filter(**_ids(chosen))
    ends = {"timestamp__gte": chosen.since, "timestamp__lt": chosen.until}
    times = {name: moment for name, moment in ends.items() if moment is not None}
    return rows.filter(room_id__in=chosen.room_ids, **times)


def beside(chosen: Chosen, since: datetime | None, until: datetime | None) -> Iterator[Chosen]:
    """What is chosen before, and what behind a time within the chosen one, which is told by its ends."""
    if since != chosen.since:
        yield replace(chosen, until=since)
    if until != chosen.until:
        yield replace(chosen, since=until)


def around(row: Listed, each_side: int, table: type[Listed] | None = None) -> list[Listed]:
    """The row among its neighbours of the same room, newest first; those of ``table``, else of its own."""
    table, chosen = table or type(row), Chosen(room_ids=(row.room_id,))
    later: QuerySet[Listed] = table._default_manager.filter(
        Q(timestamp__gt=row.timestamp) | Q(event_id__gt=row.event_id),
        room_id=row.room_id,
        timestamp__gte=row.timestamp,
    ).order_by("timestamp", "event_id")
    return [
        *reversed(list(later[:each_side])),
        row,
        *newest(table, chosen, bytes(row.event_id), each_side),
    ]


def _chosen(table: type[Listed], chosen: Chosen, of: "QuerySet[Listed] | None") -> "QuerySet[Listed]":
    """By what is in them, whatever their time."""
    rows = (table._default_manager.all() if of is None else of).filter(_content(table, chosen))
    if chosen.uid is None:
        return rows
    # Of rooms by the indexes of rooms.
    return rows.filter(uid=chosen.uid) if chosen.room_ids else of_people(rows, [chosen.uid])


def _of_room(
    rows: "QuerySet[Listed]", room_id: int, chosen: Chosen, before: bytes | None
) -> "QuerySet[Listed]":
    found = rows.filter(room_id=room_id)
    if before is not None:
        at = keyset.moment(before)
        found = found.filter(Q(timestamp__lt=at) | Q(event_id__lt=before), timestamp__lte=at)
    if chosen.since is not None:
        found = found.filter(timestamp__gte=chosen.since)
    if chosen.until is not None:
        found = found.filter(timestamp__lt=chosen.until)
    return found.order_by("-timestamp", "-event_id")


def _content(table: type[Listed], chosen: Chosen) -> Q:
    wanted = Q()
    if chosen.name:
        wanted &= Q(username__icontains=chosen.name)
    if chosen.word:
        wanted &= Q(**{f"{TEXTS[table]}__icontains": chosen.word})
    return wanted


def _older_than(before: bytes | None) -> Q:
    return Q() if before is None else Q(event_id__lt=before)


def _ids(chosen: Chosen) -> dict[str, Any]:
    ends = {"event_id__gte": chosen.since, "event_id__lt": chosen.until}
    return {name: keyset.floor(moment) for name, moment in ends.items() if moment is not None}
