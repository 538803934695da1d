"""DataMigrationLog: a row for each hour of the continuous sync, each run by hand, each failure."""

from datetime import datetime

from django.db.models import F

from live_data.models import DataMigrationLog

CONTINUOUS = "continuous"
_LONGEST = 500  # characters of a message

Status = DataMigrationLog.Status


def add_to_hour(now: datetime, total: int, failed: int) -> None:
    """One batch of the continuous sync. Two syncs that begin an hour at once make two rows of it."""
    its = {
        "migration_type": CONTINUOUS,
        "start_time": now.replace(minute=0, second=0, microsecond=0),
        "status": Status.SUCCESS,
    }
    row = DataMigrationLog.objects.filter(**its).order_by("pk").first()
    row = row or DataMigrationLog.objects.create(**its)
    DataMigrationLog.objects.filter(pk=row.pk).update(
        end_time=now,
        total_records=F("total_records") + total,
        success_records=F("success_records") + total - failed,
        failed_records=F("failed_records") + failed,
    )


def failure(now: datetime, message: str, migration_type: str = CONTINUOUS) -> None:
    """Something went wrong; ``message`` is one line for people."""
    DataMigrationLog.objects.create(
        migration_type=migration_type,
        start_time=now,
        end_time=now,
        status=Status.FAILED,
        error_message=message[:_LONGEST],
    )


def begin(now: datetime, migration_type: str) -> DataMigrationLog:
    """A run by hand."""
    return DataMigrationLog.objects.create(migration_type=migration_type, start_time=now)


def end(row: DataMigrationLog, now: datetime, total: int, failed: int, error: str = "") -> None:
    row.end_time = now
    row.total_records, row.failed_records, row.success_records = total, failed, total - failed
    row.status = Status.FAILED if error else Status.SUCCESS
    row.error_message = error[:_LONGEST] or None
    row.save()
