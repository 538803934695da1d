"""Monitoring tasks: named lists of rooms; a running one makes its rooms watched."""

import json

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

_INT64 = 2**63


class MonitoringTask(models.Model):
    """A named list of rooms, started and stopped, with counts and errors."""

    class Status(models.TextChoices):
        STOPPED = "stopped", _("Stopped")
        RUNNING = "running", _("Running")

    task_name = models.CharField(_("task name"), max_length=100, unique=True)
    room_ids_json = models.TextField(_("room numbers (JSON)"), null=True)  #: JSON list of room ids
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, db_default="stopped")
    start_time = models.DateTimeField(_("start"), null=True)
    end_time = models.DateTimeField(_("end"), null=True)
    collected_danmaku = models.BigIntegerField(_("danmaku collected"), db_default=0)
    collected_gifts = models.BigIntegerField(_("gifts collected"), db_default=0)
    error_count = models.BigIntegerField(_("errors"), db_default=0)
    last_error = models.TextField(_("last error"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    updated_at = models.DateTimeField(_("updated at"), db_default=Now())

    class Meta:
        db_table = "live_data_monitoringtask"
        verbose_name = _("monitoring task")
        verbose_name_plural = _("monitoring tasks")

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
