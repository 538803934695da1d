"""The first page, and the page of one room: what board.js draws."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from live_data.forms.rooms import AddRoomForm
from live_data.models import LiveRoom
from live_data.queries import coverage
from live_data.views import happenings, health, live_state, room_context, session_context
from live_data.views.words import words

_SPANS_SHOWN = 20


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
@ensure_csrf_cookie
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    """/live/rooms/<id>/, also of a room that is no longer watched."""
    found = known_room(room_id)
    return unknown_room(request) if found is None else show_room(request, found)


def known_room(room_id: int) -> LiveRoom | None:
    return LiveRoom.objects.filter(room_id=room_id).first() if room_id < 2**63 else None


def unknown_room(request: HttpRequest) -> HttpResponse:
    return not_found(
        request,
        _("This room was never watched here."),
        _("Its number is the last part of its live.bilibili.com address. Add it on the page Rooms."),
    )


def show_room(request: HttpRequest, room: LiveRoom, status: int = 200, **more: Any) -> HttpResponse:
    """The page, also when it has to say what was wrong with its form."""
    context = {
        **room_context.context(request, room),
        "room": room,
        "given": {"room_id": room.room_id},
        "of_room": f"?room_id={room.room_id}",
        "happenings": happenings.lines(room.room_id),
        "overview": live_state.overview(room.room_id),
        "words": words(),
        "tiles": _tiles(),
        "coverage": _coverage(room.room_id),
        "sessions": session_context.newest(room.room_id),
    }
    return render(request, "live_data/room.html", context | more, status=status)


def _coverage(room_id: int) -> list[dict[str, Any]]:
    """The newest spans, in words."""
    return [
        {
            "span": span,
            "state": health.coverage_state(span.state, span.cause),
            "text": health.coverage_words(span.state, span.cause),
            "detail": health.coverage_detail(span.cause, span.detail),
        }
        for span in coverage.newest(room_id, datetime.now(UTC), _SPANS_SHOWN)
    ]


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
