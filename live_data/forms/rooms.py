"""Choosing rooms."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, gettext_lazy

from bilibili_live import room_numbers
from live_data import tasks
from live_data.forms.fields import Query, number, short_text
from live_data.models import MonitoringTask

MOST_AT_ONCE = 100  #: rooms that are asked for in one go: a minute and a half
_LONGEST = 50_000  #: characters
_MOST_PAGES = 100_000

_NONE = gettext_lazy("Type a room number or its live.bilibili.com address.")


class AddRoomForm(forms.Form):
    """The room that a person typed; the site says whether it exists."""

    room = forms.CharField(
        max_length=2000,  # share text is long
        label=gettext_lazy("Room number or address"),
        error_messages={"required": _NONE},
    )
    task = forms.CharField(required=False, max_length=100)

    def clean_task(self) -> str:
        return checked_task(self.cleaned_data["task"])


class AddRoomsForm(forms.Form):
    """Any number of rooms in any mix of numbers, addresses and shared text, and the task they go to."""

    rooms = forms.CharField(
        validators=[
            MaxLengthValidator(_LONGEST, gettext_lazy("must have at most %(limit_value)d characters"))
        ],
        label=gettext_lazy("Rooms to add"),
        error_messages={"required": _NONE},
    )
    task = forms.CharField(required=False, max_length=100)

    def clean_rooms(self) -> list[room_numbers.Mention]:
        found = room_numbers.mentions(self.cleaned_data["rooms"])
        if not found:
            raise forms.ValidationError(_NONE)
        if len(found) > MOST_AT_ONCE:
            raise forms.ValidationError(too_many(len(found)))
        return found

    def clean_task(self) -> str:
        return checked_task(self.cleaned_data["task"])


def too_many(count: int) -> str:
    said = gettext("these are %(count)d rooms; at most %(most)d can be added at once.")
    return said % {"count": count, "most": MOST_AT_ONCE}


def checked_task(name: str) -> str:
    """A running task, and not the one that the setting makes: rooms may be added. Raises ValidationError."""
    if not name or name == tasks.DEFAULT_TASK:
        return tasks.DEFAULT_TASK
    if name not in open_tasks():
        raise forms.ValidationError(gettext_lazy("there is no running task of this name."))
    return name


def open_tasks() -> list[str]:
    running = MonitoringTask.objects.filter(status=MonitoringTask.Status.RUNNING)
    names = running.exclude(task_name__in=(tasks.SETTING_TASK, tasks.DEFAULT_TASK)).order_by("task_name")
    return [tasks.DEFAULT_TASK, *names.values_list("task_name", flat=True)]


class RoomListForm(Query):
    """`?q=&page=`: part of a number, title or name; pages count from 1."""

    q = short_text(200)
    page = number(1, _MOST_PAGES)

    def clean_page(self) -> int:
        return self.cleaned_data["page"] or 1

    def chosen(self) -> dict[str, Any]:
        """What was valid, so that a list is there under every error."""
        return {"q": "", "page": 1} | getattr(self, "cleaned_data", {})
