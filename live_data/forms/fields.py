"""Fields that several forms have: whole numbers, moments, a range of time, rooms."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Self

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from bilibili_live.room_numbers import LARGEST
from live_data import instants
from live_data.queries import rooms

MOST_ROOMS = 50  #: chosen at once
UNKNOWN_ROOM = "unknown_room"  #: code of the error

_MOMENT = gettext_lazy("must be a time such as 2026-10-01T20:30 or 2026-10-01T20:30:00+08:00")
_ZONE = gettext_lazy("must be the name of a time zone, such as Asia/Shanghai")
_NO_NUL = gettext_lazy("must not contain the character NUL")
_WHOLE = gettext_lazy("must be a whole number from {low} to {high}")


class Query(forms.Form):
    """Parameters of an address."""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(request.GET)


def number(low: int, high: int) -> forms.IntegerField:
    said = format_lazy(_WHOLE, low=low, high=high)
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), said)
    return forms.IntegerField(required=False, min_value=low, max_value=high, error_messages=messages)


def short_text(most: int) -> forms.CharField:
    """One line of a bounded length."""
    bounded = MaxLengthValidator(most, gettext_lazy("must have at most %(limit_value)d characters"))
    return forms.CharField(required=False, validators=[bounded, ProhibitNullCharactersValidator(_NO_NUL)])


class RoomsField(forms.Field):
    """`room_id=1&room_id=2`: rooms that were watched here at some time, each once."""

    def clean(self, value: Sequence[str] | None) -> tuple[int, ...]:
        one = number(1, LARGEST)
        # A number of absurd length is refused by its own field, before it is counted.
        chosen = tuple(dict.fromkeys(room for text in value or () if (room := one.clean(text)) is not None))
        if len(chosen) > MOST_ROOMS:
            raise forms.ValidationError(gettext_lazy("at most %(most)s at once") % {"most": MOST_ROOMS})
        if strangers := rooms.unknown(chosen):
            said = gettext_lazy("%(room)s was never watched here")
            raise forms.ValidationError(said % {"room": strangers[0]}, code=UNKNOWN_ROOM)
        return chosen


class ZonedForm(Query):
    """`?tz=`: times without an offset are those of ``tz``, else of the viewer's zone."""

    tz = short_text(64)

    def zone(self) -> tzinfo:
        """The one that the form's own times are in."""
        return instants.zone(self.data.get("tz", "")) or timezone.get_current_timezone()

    def clean_tz(self) -> str:
        name: str = self.cleaned_data["tz"]
        if name and instants.zone(name) is None:
            raise forms.ValidationError(_ZONE)
        return name


class RangeForm(ZonedForm):
    """`?since=&until=&tz=`."""

    since = short_text(40)
    until = short_text(40)

    def clean_since(self) -> datetime | None:
        return self._moment(self.cleaned_data["since"])

    def clean_until(self) -> datetime | None:
        return self._moment(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        checked = super().clean() or self.cleaned_data
        since, until = checked.get("since"), checked.get("until")
        if since and until and since >= until:
            self.add_error("until", gettext_lazy("must be later than the beginning"))
        return checked

    def _moment(self, text: str) -> datetime | None:
        """UTC; the seconds that a browser leaves away are 0. Raises ValidationError."""
        if not text:
            return None
        try:
            read = datetime.fromisoformat(text)
            moment = (read if read.tzinfo else read.replace(tzinfo=self.zone())).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(_MOMENT) from error
        if not 1970 <= moment.year <= 9000:
            raise forms.ValidationError(_MOMENT)
        return moment


def with_lists(data: QueryDict, *names: str) -> dict[str, Any]:
    """The parameters, those that may come several times as lists."""
    return {**data.dict(), **{name: data.getlist(name) for name in names}}
