"""Parameters of the page of gifts, super chats and guards, and of its figures as JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from live_data.forms.fields import RangeForm, number
from live_data.forms.lists import LONGEST_USER, ChosenForm, PageForm
from live_data.queries import ledger
from live_data.queries.calendar import Stretch, midnight
from live_data.queries.ledger import Lines
from live_data.revenue import SORTS

_LONGEST = timedelta(days=3660)
_TOO_LONG = gettext_lazy("must be at most ten years after the beginning")
_NO_KIND = gettext_lazy("must be one of gifts, super_chats, guards, red_packets")
_NO_SORT = gettext_lazy("must be one of paid, backpack, others, free, silver")
_LARGEST = 2**63 - 1


class TakingsForm(ChosenForm):
    """`?since=&until=&tz=&room_id=&user=`; an end left away is that of its day, and of today without both."""

    def clean(self) -> dict[str, Any]:
        checked = super().clean()
        if not {"since", "until"} & self.errors.keys():
            stretch = _completed(checked["since"], checked["until"], self)
            checked["since"], checked["until"] = stretch
            if stretch.until - stretch.since > _LONGEST:
                self.add_error("until", _TOO_LONG)
            # The fields show what was meant, so that nobody has to guess it.
            ends = zip(("since", "until"), map(datetime.isoformat, stretch), strict=True)
            self.data = {**self.data, **dict(ends)}
        return checked

    def stretch(self) -> Stretch:
        """Of a valid form."""
        return Stretch(self.cleaned_data["since"], self.cleaned_data["until"])


class GiftsForm(TakingsForm, PageForm):
    """The same with `?kind=&sort=&gift=&box=&level=&taken_down=1&masked=&limit=&cursor=`: which lines are
    listed, all when nothing is said.
    """

    kind = forms.ChoiceField(
        required=False,
        choices=[(kind, kind) for kind in ledger.KINDS],
        error_messages={"invalid_choice": _NO_KIND},
    )
    sort = forms.ChoiceField(
        required=False, choices=[(sort, sort) for sort in SORTS], error_messages={"invalid_choice": _NO_SORT}
    )
    gift = number(0, _LARGEST)
    box = number(0, _LARGEST)
    level = number(1, 3)
    taken_down = number(0, 1)
    masked = forms.CharField(required=False, strip=False, max_length=LONGEST_USER)

    def lines(self) -> Lines:
        """Of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return Lines(
            kind=data["kind"],
            sort=data["sort"],
            gift_id=data["gift"],
            box_id=data["box"],
            guard_level=data["level"],
            is_taken_down=bool(data["taken_down"]),
            masked=data["masked"],
        )


def _completed(since: datetime | None, until: datetime | None, form: RangeForm) -> Stretch:
    """To whole milliseconds, as events have them."""
    zone, now = form.zone(), datetime.now(UTC)
    if since is None:
        last = (until or now) - timedelta(milliseconds=1)
        since = midnight(last.astimezone(zone).date(), zone)
    if until is None:
        until = midnight(max(now, since).astimezone(zone).date() + timedelta(days=1), zone)
    return Stretch(_to_the_millisecond(since), _to_the_millisecond(until))


def _to_the_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
