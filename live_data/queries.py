"""What pages and the JSON API read from SQL. Knows neither requests nor Redis."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from django.db import connection, models, transaction
from django.db.models import Count, Q, Sum

from live_data import keyset
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    EventCount,
    GiftData,
    GuardPurchase,
    LiveRoom,
    MinuteCount,
    SuperChatData,
    SyncCursor,
)

Listed: TypeAlias = DanmakuData | GiftData | SuperChatData | GuardPurchase

_MINUTE_KINDS = ("danmaku", "gifts", "super_chats", "guards", "gold")


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


def newest(table: type[Listed], room_id: int | None, before: bytes | None, limit: int) -> list[Listed]:
    """Up to ``limit`` rows, newest first, all of them older than the event ``before``.

    Of one room by its (room, timestamp) index; of all rooms by the event_id, which begins with the time.
    """
    rows: models.QuerySet[Listed] = table._default_manager.all()
    if room_id is None:
        found = rows if before is None else rows.filter(event_id__lt=before)
        return list(found.order_by("-event_id")[:limit])
    found = rows.filter(room_id=room_id)
    if before is not None:
        at = keyset.moment(before)
        found = found.filter(Q(timestamp__lt=at) | Q(event_id__lt=before), timestamp__lte=at)
    return list(found.order_by("-timestamp", "-event_id")[:limit])


def sync_cursor() -> tuple[str, str]:
    """Incarnation and stream id behind which the log is not in SQL yet."""
    cursor = SyncCursor.objects.filter(partition=0).first()
    return (cursor.incarnation, cursor.stream_id) if cursor else ("", "0-0")


def is_known(room_id: int) -> bool:
    return LiveRoom.objects.filter(room_id=room_id).exists()


def rooms_from(room_id: int, limit: int) -> list[LiveRoom]:
    """Rooms by number, from ``room_id`` on."""
    return list(LiveRoom.objects.filter(room_id__gte=room_id).order_by("room_id")[:limit])


def rooms_first(watched: Sequence[int], limit: int) -> list[LiveRoom]:
    """Watched rooms, those on air first."""
    rooms = LiveRoom.objects.filter(room_id__in=watched)
    return list(rooms.order_by(models.Case(models.When(status=1, then=0), default=1), "room_id")[:limit])


def danmaku_last_minute(room_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """By room, what was said in the 60 seconds before ``now``; mirrored danmaku are in no count."""
    recent = DanmakuData.objects.filter(
        room_id__in=list(room_ids),
        # The upper end too: one danmaku with a time in the far future must not count for ever.
        timestamp__range=(now - timedelta(minutes=1), now + timedelta(seconds=5)),
        is_mirror=False,
    )
    return dict(recent.order_by().values_list("room_id").annotate(Count("pk")))


def danmaku_by_minute(now: datetime, minutes: int = 60) -> list[tuple[int, int | None]]:
    """Of all rooms: (epoch ms of the minute, danmaku) for each of the last minutes.

    None where nothing was counted and no room was connected: that is not the same as silence.
    """
    last = now.astimezone(UTC).replace(second=0, microsecond=0)
    since = last - timedelta(minutes=minutes - 1)
    counted = MinuteCount.objects.filter(minute__gte=since, minute__lte=last).order_by()
    found = dict(counted.values_list("minute").annotate(Sum("danmaku")))
    all_minutes = [since + timedelta(minutes=number) for number in range(minutes)]
    watched = _watched_minutes(all_minutes, now)
    return [
        (int(minute.timestamp()) * 1000, found.get(minute, 0 if minute in watched else None))
        for minute in all_minutes
    ]


def _watched_minutes(minutes: Sequence[datetime], now: datetime) -> set[datetime]:
    """Those in which at least one room was connected for some time."""
    spans = CoverageSpan.objects.filter(
        Q(end__isnull=True) | Q(end__gt=minutes[0]), state__in=("covered", "degraded")
    )
    watched: set[datetime] = set()
    for start, end in spans.order_by().values_list("timestamp", "end"):
        watched.update(
            minute
            for minute in minutes
            if minute not in watched and start < minute + timedelta(minutes=1) and (end or now) > minute
        )
        if len(watched) == len(minutes):
            break
    return watched


def totals(now: datetime) -> dict[str, dict[str, int]]:
    """Events by outcome since the beginning, and what the last 24 hours had by kind."""
    outcomes = EventCount.objects.order_by().values_list("outcome").annotate(Sum("count"))
    last_day = MinuteCount.objects.filter(minute__gt=now - timedelta(days=1))
    sums = last_day.aggregate(**{kind: Sum(kind) for kind in _MINUTE_KINDS})
    return {
        "events": dict(outcomes),
        "last_24_hours": {kind: sums[kind] or 0 for kind in _MINUTE_KINDS},
    }
