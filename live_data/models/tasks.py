"""Monitoring tasks: named lists of rooms; a running one makes its rooms watched."""

import json

from django.db import models
from django.db.models.functions import Now

_INT64 = 2**63


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

    @property
    def room_ids(self) -> list[int]:
        """The rooms of the list; none when people left it unreadable: one task must not stop the others."""
        try:
            return _listed(self.room_ids_json)
        except ValueError:
            return []

    @property
    def list_problem(self) -> str:
        """Why the list cannot be read, in one line; "" when it can."""
        try:
            _listed(self.room_ids_json)
        except ValueError as error:
            return f"room_ids_json of task {self.task_name!r} is no list of room numbers ({error})"
        return ""


def _listed(text: str | None) -> list[int]:
    """Raises ValueError."""
    try:
        listed = json.loads(text or "[]")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(listed, list):
        raise ValueError("it must look like [22889484, 7758258]")
    return [_room_id(each) for each in listed]


def _room_id(each: object) -> int:
    """A number, also one that somebody put in quotes."""
    if isinstance(each, str) and each.isascii() and each.isdigit() and len(each) < len(str(_INT64)):
        each = int(each)
    if isinstance(each, bool) or not isinstance(each, int) or not 0 < each < _INT64:
        raise ValueError(f"{each!r:.40} is no room number")
    return each
