"""Choosing rooms."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bilibili_live.room_numbers import LARGEST
from live_data import refusal_words, tasks
from live_data.forms.rooms import AddRoomForm, AddRoomsForm
from live_data.models import MonitoringTask
from live_data.queries import rooms as known_rooms
from live_data.room_lookup import Typed
from live_data.views import room_list
from live_data.views.answers import answer, refused
from live_data.views.pages import show_dashboard


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Watch one more room, or say in a line why not. In JSON for scripts, as a page for plain forms."""
    form = AddRoomForm(request.POST)
    if form.is_valid():
        [typed] = tasks.add_rooms([form.cleaned_data["room"]], form.cleaned_data["task"])
        if typed.is_accepted:
            return _added(request, typed)
        if _is_script(request):
            return answer({"error": typed.text, **_problem(typed)}, 400)
        form.add_error("room", typed.text)
    return refused(form, named=False) if _is_script(request) else show_dashboard(request, form, 400)


def _added(request: HttpRequest, typed: Typed) -> HttpResponse:
    if not _is_script(request):
        return redirect("live_data:dashboard")
    said = _("Watching %(room)s.") % {"room": f"{typed.title or typed.uname} {typed.number}".strip()}
    told = {"room_id": typed.number, "title": typed.title, "uname": typed.uname}
    return answer({"added": f"{said} {typed.problem}".strip(), **told, **_problem(typed)})


def _problem(typed: Typed) -> dict[str, str]:
    return {"problem": typed.problem, "detail": typed.detail}


@require_POST
def add_several(request: HttpRequest) -> HttpResponse:
    """Watch all rooms of a text; the page says what became of each. Takes a second for each of them."""
    form = AddRoomsForm(request.POST)
    if not form.is_valid():
        return room_list.show(request, form, status=400)
    texts = [each.typed for each in form.cleaned_data["rooms"]]
    added = tasks.add_rooms(texts, form.cleaned_data["task"])
    is_all_wrong = not any(typed.is_accepted for typed in added)
    return room_list.show(
        request, form if is_all_wrong else AddRoomsForm(), added, 400 if is_all_wrong else 200
    )


@require_POST
def split(request: HttpRequest) -> HttpResponse:
    """For scripts: the rooms of a text one by one, to be added one by one. Asks nobody, changes nothing."""
    form = AddRoomsForm(request.POST)
    if not form.is_valid():
        return refused(form, named=False)
    found = form.cleaned_data["rooms"]
    return answer(
        {
            "rooms": [
                {
                    "typed": each.typed,
                    "problem": refusal_words.sentence(each.error, is_accepted=False) if each.error else "",
                }
                for each in found
            ]
        }
    )


@require_POST
def pause(request: HttpRequest, room_id: int) -> HttpResponse:
    tasks.pause(_known(room_id))
    return room_list.back(request)


@require_POST
def resume(request: HttpRequest, room_id: int) -> HttpResponse:
    tasks.resume([_known(room_id)])
    return room_list.back(request)


@require_POST
def watch_again(request: HttpRequest, room_id: int) -> HttpResponse:
    """A room of the past; whether it still exists is the collector's to find out."""
    tasks.watch([_known(room_id)])
    return room_list.back(request)


@require_POST
def remove(request: HttpRequest, room_id: int) -> HttpResponse:
    tasks.remove_everywhere(_known(room_id))
    return room_list.back(request)


def _known(room_id: int) -> int:
    """Raises Http404 for what the list does not show."""
    if room_id <= LARGEST and (
        known_rooms.is_known(room_id) or room_id in tasks.by_room(MonitoringTask.objects.all())
    ):
        return room_id
    raise Http404


def _is_script(request: HttpRequest) -> bool:
    return not request.accepts("text/html")
