"""/live/people/<uid>/: what one person said, gave and where, over all rooms and time; the figures as JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from live_data import payloads
from live_data.forms.days import DaysForm, PersonForm
from live_data.models import LiveRoom
from live_data.queries.ledger import Line
from live_data.queries.moment import one_moment
from live_data.queries.people import Deeds
from live_data.views import person as persons
from live_data.views.answers import answer, problem, refused
from live_data.views.event_pages import following_place
from live_data.views.pages import not_found
from live_data.views.person import Person
from live_data.views.words import words

Answer = dict[str, Any]  # the JSON boundary


@require_safe
def person(request: HttpRequest, uid: str) -> HttpResponse:
    """The page; a form that makes no sense is shown with the reason and without figures, 400."""
    number, form = persons.uid_of(uid), PersonForm.of(request)
    is_valid = form.is_valid()
    with one_moment():
        found = number and persons.person(number, *(form.days() if is_valid else (None, None)))
        if not found:
            return _nobody(request)
        lines = _lines(found, form) if is_valid else []
    context = {
        "form": form,
        "person": found,
        "name": found.names[0].username if found.names else _name(lines),
        "shown": _shown(found, form, lines) if is_valid else None,
        "words": words() | {"danmaku": _("Danmaku")},
    }
    return render(request, "live_data/person.html", context, status=200 if is_valid else 400)


@require_GET
def figures(request: HttpRequest, uid: str) -> JsonResponse:
    """The same figures for programs; lines are in the lists, by `?user=`."""
    number, form = persons.uid_of(uid), DaysForm.of(request)
    if not form.is_valid():
        return refused(form)
    with one_moment():
        found = number and persons.person(number, *form.days())
    return answer(_figures(found)) if found else problem(404, "uid: nobody with this id was seen here")


def _nobody(request: HttpRequest) -> HttpResponse:
    return not_found(
        request,
        _("Nobody with this id was seen here."),
        _(
            "Who says or gives something in a watched room has a page, unless the site hides the user id. "
            "Was it just now? Then reload in a moment."
        ),
    )


def _lines(found: Person, form: PersonForm) -> list[Line]:
    """One more than a page."""
    data = form.cleaned_data
    return found.lines.newest(data["kind"], data["cursor"], data["limit"] + 1)


def _name(lines: list[Line]) -> str:
    """Of somebody whom no rollup knows."""
    return lines[0].row.username if lines else ""


def _shown(found: Person, form: PersonForm, lines: list[Line]) -> Answer:
    limit = form.cleaned_data["limit"]
    listed = {line.row.room_id for line in lines} - found.room_names.keys()
    others = LiveRoom.objects.filter(room_id__in=listed).values_list("room_id", "uname")
    return {
        "kind": form.cleaned_data["kind"],
        "chart": found.chart(),
        "lines": [{**payloads.LISTS[line.kind][1](line.row), "kind": line.kind} for line in lines[:limit]],
        "next": following_place([bytes(line.row.event_id) for line in lines], limit),
        "names": found.room_names | dict(others),
        "rooms": [(room, found.room_names.get(room.room_id, "")) for room in found.rooms],
    }


def _figures(found: Person) -> Answer:
    first, last = found.seen or (None, None)
    return {
        "uid": str(found.uid),
        "username": found.names[0].username if found.names else "",
        "first_day": first,
        "last_day": last,
        "zone": found.calendar.zone,
        "day_start": found.calendar.clock(),
        "is_complete": found.calendar.is_whole,
        **_deeds(found.deeds),
        "names": [name._asdict() for name in found.names],
        "by_room": [
            {
                "room_id": room.room_id,
                "uname": found.room_names.get(room.room_id, ""),
                "first_day": room.first_day,
                "last_day": room.last_day,
                "days": room.days,
                **_deeds(room.deeds),
            }
            for room in found.rooms
        ],
        "by_time": [
            {"first_day": part.first, "last_day": part.last, **_deeds(part.deeds)} for part in found.parts
        ],
    }


def _deeds(deeds: Deeds) -> Answer:
    return {**deeds._asdict(), "gold": deeds.gold}
