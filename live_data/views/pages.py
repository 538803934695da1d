"""The first page, and the page of one room: what board.js draws."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from live_data.forms.rooms import AddRoomForm
from live_data.models import LiveRoom
from live_data.views import live_state
from live_data.views.words import words


@require_safe
@ensure_csrf_cookie
def dashboard(request: HttpRequest) -> HttpResponse:
    """/live/: rooms, what happens in them, and whether all is well."""
    return show_dashboard(request, AddRoomForm())


def show_dashboard(request: HttpRequest, form: AddRoomForm, status: int = 200) -> HttpResponse:
    """The page, also when it has to say what was wrong with its form."""
    context = {"form": form, "overview": live_state.overview(), "words": words(), "tiles": _tiles()}
    return render(request, "live_data/dashboard.html", context, status=status)


@require_safe
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    """/live/rooms/<id>/, also of a room that is no longer watched."""
    found = LiveRoom.objects.filter(room_id=room_id).first() if room_id < 2**63 else None
    if found is None:
        return not_found(
            request,
            _("This room was never watched here."),
            _("Its number is the last part of its live.bilibili.com address. Add it on the page Rooms."),
        )
    context = {
        "room": found,
        "given": {"room_id": room_id},
        "of_room": f"?room_id={room_id}",
        "overview": live_state.overview(room_id),
        "words": words(),
        "tiles": _tiles(),
    }
    return render(request, "live_data/room.html", context)


def not_found(request: HttpRequest, sentence: str, hint: str) -> HttpResponse:
    """404 in words."""
    return render(request, "live_data/not_found.html", {"sentence": sentence, "hint": hint}, status=404)


def _tiles() -> list[tuple[str, str, str]]:
    """(figure, name, what it means) as definitions.md has it."""
    return [
        (
            "danmaku",
            _("Danmaku today"),
            _("Chat lines; those mirrored from connected rooms are not counted."),
        ),
        ("gifts", _("Gifts today"), _("Lines, one for each item sent; free ones too.")),
        ("gold", _("Revenue today"), _("What viewers paid for gifts, super chats and guards, each once.")),
        (
            "people",
            _("People today"),
            _(
                "Who said or gave something: different user ids, and where the site hides them, "
                "different names as shown. A lower bound."
            ),
        ),
    ]
