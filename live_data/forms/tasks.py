"""Monitoring tasks as people name and fill them."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy

from bilibili_live import room_numbers
from live_data import room_lookup, tasks
from live_data.forms.rooms import MOST_AT_ONCE
from live_data.models import MonitoringTask
from live_data.room_lookup import Typed

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST = 100_000  #: characters
_MOST_SHOWN = 10  #: refusals said one by one
_JOINER = "\u200d"  # inside of pictures such as families
_TAKEN = gettext_lazy("there is a task of this name already.")


class TaskForm(forms.Form):
    """Name and rooms. ``task``: the one that is edited; it may keep its name."""

    name = forms.CharField(
        validators=[MaxLengthValidator(100, gettext_lazy("must have at most %(limit_value)d characters"))],
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("a task needs a name.")},
    )
    rooms = forms.CharField(
        required=False,
        validators=[
            MaxLengthValidator(_LONGEST, gettext_lazy("must have at most %(limit_value)d characters"))
        ],
        label=gettext_lazy("Rooms"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, task: MonitoringTask | None = None) -> None:
        super().__init__(data)
        self._task = task
        self._listed = frozenset(task.room_ids if task else ())

    @property
    def is_of_setting(self) -> bool:
        """Whether the task is made by the setting ROOMS, which knows no other name."""
        return self._task is not None and self._task.task_name == tasks.SETTING_TASK

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self._task is not None and name == self._task.task_name:
            return name
        if any(unicodedata.category(each) in _INVISIBLE and each != _JOINER for each in name):
            raise forms.ValidationError(gettext_lazy("must not contain control characters."))
        if self.is_of_setting:
            raise forms.ValidationError(gettext_lazy("the task of the setting ROOMS keeps its name."))
        if name == tasks.SETTING_TASK:
            raise forms.ValidationError(gettext_lazy("this name is kept for the setting ROOMS."))
        if MonitoringTask.objects.filter(task_name=name).exists():
            raise forms.ValidationError(_TAKEN)
        return name

    def clean_rooms(self) -> list[str]:
        typed = [each.typed for each in room_numbers.mentions(self.cleaned_data["rooms"])]
        if room_lookup.known(typed, self._listed).count(None) > MOST_AT_ONCE:
            said = gettext_lazy("at most %(most)d rooms that were never watched here at once.")
            raise forms.ValidationError(said % {"most": MOST_AT_ONCE})
        return typed

    def looked_up(self) -> list[int]:
        """The rooms of a valid form, checked with the site; with refusals the form is valid no more."""
        found = room_lookup.known_or_looked_up(self.cleaned_data["rooms"], self._listed)
        for typed in [each for each in found if not each.is_accepted][:_MOST_SHOWN]:
            self._refuse(typed)
        return [typed.number for typed in found if typed.is_accepted]

    def name_is_taken(self) -> None:
        """Somebody else was faster."""
        self.add_error("name", _TAKEN)

    def _refuse(self, typed: Typed) -> None:
        self.add_error("rooms", typed.text)
