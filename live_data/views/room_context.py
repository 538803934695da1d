"""What the page of one room has beside the board: when it is connected, and how it described itself."""

from typing import Any

from django.http import HttpRequest

from live_data import instants
from live_data.forms.room_page import FIGURES, SPAN_NAMES, USUAL_SPAN, ChangesForm
from live_data.models import LiveRoom
from live_data.queries import descriptions

_CHANGES = 20  #: on one page


def context(request: HttpRequest, room: LiveRoom) -> dict[str, Any]:
    """For the parts over_time.html and connect_when.html."""
    before = ChangesForm.of(request).moment()
    found = descriptions.changes(room.room_id, before, _CHANGES)
    return {
        "changes": found.listed,
        "older_changes": None if found.next is None else instants.epoch_ms(found.next),
        "are_changes_newest": before is None,
        "figures": FIGURES.items(),
        "spans": SPAN_NAMES.items(),
        "usual_span": USUAL_SPAN,
        "connect_choices": LiveRoom.ConnectWhen.choices,
    }
