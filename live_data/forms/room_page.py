"""What the page of one room asks for: when to connect, which figure over which time, which changes."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from live_data import instants
from live_data.forms.fields import Query, number
from live_data.forms.lists import RoomForm
from live_data.models import LiveRoom

FIGURES = {
    "followers": gettext_lazy("Followers"),
    "fan_club": gettext_lazy("Fan club members"),
    "guards": gettext_lazy("Guards"),
    "online": gettext_lazy("Online (where the site tells it)"),
    "ranked": gettext_lazy("On the online rank"),
    "watched": gettext_lazy("Watched in this session"),
    "likes": gettext_lazy("Likes in this session"),
    "popularity": gettext_lazy("Popularity (the site's own figure, no number of people)"),
}
"""Gauges by name, in words."""


class Span(NamedTuple):
    """How far back, and how much time becomes one point."""

    length: timedelta
    step: timedelta


SPANS = {
    "hours": Span(timedelta(hours=3), timedelta(minutes=1)),
    "day": Span(timedelta(days=1), timedelta(minutes=10)),
    "week": Span(timedelta(days=7), timedelta(hours=1)),
    "month": Span(timedelta(days=30), timedelta(hours=6)),
}
SPAN_NAMES = {
    "hours": gettext_lazy("3 hours"),
    "day": gettext_lazy("24 hours"),
    "week": gettext_lazy("7 days"),
    "month": gettext_lazy("30 days"),
}

USUAL_SPAN = "day"

_ONE_OF = gettext_lazy("must be one of {names}")
_LATEST = 253_402_300_799_000  #: ms; the last moment of the calendar


def _one_of(*names: str) -> forms.ChoiceField:
    said = {"invalid_choice": format_lazy(_ONE_OF, names=", ".join(names))}
    return forms.ChoiceField(required=False, choices=[(name, name) for name in names], error_messages=said)


class RoomFigureForm(RoomForm):
    """`?room_id=&figure=&span=`: followers of the last day unless something else is said."""

    figure = _one_of(*FIGURES)
    span = _one_of(*SPANS)

    def clean_room_id(self) -> tuple[int, ...]:
        rooms = super().clean_room_id()
        if not rooms:
            raise forms.ValidationError(gettext_lazy("one room is needed"))
        return rooms

    def clean_figure(self) -> str:
        return self.cleaned_data["figure"] or next(iter(FIGURES))

    def clean_span(self) -> str:
        return self.cleaned_data["span"] or USUAL_SPAN


class ChangesForm(Query):
    """`?before=`: changes of a room before a moment, in epoch ms."""

    before = number(0, _LATEST)

    def moment(self) -> datetime | None:
        """None: the newest ones; also when it was no moment."""
        data: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return instants.moment(data["before"]) if data.get("before") is not None else None


class ConnectForm(forms.Form):
    """When a room is to be connected."""

    connect_when = forms.ChoiceField(
        choices=LiveRoom.ConnectWhen.choices,
        error_messages={
            "required": gettext_lazy("Choose when the room is connected."),
            "invalid_choice": gettext_lazy("Choose when the room is connected."),
        },
    )

    def chosen(self) -> LiveRoom.ConnectWhen:
        """Of a valid form."""
        return LiveRoom.ConnectWhen(self.cleaned_data["connect_when"])
