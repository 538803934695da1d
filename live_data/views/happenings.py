"""What happened to a room, as the page of the room lists it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from live_data.happening_words import Told, told
from live_data.queries import happenings
from live_data.queries import rooms as known_rooms

_MOST = 30


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    told: Told


@require_safe
def fragment(request: HttpRequest, room_id: int) -> HttpResponse:
    """The list alone, for the page's script."""
    if room_id >= 2**63 or not known_rooms.is_known(room_id):
        raise Http404
    response = render(request, "live_data/parts/happenings.html", {"happenings": lines(room_id)})
    response["Cache-Control"] = "no-store"
    return response


def lines(room_id: int) -> list[Line]:
    """The newest ones first."""
    return [Line(row.timestamp, told(row)) for row in happenings.newest(room_id, _MOST)]
