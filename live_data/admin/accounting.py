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
    list_display = columns(
        models.JournalPosition, "collector", "position", "hole_from", "damaged_at", "heard_at"
    )
    search_fields = ("collector",)


@admin.register(models.ClockReading)
class ClockReadingAdmin(ReadOnly):
    """One row an hour, and one when a clock was set."""

    list_display = columns(models.ClockReading, "timestamp", "collector", "kind", "ms", "uncertain_ms")
    list_filter = ("kind",)
    search_fields = ("collector",)


@admin.register(models.EventCount)
class EventCountAdmin(ReadOnly):
    """A row for each room, outcome and name: thousands, not millions."""

    list_display = columns(models.EventCount, "room_id", "outcome", "name", "count")
    list_filter = ("outcome",)
    search_fields = ("room_id__exact", "name")


@admin.register(models.ProtocolNews)
class ProtocolNewsAdmin(ReadOnly):
    """Hundreds of rows of each kind at most."""

    list_display = columns(models.ProtocolNews, "kind", "name", "first_seen", "last_seen", "count")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(models.DeadLetter)
class DeadLetterAdmin(ReadOnly):
    """A row for each event that could not be stored: there should be none."""

    list_display = columns(
        models.DeadLetter, "last_failed_at", "kind", "room_id", "times", "reason", "first_failed_at"
    )
    search_fields = ("room_id__exact", "kind__exact")


@admin.register(models.DatabaseCopy)
class DatabaseCopyAdmin(ReadOnly):
    """One row, where `copy_database` filled this database."""

    list_display = columns(models.DatabaseCopy, "source", "begun_at", "completed_at")


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
