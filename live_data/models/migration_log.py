"""Runs of the sync."""

from django.db import models
from django.db.models.functions import Now


class DataMigrationLog(models.Model):
    """A run by hand, an hour of the continuous sync, or a failure."""

    class Status(models.TextChoices):
        RUNNING = "running"
        SUCCESS = "success"
        FAILED = "failed"

    migration_type = models.CharField(max_length=50)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField(null=True)
    total_records = models.BigIntegerField(db_default=0)
    success_records = models.BigIntegerField(db_default=0)
    failed_records = models.BigIntegerField(db_default=0)
    status = models.CharField(max_length=20, choices=Status.choices, db_default="running")
    error_message = models.TextField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "live_data_datamigrationlog"
        indexes = [models.Index(fields=["status", "start_time"], name="idx_migration_status")]
