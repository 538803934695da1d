"""What a clean-up takes away: rows of events by their own time. Knows tables, no reason to keep anything."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from live_data import keyset
from live_data.instants import epoch_ms
from live_data.models import (
    ClockReading,
    CoverageSpan,
    DanmakuData,
    DataMigrationLog,
    DayCount,
    DeadLetter,
    GaugeMinute,
    GiftData,
    GiftDay,
    GuardPurchase,
    GuardReportData,
    InteractionData,
    LiveSession,
    MinuteCount,
    PersonDay,
    PersonName,
    PolledState,
    RedPacketData,
    RedPacketReportData,
    RoomStateData,
    SessionCorrection,
    SuperChatData,
    SuperChatDeletionData,
)
from live_data.models.counts import COUNTS
from live_data.search import index
from live_data.storing import calendar, late_rows, person_names, person_rooms
from live_data.storing.exclusion import lock_out_syncs
from live_data.storing.guards import WINDOW
from live_data.storing.rollups import Deltas

_CHUNK = 2_000  # rows of one transaction: the sync waits no longer than that


def outdated(before: datetime) -> list[tuple[str, "models.QuerySet[models.Model]"]]:
    """(name, rows) of each table that are older than ``before``, which is cut to its minute: a minute's
    count goes with its rows, as those of days, people and names do. Rooms, tasks, and the counts of what
    was received stay.
    """
    cut = before.replace(second=0, microsecond=0)
    tables: list[tuple[type[models.Model], models.Q]] = [
        # By the event_id, which begins with the time: none of them has an index by time alone.
        (table, models.Q(timestamp__lt=cut, event_id__lt=keyset.floor(cut)))
        for table in (
            DanmakuData,
            GiftData,
            SuperChatData,
            SuperChatDeletionData,
            InteractionData,
        )
    ]
    # What a session that stays was derived from, stays: it is derived again and again.
    tables += [
        (table, models.Q(**{f"{at}__lt": cut}) & ~models.Q(models.Exists(_sessions_since(cut, at))))
        for table, at in (
            (RoomStateData, "timestamp"),
            (PolledState, "timestamp"),
            (CoverageSpan, "end"),
            (SessionCorrection, "anchor"),
        )
    ]
    tables += [
        (GuardReportData, models.Q(timestamp__lt=cut) | _joined_before(cut)),
        (GuardPurchase, models.Q(timestamp__lt=cut)),
        (RedPacketReportData, models.Q(timestamp__lt=cut) & ~models.Q(models.Exists(_packets_since(cut)))),
        (RedPacketData, models.Q(timestamp__lt=cut)),
        (LiveSession, models.Q(end__lt=cut)),
        (ClockReading, models.Q(timestamp__lt=cut)),
        (GaugeMinute, models.Q(minute__lt=cut)),
        # Whatever its own time is, which may be what is wrong with it: it came before it failed.
        (DeadLetter, models.Q(first_failed_at__lt=cut)),
        (DataMigrationLog, models.Q(start_time__lt=cut)),
    ]
    return [(table.__name__, table._default_manager.filter(rows)) for table, rows in tables]


def _joined_before(cut: datetime) -> models.Q:
    """GUARD_BUYs of purchases that go: left alone, each would look like a purchase of its own."""
    near = models.Q(report="bought", timestamp__lt=cut + timedelta(milliseconds=WINDOW))
    return near & ~models.Q(event_id__in=GuardPurchase.objects.values("event_id"))


def _sessions_since(cut: datetime, at: str) -> "models.QuerySet[LiveSession]":
    """Those that stay and have a row's moment ``at`` in them."""
    stays = models.Q(end__isnull=True) | models.Q(end__gte=cut) & models.Q(end__gte=models.OuterRef(at))
    return LiveSession.objects.filter(
        stays, room_id=models.OuterRef("room_id"), opened_at__lte=models.OuterRef(at)
    )


def _packets_since(cut: datetime) -> "models.QuerySet[RedPacketData]":
    """Those that stay and of which an earlier report tells what was paid."""
    return RedPacketData.objects.filter(
        room_id=models.OuterRef("room_id"), lot_id=models.OuterRef("lot_id"), timestamp__gte=cut
    )


def delete(rows: "models.QuerySet[models.Model]") -> Iterator[int]:
    """In pieces, each a transaction of its own with what rollups say of them; yields how many went."""
    has_event_id = any(field.name == "event_id" for field in rows.model._meta.fields)
    order = "event_id" if has_event_id else "pk"
    while True:
        deltas = Deltas()
        with transaction.atomic():
            lock_out_syncs()
            some = list(rows.order_by(order)[:_CHUNK])
            if some:
                rows.model._default_manager.filter(pk__in=[row.pk for row in some]).delete()
            index.remove(rows.model, some)
            for row in some:
                deltas.add_row(row, -1)
            late_rows.mark(deltas.touched, datetime.now(UTC))
            deltas.write()
            person_rooms.write(
                {
                    (row.room_id, row.day, row.uid): [-getattr(row, name) for name in COUNTS]
                    for row in some
                    if isinstance(row, PersonDay)
                }
            )
        if not some:
            return
        yield len(some)


def forget_counts(before: datetime) -> None:
    """What rollups say of the time before, after its rows went: counts that had outlived theirs go too."""
    cut = before.replace(second=0, microsecond=0)
    days = calendar.days()
    first = days.of(epoch_ms(cut))
    outlived: list[models.QuerySet[Any]] = [
        MinuteCount.objects.filter(minute__lt=cut),
        # Before the days of rooms, by which those of people are found.
        PersonDay.objects.filter(day__lt=first),
        DayCount.objects.filter(day__lt=first),
        GiftDay.objects.filter(day__lt=first),
    ]
    for rows in outlived:
        for _ in delete(rows):
            pass
    people = PersonName.objects.filter(first_day__lt=first).order_by("uid").values_list("uid", flat=True)
    behind = -1
    while uids := list(people.filter(uid__gt=behind).distinct()[:_CHUNK]):
        with transaction.atomic():
            lock_out_syncs()
            person_names.settle(uids, days)
        behind = uids[-1]


def give_space_back() -> None:
    """To the disk. PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # It works row by row: each row fetched frees a page.
            cursor.execute("PRAGMA incremental_vacuum").fetchall()
