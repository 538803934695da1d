"""/live/gifts/: what was given, in figures and line by line; the figures as JSON."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from live_data import payloads
from live_data.forms.takings import GiftsForm, TakingsForm
from live_data.queries import calendar, ledger, rooms
from live_data.queries.moment import one_moment
from live_data.queries.takings import Gold
from live_data.views.answers import answer, refused
from live_data.views.event_pages import following_place
from live_data.views.takings import Takings, taken
from live_data.views.takings_json import takings_json
from live_data.views.words import words

Answer = dict[str, Any]  # the JSON boundary

_USUAL: dict[str, Promise] = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "last_7_days": gettext_lazy("Last 7 days"),
    "last_30_days": gettext_lazy("Last 30 days"),
    "this_month": gettext_lazy("This month"),
}


@require_safe
def gifts(request: HttpRequest) -> HttpResponse:
    """The page; a form that makes no sense is shown with the reason and without figures, 400."""
    form = GiftsForm.of(request)
    is_valid = form.is_valid()
    names = rooms.names()
    context = {
        "form": form,
        "rooms": names,
        "chosen_rooms": set(form.data["room_id"]) & {str(room_id) for room_id, *_ in names},
        "usual": _usual(form),
        "shown": _shown(form, names) if is_valid else None,
        "words": words(),
    }
    return render(request, "live_data/gifts.html", context, status=200 if is_valid else 400)


@require_GET
def ledger_lines(request: HttpRequest) -> JsonResponse:
    """{"results", "next"} and, of all the lines that were asked for, "lines" and "gold"."""
    form = GiftsForm.of(request)
    if not form.is_valid():
        return refused(form)
    with one_moment():
        found, total = _lines(form), ledger.total(form.chosen(), form.lines())
    return answer({**found, **total._asdict()})


@require_GET
def takings(request: HttpRequest) -> JsonResponse:
    """The same figures for programs."""
    form = TakingsForm.of(request)
    if not form.is_valid():
        return refused(form)
    found = taken(form.chosen(), form.stretch(), form.zone())
    return answer(takings_json(found, form.stretch(), str(form.zone())))


def _shown(form: GiftsForm, names: list[tuple[int, str, str]]) -> Answer:
    found = taken(form.chosen(), form.stretch(), form.zone())
    lines = _lines(form)
    listed = {line["room_id"] for line in lines["results"]}
    return {
        "takings": found,
        "step": calendar.step(form.stretch()),
        "stretch": form.stretch(),
        "chart": _chart(found),
        "kind": form.cleaned_data["kind"],
        "total": ledger.total(form.chosen(), form.lines()) if form.lines().is_narrow else None,
        "next": lines["next"],
        "lines": lines["results"],
        "names": {room_id: uname for room_id, uname, _title in names if room_id in listed},
    }


def _usual(form: GiftsForm) -> list[Answer]:
    """What people mostly ask for, as links; days of the viewer."""
    zone = timezone.get_current_timezone()
    chosen = form.stretch() if form.is_valid() else None
    return [
        {"name": _USUAL[name], "zone": str(zone), "stretch": stretch, "is_chosen": stretch == chosen}
        for name, stretch in calendar.usual(datetime.now(UTC), zone).items()
    ]


def _chart(found: Takings) -> Answer:
    """{"labels": [...], "gift": [gold, ...], ...}."""
    columns = zip(*(part.gold for part in found.parts), strict=True)
    kinds = zip(Gold._fields, columns, strict=True)
    return {"labels": [part.label for part in found.parts], **dict(kinds)}


def _lines(form: GiftsForm) -> Answer:
    """A page of the lines that were asked for, newest first."""
    limit, cursor = form.cleaned_data["limit"], form.cleaned_data["cursor"]
    found = ledger.newest(form.chosen(), form.lines(), cursor, limit + 1)
    return {
        "results": [{**payloads.LISTS[line.kind][1](line.row), "kind": line.kind} for line in found[:limit]],
        "next": following_place([bytes(line.row.event_id) for line in found], limit),
    }
