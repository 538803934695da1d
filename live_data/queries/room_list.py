"""The list of all rooms: in which order, and what is known of those on one page of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from live_data.models import (
    DanmakuData,
    EventCount,
    GiftData,
    GuardPurchase,
    InteractionData,
    LiveRoom,
    RedPacketData,
    RoomStateData,
    SuperChatData,
)

_Dated: TypeAlias = (
    DanmakuData | GiftData | GuardPurchase | InteractionData | RedPacketData | RoomStateData | SuperChatData
)

_EVENTS: tuple[type[_Dated], ...] = (
    DanmakuData,
    GiftData,
    SuperChatData,
    GuardPurchase,
    RedPacketData,
    InteractionData,
    RoomStateData,
)


def ordered(listed: Collection[int], watched: Collection[int], text: str = "") -> list[int]:
    """Rooms that have a row or stand in a task, and of which the text is a part of number, title or streamer.

    Those on air first, then the other watched ones, then those that tasks list, then those of the past.
    """
    names = LiveRoom.objects.values_list("room_id", "short_id", "status", "uname", "title")
    known = {
        room_id: (status, (str(room_id), str(short_id), *texts))
        for room_id, short_id, status, *texts in names
    }
    bare = {room_id: (LiveRoom.Status.OFFLINE, (str(room_id),)) for room_id in listed if room_id not in known}
    found = {
        room_id: _rank(room_id, status, listed, watched)
        for room_id, (status, texts) in {**known, **bare}.items()
        if _has(text, texts)
    }
    return sorted(found, key=lambda room_id: (found[room_id], room_id))


def _rank(room_id: int, status: int, listed: Collection[int], watched: Collection[int]) -> int:
    if room_id in watched:
        return 0 if status == LiveRoom.Status.LIVE else 1
    return 2 if room_id in listed else 3


def _has(text: str, where: Iterable[str]) -> bool:
    wanted = text.casefold()
    return not wanted or any(wanted in each.casefold() for each in where)


def rows(room_ids: Sequence[int]) -> list[LiveRoom]:
    """In this order; a room that only a task knows has an empty row that is not saved."""
    found = {room.room_id: room for room in LiveRoom.objects.filter(room_id__in=room_ids)}
    return [found.get(room_id) or _empty(room_id) for room_id in room_ids]


def _empty(room_id: int) -> LiveRoom:
    """Before it is saved, a row has nothing where SQL has the defaults."""
    nothing = dict.fromkeys(("title", "uname", "area_name", "parent_area_name", "cover"), "")
    return LiveRoom(
        room_id=room_id, short_id=0, online=0, status=0, is_paused=False, connect_when="always", **nothing
    )


def last_events(room_ids: Iterable[int], until: datetime) -> dict[int, datetime]:
    """By room, the own time of its newest event of any kind that is shown, one seek of an index each."""
    rooms = LiveRoom.objects.filter(room_id__in=list(room_ids))
    newest = {f"of_{number}": _newest(table, until) for number, table in enumerate(_EVENTS)}
    found = {
        room_id: [time for time in times if time is not None]
        for room_id, *times in rooms.annotate(**newest).values_list("room_id", *newest)
    }
    return {room_id: max(times) for room_id, times in found.items() if times}


def _newest(table: type[_Dated], until: datetime) -> Subquery:
    events: QuerySet[_Dated] = table._default_manager.filter(
        room_id=OuterRef("room_id"), timestamp__lte=until
    )
    return Subquery(events.order_by("-timestamp").values("timestamp")[:1])


def stored(room_ids: Iterable[int]) -> dict[int, int]:
    """By room, events that were stored since the beginning; a clean-up takes none of them back."""
    counts = EventCount.objects.filter(room_id__in=list(room_ids), outcome=EventCount.Outcome.STORED)
    return dict(counts.order_by().values_list("room_id").annotate(Sum("count")))
