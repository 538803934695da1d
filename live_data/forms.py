"""What people and programs send, checked; each error is one line that says what would be right."""

from typing import Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from bilibili_live.room_numbers import LARGEST
from live_data import keyset

MOST = 100  #: rows of one answer
_USUAL = 50
BAD_CURSOR = gettext_lazy("%(cursor)r is not a cursor that this page gave out; leave it away to start anew")


class Query(forms.Form):
    """Parameters of an address."""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(request.GET)


def number(low: int, high: int) -> forms.IntegerField:
    said = gettext_lazy("must be a whole number from %(low)s to %(high)s") % {"low": low, "high": high}
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), said)
    return forms.IntegerField(required=False, min_value=low, max_value=high, error_messages=messages)


class ListForm(Query):
    """`?room_id=&limit=&cursor=` of a list, newest first."""

    room_id = number(1, LARGEST)
    limit = number(1, MOST)
    cursor = forms.CharField(required=False, strip=False)

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or _USUAL

    def clean_cursor(self) -> bytes | None:
        text = self.cleaned_data["cursor"]
        try:
            place = keyset.from_text(text) if text else None
            if place is not None:
                keyset.moment(place)
        except ValueError as error:
            raise forms.ValidationError(BAD_CURSOR % {"cursor": text[:80]}) from error
        return place


class RoomsForm(ListForm):
    """`?watched=1`: those of running tasks, on air first."""

    watched = number(0, 1)


class AddRoomForm(forms.Form):
    """The room that a person typed; the site says whether it exists."""

    room = forms.CharField(
        max_length=200,
        label=gettext_lazy("Room number or address"),
        error_messages={"required": gettext_lazy("Type a room number or its live.bilibili.com address.")},
    )
