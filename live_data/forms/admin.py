"""What the admin lets people write: monitoring tasks, and whom to forget."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bilibili_live.room_numbers import parse_room
from live_data.models import ErasedPerson, MonitoringTask

if TYPE_CHECKING:
    _TaskForm = forms.ModelForm[MonitoringTask]
    _ErasedPersonForm = forms.ModelForm[ErasedPerson]
else:
    _TaskForm = _ErasedPersonForm = forms.ModelForm  # not generic at run time

MOST_CHARACTERS = 20_000  #: of a list, about a thousand addresses
_LARGEST_UID = 2**63 - 1
_BETWEEN = re.compile(r"[\s,;，；、]+")


class TaskForm(_TaskForm):
    """The name, and the rooms as people write them."""

    rooms = forms.CharField(
        label=_("Rooms"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Room numbers or live.bilibili.com addresses, separated by commas, spaces or lines."),
    )

    class Meta:
        model = MonitoringTask
        fields = ("task_name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rooms"].initial = as_text(self.instance.room_ids)

    def clean_rooms(self) -> list[int]:
        """Not asked of the site: the admin holds the database's lock, and the site takes its time."""
        typed = [text for text in _BETWEEN.split(self.cleaned_data["rooms"]) if text]
        return list(dict.fromkeys(_number(text) for text in typed))


def as_text(room_ids: Iterable[int]) -> str:
    return ", ".join(map(str, room_ids))


def _number(text: str) -> int:
    try:
        return parse_room(text)
    except ValueError as error:
        said = _("“%(typed)s” is no room: write numbers such as 22889484, or addresses.")
        raise forms.ValidationError(said, params={"typed": text[:60]}) from error


class ErasedPersonForm(_ErasedPersonForm):
    uid = forms.IntegerField(
        min_value=1,
        max_value=_LARGEST_UID,
        label=_("User ID"),
        help_text=_(
            "From now on nothing of this user is stored. What is stored already stays until it is deleted."
        ),
    )

    class Meta:
        model = ErasedPerson
        fields = ("uid",)
