"""Which days of statistics: of one person, whose page has lines, too, and of one room."""

import contextlib
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from live_data.forms.fields import Query
from live_data.forms.lists import PageForm
from live_data.queries import person_lines

_DAY = gettext_lazy("must be a day such as 2026-10-01")
_NO_KIND = gettext_lazy("must be one of danmaku, gifts, super_chats, guards")

_TOO_MANY = gettext_lazy("must be at most three months after the first day")
_EARLIEST, _LATEST_YEAR = date(1970, 1, 1), 9000
_TWO_WEEKS, _MOST_OF_ROOM = timedelta(days=13), timedelta(days=92)


def _day() -> forms.DateField:
    return forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": _DAY})


class DaysForm(Query):
    """`?first=&last=`: days of statistics, both included; an end left away does not choose."""

    first = _day()
    last = _day()

    def clean_first(self) -> date | None:
        return _possible(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        return _possible(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        checked = super().clean() or self.cleaned_data
        first, last = checked.get("first"), checked.get("last")
        if first and last and first > last:
            self.add_error("last", gettext_lazy("must not be before the first day"))
        return checked

    def shown(self) -> dict[str, str]:
        """What the fields show: the days that were meant, and of what was refused what is a day at all."""
        return {
            name: f"{self.cleaned_data.get(name) or self._typed(name) or ''}" for name in ("first", "last")
        }

    def _typed(self, name: str) -> date | None:
        with contextlib.suppress(ValueError):
            return date.fromisoformat(self.data.get(name, ""))
        return None

    def days(self) -> tuple[date | None, date | None]:
        """Of a valid form."""
        return self.cleaned_data["first"], self.cleaned_data["last"]


class RoomDaysForm(DaysForm):
    """The same of a room: the last two weeks until ``today``, its day of now, where no end is given."""

    def __init__(self, data: QueryDict, today: date) -> None:
        super().__init__(data)
        self._today = today

    def clean(self) -> dict[str, Any]:
        checked = super().clean()
        if self.errors:
            return checked
        first, last = checked["first"], checked["last"]
        if last is None:
            last = self._today if first is None else max(first, min(first + _MOST_OF_ROOM, self._today))
        checked["first"], checked["last"] = first or max(last - _TWO_WEEKS, _EARLIEST), last
        if checked["last"] - checked["first"] > _MOST_OF_ROOM:
            self.add_error("last", _TOO_MANY)
        return checked

    def chosen(self) -> tuple[date, date]:
        """Of a valid form."""
        return self.cleaned_data["first"], self.cleaned_data["last"]


class PersonForm(DaysForm, PageForm):
    """The same with `?kind=&limit=&cursor=`: which lines are listed, all when nothing is said."""

    kind = forms.ChoiceField(
        required=False,
        choices=[(kind, kind) for kind in person_lines.KINDS],
        error_messages={"invalid_choice": _NO_KIND},
    )


def _possible(day: date | None) -> date | None:
    if day is not None and not _EARLIEST.year <= day.year <= _LATEST_YEAR:
        raise forms.ValidationError(_DAY)
    return day
