"""What people may ask of sessions, and how they correct them."""

from datetime import datetime
from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from live_data.forms.fields import RangeForm, number
from live_data.forms.lists import BAD_CURSOR, RoomForm
from live_data.models import LiveSession
from live_data.sessions import naming
from live_data.sessions.spans import Refusal

MOST = 50  #: sessions of one answer
USUAL = 10

REFUSALS: dict[Refusal, Promise] = {
    Refusal.NO_SESSION: gettext_lazy("The session has changed meanwhile; look at it again."),
    Refusal.OUTSIDE: gettext_lazy("It can only be split between its begin and its end."),
    Refusal.NOTHING_TO_MERGE: gettext_lazy("No later session is there to merge it with."),
    Refusal.NOT_BEFORE_END: gettext_lazy("A session must begin before it ends."),
    Refusal.OVERLAPS: gettext_lazy(
        "It would overlap another session; merge the two, or move that one first."
    ),
    Refusal.OTHER_ROOM: gettext_lazy("Sessions of two rooms cannot be merged."),
    Refusal.NOT_YET: gettext_lazy("This time has not come yet."),
}
"""Why a correction does not fit, in words."""

_NEEDED = gettext_lazy("a time is needed, such as 2026-10-01T20:30")
_UNKNOWN = gettext_lazy("no session has this name")


class SessionsForm(RoomForm):
    """`?room_id=&limit=&cursor=`: the cursor is the name of the session before."""

    limit = number(1, MOST)
    cursor = forms.CharField(required=False, strip=False)

    def clean_room_id(self) -> tuple[int, ...]:
        rooms = super().clean_room_id()
        if not rooms:
            raise forms.ValidationError(gettext_lazy("one room is needed"))
        return rooms

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or USUAL

    def clean_cursor(self) -> LiveSession | None:
        text = self.cleaned_data["cursor"]
        session = naming.named(text) if text else None
        if text and session is None:
            raise forms.ValidationError(BAD_CURSOR % {"cursor": text[:80]})
        return session

    def clean(self) -> dict[str, Any]:
        checked = super().clean() or self.cleaned_data
        cursor, rooms = checked.get("cursor"), checked.get("room_id")
        if cursor and rooms and cursor.room_id != rooms[0]:
            self.add_error("cursor", gettext_lazy("it is of another room"))
        return checked


class AtForm(RangeForm):
    """`at=&tz=` of a correction; without an offset the time is that of ``tz``, else of the viewer's zone."""

    at = forms.CharField(required=False, max_length=40)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(request.POST)

    def clean_at(self) -> datetime:
        moment = self._moment(self.cleaned_data["at"].strip())
        if moment is None:
            raise forms.ValidationError(_NEEDED)
        return moment


class MergeForm(forms.Form):
    """`other=`: the name of the session to merge with; empty: the next one of the room."""

    other = forms.CharField(required=False, max_length=40)

    def clean_other(self) -> LiveSession | None:
        text = self.cleaned_data["other"].strip()
        session = naming.named(text) if text else None
        if text and session is None:
            raise forms.ValidationError(_UNKNOWN)
        return session
