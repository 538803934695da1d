"""Monitoring tasks: the one table whose rows people make."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from live_data import tasks
from live_data.admin.columns import IN_A_LIST, column, columns, foreign
from live_data.admin.tables import Rows, Table
from live_data.forms.admin import TaskForm, as_text
from live_data.models import MonitoringTask

_COUNTED = [
    column(MonitoringTask, name)
    for name in (
        "status",
        "start_time",
        "end_time",
        "collected_danmaku",
        "collected_gifts",
        "error_count",
        "last_error",
        "updated_at",
    )
]
"""What the sync writes."""


@admin.register(MonitoringTask)
class MonitoringTaskAdmin(Table):
    """A task is named, given rooms, started and stopped by people; the sync counts in it meanwhile."""

    form = TaskForm
    list_display = (
        *columns(MonitoringTask, "task_name", "status"),
        "listed_rooms",
        *columns(MonitoringTask, "start_time", "error_count", "last_error"),
    )
    list_filter = ("status",)
    search_fields = ("task_name", "room_ids_json")
    actions = ("start_tasks", "stop_tasks")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return ["task_name", "rooms", *self.get_readonly_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """A task that is only being made has none of it, and the database's defaults not yet."""
        return _COUNTED if obj else []

    @admin.display(description=_("rooms"))
    def listed_rooms(self, task: MonitoringTask) -> SafeString:
        return foreign(as_text(task.room_ids) or "–", IN_A_LIST)

    def save_model(
        self, request: HttpRequest, obj: MonitoringTask, form: "forms.ModelForm[MonitoringTask]", change: bool
    ) -> None:
        """Only what was changed: the sync writes the counts, and pages add rooms, at the same time."""
        if not change:
            super().save_model(request, obj, form, change)
        elif "task_name" in form.changed_data:
            tasks.rename(obj, form.cleaned_data["task_name"])
        if "rooms" in form.changed_data:
            tasks.list_rooms(obj, form.cleaned_data["rooms"])

    @admin.action(description=_("Start selected monitoring tasks"), permissions=["change"])
    def start_tasks(self, request: HttpRequest, queryset: Rows) -> None:
        stopped = list(queryset.exclude(status=tasks.Status.RUNNING))
        for task in stopped:
            tasks.start(task)
        said = ngettext("%(count)d task was started.", "%(count)d tasks were started.", len(stopped))
        messages.success(request, said % {"count": len(stopped)})

    @admin.action(description=_("Stop selected monitoring tasks"), permissions=["change"])
    def stop_tasks(self, request: HttpRequest, queryset: Rows) -> None:
        running = list(queryset.filter(status=tasks.Status.RUNNING))
        for task in running:
            tasks.stop(task)
        said = ngettext("%(count)d task was stopped.", "%(count)d tasks were stopped.", len(running))
        messages.success(request, said % {"count": len(running)})
