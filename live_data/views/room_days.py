"""/live/rooms/<id>/days/: a room by days of statistics, and the same as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_safe

from live_data.days import Days
from live_data.forms.days import RoomDaysForm
from live_data.instants import epoch_ms, moment
from live_data.models import RollupCalendar
from live_data.queries import blindness, people, room_days
from live_data.queries.calendar import Stretch
from live_data.queries.moment import one_moment
from live_data.queries.people import together
from live_data.queries.room_days import Audience, Day
from live_data.storing.calendar import days_of
from live_data.views import pages
from live_data.views.answers import answer, problem, refused

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A day as the page shows it."""

    day: Day
    stretch: Stretch
    blind: timedelta  #: for so long the room was not connected: the figures are lower bounds


@require_safe
def page(request: HttpRequest, room_id: int) -> HttpResponse:
    """A form that makes no sense is shown with the reason and without figures, 400."""
    room = pages.known_room(room_id)
    if room is None:
        return pages.unknown_room(request)
    now, calendar = datetime.now(UTC), people.whose_days()
    form = _form(request, now, calendar)
    is_valid = form.is_valid()
    context = {"room": room, "form": form, "calendar": calendar}
    if is_valid:
        days, begun = _lines(room_id, form, now, calendar)
        first, last = form.chosen()
        length = last - first + _DAY
        context["days"] = days
        context["earlier"] = (first - length, first - _DAY) if begun and begun < first else None
        context["later"] = (last + _DAY, last + length) if last < _today(now, calendar) else None
    return render(request, "live_data/room_days.html", context, status=200 if is_valid else 400)


@require_GET
def figures(request: HttpRequest, room_id: int) -> JsonResponse:
    """{"room_id", "zone", "day_start", "is_complete", "results": [...]}: every day, newest first."""
    if pages.known_room(room_id) is None:
        return problem(404, gettext("This room was never watched here."))
    now, calendar = datetime.now(UTC), people.whose_days()
    form = _form(request, now, calendar)
    if not form.is_valid():
        return refused(form)
    lines, _begins = _lines(room_id, form, now, calendar)
    return answer(
        {
            "room_id": room_id,
            "zone": calendar.zone,
            "day_start": calendar.clock(),
            "is_complete": calendar.is_whole,
            "results": [_json(line) for line in lines],
        }
    )


def _form(request: HttpRequest, now: datetime, calendar: RollupCalendar) -> RoomDaysForm:
    return RoomDaysForm(request.GET, _today(now, calendar))


def _today(now: datetime, calendar: RollupCalendar) -> date:
    return days_of(calendar).of(epoch_ms(now))


def _lines(
    room_id: int, form: RoomDaysForm, now: datetime, calendar: RollupCalendar
) -> tuple[list[Line], date | None]:
    """(all days that were chosen, newest first; the first day of the room).

    Without days before the room was known, and to come: but what is dated in the future is there.
    """
    days = days_of(calendar)
    first, last = form.chosen()
    with one_moment():
        begun = _begun(room_id, days)
        if begun is None:
            return [], None
        found = {each.day: each for each in room_days.days(room_id, first, last)}
        dates = sorted({*_dates(max(first, begun), min(last, _today(now, calendar))), *found})
        stretches = [_stretch(day, days) for day in dates]
        blind = blindness.blind_parts(room_id, stretches, now)
    lines = [
        Line(found.get(day) or Day(day, together([]), Audience()), stretch, lasted)
        for day, stretch, lasted in zip(dates, stretches, blind, strict=True)
    ]
    return lines[::-1], begun


def _begun(room_id: int, days: Days) -> date | None:
    """The day on which anything was counted, or it was told how the room is connected."""
    counted, watched = room_days.first_day(room_id), room_days.watched_since(room_id)
    known = [counted, None if watched is None else days.of(epoch_ms(watched))]
    return min((day for day in known if day is not None), default=None)


def _dates(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _stretch(day: date, days: Days) -> Stretch:
    return Stretch(moment(days.begins(day)), moment(days.begins(day + _DAY)))


def _json(line: Line) -> dict[str, Any]:
    deeds = line.day.deeds
    return {
        "day": line.day.day,
        **deeds._asdict(),
        "gold": deeds.gold,
        **line.day.audience._asdict(),
        "blind_seconds": round(line.blind.total_seconds()),
    }
