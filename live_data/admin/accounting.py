"""Where the sync stands, what became of what was received, and what the runs of the sync did."""

from django.contrib import admin

from live_data import models
from live_data.admin.columns import columns
from live_data.admin.tables import ReadOnly


@admin.register(models.SyncCursor)
class SyncCursorAdmin(ReadOnly):
    list_display = columns(models.SyncCursor, "partition", "incarnation", "stream_id")
    search_fields = ("incarnation", "stream_id")


@admin.register(models.JournalPosition)
class JournalPositionAdmin(ReadOnly):
    list_display = columns(models.JournalPosition, "collector", "position", "hole_from", "damaged_at")
    search_fields = ("collector",)


@admin.register(models.EventCount)
class EventCountAdmin(ReadOnly):
    """A row for each room, outcome and name: thousands, not millions."""

    list_display = columns(models.EventCount, "room_id", "outcome", "name", "count")
    list_filter = ("outcome",)
    search_fields = ("room_id__exact", "name")


@admin.register(models.DataMigrationLog)
class RunAdmin(ReadOnly):
    """One row an hour."""

    list_display = columns(
        models.DataMigrationLog,
        "start_time",
        "end_time",
        "migration_type",
        "status",
        "total_records",
        "error_message",
    )
    list_filter = ("status",)
    search_fields = ("migration_type", "error_message")
