"""What a clean-up takes away: rows of events by their own time. Knows tables, no reason to keep anything."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, models, transaction

from live_data.models import (
    CoverageSpan,
    DanmakuData,
    DataMigrationLog,
    GaugeMinute,
    GiftData,
    GuardPurchase,
    GuardReportData,
    InteractionData,
    MinuteCount,
    RoomStateData,
    SuperChatData,
    SuperChatDeletionData,
)
from live_data.storing.guards import WINDOW

_CHUNK = 2_000  # rows of one transaction: the sync waits no longer than that


def outdated(before: datetime) -> list[tuple[str, "models.QuerySet[models.Model]"]]:
    """(name, rows) of each table that are older than ``before``, which is cut to its minute: a minute's
    count goes with its rows. Rooms, tasks, and the counts of what was received stay.
    """
    cut = before.replace(second=0, microsecond=0)
    tables: list[tuple[type[models.Model], models.Q]] = [
        (table, models.Q(timestamp__lt=cut))
        for table in (
            DanmakuData,
            GiftData,
            SuperChatData,
            SuperChatDeletionData,
            InteractionData,
            RoomStateData,
        )
    ]
    tables += [
        (GuardReportData, models.Q(timestamp__lt=cut) | _joined_before(cut)),
        (GuardPurchase, models.Q(timestamp__lt=cut)),
        (CoverageSpan, models.Q(end__lt=cut)),
        (MinuteCount, models.Q(minute__lt=cut)),
        (GaugeMinute, models.Q(minute__lt=cut)),
        (DataMigrationLog, models.Q(start_time__lt=cut)),
    ]
    return [(table.__name__, table._default_manager.filter(rows)) for table, rows in tables]


def _joined_before(cut: datetime) -> models.Q:
    """GUARD_BUYs of purchases that go: left alone, each would look like a purchase of its own."""
    near = models.Q(report="bought", timestamp__lt=cut + timedelta(milliseconds=WINDOW))
    return near & ~models.Q(event_id__in=GuardPurchase.objects.values("event_id"))


def delete(rows: "models.QuerySet[models.Model]") -> Iterator[int]:
    """In pieces, each a transaction of its own; yields how many went."""
    while True:
        with transaction.atomic():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK])
            if keys:
                rows.model._default_manager.filter(pk__in=keys).delete()
        if not keys:
            return
        yield len(keys)


def give_space_back() -> None:
    """To the disk. PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # It works row by row: each row fetched frees a page.
            cursor.execute("PRAGMA incremental_vacuum").fetchall()
