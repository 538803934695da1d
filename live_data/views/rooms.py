"""Choosing rooms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from live_data import tasks
from live_data.forms.rooms import AddRoomForm
from live_data.tasks import Typed
from live_data.views.answers import answer, refused
from live_data.views.pages import show_dashboard


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Watch one more room, or say in a line why not. In JSON for scripts, as a page for plain forms."""
    form = AddRoomForm(request.POST)
    if form.is_valid():
        [typed] = tasks.add_rooms([form.cleaned_data["room"]])
        if typed.is_accepted:
            return _added(request, typed)
        form.add_error("room", typed.problem)
    return refused(form, named=False) if _is_script(request) else show_dashboard(request, form, 400)


def _added(request: HttpRequest, typed: Typed) -> HttpResponse:
    if not _is_script(request):
        return redirect("live_data:dashboard")
    said = _("Watching %(room)s.") % {"room": f"{typed.title or typed.uname} {typed.number}".strip()}
    return answer({"added": f"{said} {typed.problem}".strip()})


def _is_script(request: HttpRequest) -> bool:
    return not request.accepts("text/html")
