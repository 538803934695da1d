"""/live/rooms/: which rooms are or were watched, and the tasks that make them so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from live_data.forms.rooms import MOST_AT_ONCE, AddRoomsForm, RoomListForm, open_tasks
from live_data.room_lookup import Typed
from live_data.views import room_lines
from live_data.views.words import words


@require_safe
@ensure_csrf_cookie
def room_list(request: HttpRequest) -> HttpResponse:
    return show(request, AddRoomsForm())


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The part of the page that its script fetches anew."""
    form = RoomListForm.of(request)
    status = 200 if form.is_valid() else 400
    return render(request, "live_data/parts/room_table.html", _fragment(form), status=status)


def show(
    request: HttpRequest, form: AddRoomsForm, added: Sequence[Typed] = (), status: int = 200, **more: Any
) -> HttpResponse:
    """The page, also when it has to say what became of its forms."""
    chosen = RoomListForm.of(request)
    if not chosen.is_valid():
        status = 400
    context = {
        **_fragment(chosen),
        "list_form": chosen,
        "form": form,
        "added": added,
        "open_tasks": open_tasks(),
        "most_at_once": MOST_AT_ONCE,
        "words": words() | _own_words(),
    }
    return render(request, "live_data/room_list.html", context | more, status=status)


def back(request: HttpRequest) -> HttpResponse:
    """To the page of the list that a button was on."""
    form = RoomListForm(request.POST)
    form.is_valid()
    chosen = {name: value for name, value in form.chosen().items() if value not in ("", 1)}
    return redirect(reverse("live_data:rooms") + (f"?{urlencode(chosen)}" if chosen else ""))


def _fragment(form: RoomListForm) -> dict[str, Any]:
    chosen = form.chosen()
    return room_lines.fragment(chosen["q"], chosen["page"], datetime.now(UTC))


def _own_words() -> dict[str, str]:
    return {
        "add_waiting": _("waiting"),
        "add_progress": _("{done} of {all} rooms; the site is asked once a second. Keep this page open."),
        "add_done": _("{accepted} of {all} rooms are watched."),
        "list_failed": _("The list is not up to date: the page did not answer. It is tried again by itself."),
    }
