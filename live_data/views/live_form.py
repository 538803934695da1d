"""The query of the live events: a place in the log, which only live views know."""

from typing import Any, Self

from django import forms
from django.http import HttpRequest

from bilibili_live.room_numbers import LARGEST
from event_store.cursor import LogCursor
from live_data.forms.fields import Query, number
from live_data.forms.lists import BAD_CURSOR


class EventsForm(Query):
    """`?after=&room_id=&room_id=`; an EventSource that comes back sends its place in a header."""

    after = forms.CharField(required=False)
    room_id = forms.Field(required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
        return cls({"after": after, "room_id": request.GET.getlist("room_id")})

    def clean_after(self) -> LogCursor | None:
        text = self.cleaned_data["after"]
        try:
            return LogCursor.parse(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(BAD_CURSOR % {"cursor": text[:80]}) from error

    def clean_room_id(self) -> frozenset[int]:
        field = number(1, LARGEST)
        given: list[Any] = self.cleaned_data["room_id"] or []
        return frozenset(room for text in given if (room := field.clean(text)) is not None)
