"""Parameters of lists of events and of rooms."""

from dataclasses import replace
from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from bilibili_live.room_numbers import LARGEST
from live_data import keyset
from live_data.forms.fields import Query, RangeForm, RoomsField, number, short_text, with_lists
from live_data.queries.lists import Chosen

MOST = 100  #: rows of one answer
LONGEST_USER = 100  #: characters
_USUAL = 50
_LARGEST_UID = 2**63 - 1
BAD_CURSOR = gettext_lazy("%(cursor)r is not a cursor that this page gave out; leave it away to start anew")


class LimitForm(Query):
    """`?limit=`: how many rows an answer has."""

    limit = number(1, MOST)

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or _USUAL


class PageForm(LimitForm):
    """`?limit=&cursor=`: a page of a list."""

    cursor = forms.CharField(required=False, strip=False)

    def clean_cursor(self) -> bytes | None:
        text = self.cleaned_data["cursor"]
        try:
            place = keyset.from_text(text) if text else None
            if place is not None:
                keyset.moment(place)
        except ValueError as error:
            raise forms.ValidationError(BAD_CURSOR % {"cursor": text[:80]}) from error
        return place


class ChosenForm(RangeForm):
    """`?room_id=&room_id=&user=&since=&until=` of events.

    ``user`` is a uid when it is a number, else part of a name; "@" before it makes it a name.
    """

    room_id = RoomsField(required=False)
    user = short_text(LONGEST_USER)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(with_lists(request.GET, "room_id"))

    def clean_user(self) -> str:
        user: str = self.cleaned_data["user"]
        if _is_number(user) and int(user) > _LARGEST_UID:
            raise forms.ValidationError(gettext_lazy("no uid is that large; write @ before a name"))
        return user

    def chosen(self) -> Chosen:
        """Of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        user: str = data["user"]
        return Chosen(
            room_ids=data["room_id"],
            uid=int(user) if _is_number(user) else None,
            name="" if _is_number(user) else user.removeprefix("@"),
            since=data["since"],
            until=data["until"],
        )


class ListForm(ChosenForm, PageForm):
    """The same with `?q=&limit=&cursor=`: a list, newest first."""

    q = short_text(200)

    def chosen(self) -> Chosen:
        return replace(super().chosen(), word=self.cleaned_data["q"])


def _is_number(user: str) -> bool:
    return user.isascii() and user.isdigit()


class RoomsForm(PageForm):
    """`?room_id=&watched=1`: by number; or those of running tasks, on air first."""

    room_id = number(1, LARGEST)
    watched = number(0, 1)


class RoomForm(Query):
    """`?room_id=`: all rooms, or one that was watched here at some time."""

    room_id = RoomsField(required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(with_lists(request.GET, "room_id"))

    def clean_room_id(self) -> tuple[int, ...]:
        rooms: tuple[int, ...] = self.cleaned_data["room_id"]
        if len(rooms) > 1:
            raise forms.ValidationError(gettext_lazy("one room, or none for all"))
        return rooms

    def room(self) -> int | None:
        """Of a valid form; None: all."""
        rooms: tuple[int, ...] = self.cleaned_data["room_id"]
        return rooms[0] if rooms else None
