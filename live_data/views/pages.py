"""The pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from live_data.forms.rooms import AddRoomForm
from live_data.views import live_state
from live_data.views.words import words


@require_safe
@ensure_csrf_cookie
def dashboard(request: HttpRequest) -> HttpResponse:
    """/live/: rooms, what happens in them, and whether all is well."""
    return show_dashboard(request, AddRoomForm())


def show_dashboard(request: HttpRequest, form: AddRoomForm, status: int = 200) -> HttpResponse:
    """The page, also when it has to say what was wrong with its form."""
    context = {"form": form, "overview": live_state.overview(), "words": words()}
    return render(request, "live_data/dashboard.html", context, status=status)


@require_safe
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    return render(request, "base.html")
