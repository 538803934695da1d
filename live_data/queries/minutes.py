"""The last minutes, for lines and bars: from the rollup by minute, never from the rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from live_data.models import CoverageSpan, DanmakuData, MinuteCount
from live_data.queries.blindness import heard_until

_MINUTE = timedelta(minutes=1)
_SUMS = ("danmaku", "gift_gold", "super_chat_gold", "guard_gold")


class Minute(NamedTuple):
    """One minute of one room or of all."""

    at: int  #: epoch ms of its beginning
    danmaku: int | None  #: None: no room was connected, which is not the same as silence
    gift_gold: int
    super_chat_gold: int
    guard_gold: int


def latest(now: datetime, minutes: int = 60, room_id: int | None = None) -> list[Minute]:
    """Of all rooms or of one, oldest first; the last one is not over yet."""
    begins = _beginnings(now, minutes)
    counted = MinuteCount.objects.filter(minute__range=(begins[0], begins[-1])).order_by()
    if room_id is not None:
        counted = counted.filter(room_id=room_id)
    sums = counted.values_list("minute").annotate(*(Sum(name) for name in _SUMS))
    found = {minute: figures for minute, *figures in sums}
    watched = _watched(begins, now, room_id)
    return [
        Minute(int(at.timestamp()) * 1000, *found.get(at, (0 if at in watched else None, 0, 0, 0)))
        for at in begins
    ]


def danmaku_by_room(room_ids: Iterable[int], now: datetime, minutes: int = 30) -> dict[int, list[int]]:
    """By room, danmaku of each of the last minutes, oldest first."""
    begins = _beginnings(now, minutes)
    place = {minute: number for number, minute in enumerate(begins)}
    lines: dict[int, list[int]] = defaultdict(lambda: [0] * minutes)
    counted = MinuteCount.objects.filter(
        room_id__in=list(room_ids), minute__range=(begins[0], begins[-1]), danmaku__gt=0
    )
    for room_id, minute, danmaku in counted.order_by().values_list("room_id", "minute", "danmaku"):
        lines[room_id][place[minute]] = danmaku
    return dict(lines)


def danmaku_last_minute(room_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """By room, what was said in the 60 seconds before ``now``; mirrored danmaku are in no count."""
    recent = DanmakuData.objects.filter(
        room_id__in=list(room_ids),
        # The upper end too: one danmaku with a time in the far future must not count for ever.
        timestamp__range=(now - _MINUTE, now + timedelta(seconds=5)),
        is_mirror=False,
    )
    return dict(recent.order_by().values_list("room_id").annotate(Count("pk")))


def _beginnings(now: datetime, minutes: int) -> list[datetime]:
    last = now.astimezone(UTC).replace(second=0, microsecond=0)
    return [last - number * _MINUTE for number in reversed(range(minutes))]


def _watched(begins: Sequence[datetime], now: datetime, room_id: int | None) -> set[datetime]:
    """Those in which the room, or at least one room, was connected for some time."""
    spans = CoverageSpan.objects.filter(
        Q(end__isnull=True) | Q(end__gt=begins[0]), state__in=("covered", "degraded")
    )
    if room_id is not None:
        spans = spans.filter(room_id=room_id)
    watched: set[datetime] = set()
    heard = heard_until(now)
    for start, end in spans.order_by().values_list("timestamp", "end"):
        watched.update(
            minute
            for minute in begins
            if minute not in watched and start < minute + _MINUTE and (end or heard) > minute
        )
        if len(watched) == len(begins):
            break
    return watched
