"""Who was in a room before: from the rollup of their first days there, the day itself from the rows."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import QuerySet

from live_data.instants import epoch_ms, moment
from live_data.models import DanmakuData, GiftData, GuardPurchase, PersonRoom, RollupCalendar, SuperChatData
from live_data.storing import calendar

_CHUNK = 500  # uids of one query
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def known_before(room_id: int, uids: Sequence[int], before: datetime) -> set[int]:
    """Of these people, those who had said or given something in the room before that moment."""
    known: set[int] = set()
    begins = _EVER
    if RollupCalendar.objects.filter(is_whole=True).exists():  # else the rows alone know, until a rebuild
        days = calendar.days()
        day = days.of(epoch_ms(before))
        begins = moment(days.begins(day))
        for start in range(0, len(uids), _CHUNK):
            some = uids[start : start + _CHUNK]
            earlier = PersonRoom.objects.filter(room_id=room_id, uid__in=some, first_day__lt=day)
            known.update(earlier.values_list("uid", flat=True))
    return known | (set(uids) & _in_rows(room_id, begins, before))


def _in_rows(room_id: int, since: datetime, until: datetime) -> set[int | None]:
    """All of a stretch, by (room, time): asked for by uid, SQLite would read what they said everywhere."""
    found: set[int | None] = set()
    tables: tuple[QuerySet[DanmakuData | GiftData | SuperChatData | GuardPurchase], ...] = (
        DanmakuData.objects.filter(is_mirror=False),  # the others were said elsewhere, and are in no rollup
        GiftData.objects.all(),
        SuperChatData.objects.all(),
        GuardPurchase.objects.all(),
    )
    for table in tables:
        rows = table.filter(room_id=room_id, timestamp__gte=since, timestamp__lt=until)
        found.update(rows.order_by().values_list("uid", flat=True).distinct().iterator())
    return found
