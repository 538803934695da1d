"""The page of one room: when it shall be connected, and its figures over time."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from live_data import tasks
from live_data.forms.room_page import SPANS, ConnectForm, RoomFigureForm
from live_data.queries import gauges
from live_data.queries.gauges import Point
from live_data.queries.remembered import Remembered
from live_data.views import pages
from live_data.views.answers import answer, refused

_points: Remembered[list[Point]] = Remembered(5.0)


def forget() -> None:
    """What other tests, or another database, had."""
    _points.forget()


@require_POST
def connect(request: HttpRequest, room_id: int) -> HttpResponse:
    """Connect the room always, or only while it is live."""
    room = pages.known_room(room_id)
    if room is None:
        return pages.unknown_room(request)
    form = ConnectForm(request.POST)
    if not form.is_valid():
        return pages.show_room(request, room, status=400, connect_problem=str(form.errors["connect_when"][0]))
    tasks.connect([room_id], form.chosen())
    return redirect(f"{reverse('live_data:room', args=[room_id])}#coverage")


@require_GET
def figure(request: HttpRequest) -> JsonResponse:
    """One figure of a room over time: {"figure", "span", "step", "points": [[ms, low, high, last], ...]}."""
    form = RoomFigureForm.of(request)
    if not form.is_valid():
        return refused(form)
    name, span = form.cleaned_data["figure"], form.cleaned_data["span"]
    room_id, (length, step) = form.cleaned_data["room_id"][0], SPANS[span]
    points = _points.get(
        (room_id, name, span),
        lambda: gauges.over_time(room_id, name, datetime.now(UTC), length, step),
    )
    return answer({"figure": name, "span": span, "step": round(step.total_seconds()), "points": points})
