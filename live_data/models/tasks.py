"""Monitoring tasks: named lists of rooms; a running one makes its rooms watched."""

from django.db import models
from django.db.models.functions import Now


class MonitoringTask(models.Model):
    """A named list of rooms, started and stopped, with counts and errors."""

    class Status(models.TextChoices):
        STOPPED = "stopped"
        RUNNING = "running"

    task_name = models.CharField(max_length=100, unique=True)
    room_ids_json = models.TextField(null=True)  #: JSON list of room ids
    status = models.CharField(max_length=20, choices=Status.choices, db_default="stopped")
    start_time = models.DateTimeField(null=True)
    end_time = models.DateTimeField(null=True)
    collected_danmaku = models.BigIntegerField(db_default=0)
    collected_gifts = models.BigIntegerField(db_default=0)
    error_count = models.BigIntegerField(db_default=0)
    last_error = models.TextField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "live_data_monitoringtask"

    def __str__(self) -> str:
        return self.task_name
