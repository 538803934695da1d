"""/live/danmaku/: what is said, live and from the beginning; and one line among its neighbours."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from live_data import keyset, payloads
from live_data.forms.lists import ListForm
from live_data.models import DanmakuData, SuperChatData
from live_data.queries import lists, rooms
from live_data.views.event_pages import page
from live_data.views.pages import not_found
from live_data.views.words import words

_LINES = 100
_NEIGHBOURS = 20  #: on each side of a line
_NEW = timedelta(minutes=1)
_STORED_WITHIN = 3.0  #: s
_LOOK_EVERY = 0.2  #: s


@require_safe
@ensure_csrf_cookie
def browser(request: HttpRequest) -> HttpResponse:
    """The newest lines that the form chooses; a form that makes no sense is shown with the reason, 400."""
    form = ListForm.of(request)
    is_valid = form.is_valid()
    names = rooms.names()
    context = {
        "form": form,
        "rooms": names,
        "chosen_rooms": set(form.data["room_id"]) & {str(room_id) for room_id, *_ in names},
        "given": _given(form, names) if is_valid else None,
        "newest": _newest(request),
        "words": words() | _words(),
    }
    return render(request, "live_data/danmaku_browser.html", context, status=200 if is_valid else 400)


def _newest(request: HttpRequest) -> str:
    """The same choice without an end."""
    query = request.GET.copy()
    for name in ("cursor", "until"):
        query.pop(name, None)
    return f"?{query.urlencode()}"


def _given(form: ListForm, names: list[tuple[int, str, str]]) -> dict[str, Any]:
    """What the script begins with; live lines are chosen by the same rules as stored ones."""
    chosen, cursor = form.chosen(), form.cleaned_data["cursor"]
    return {
        **page("danmaku", chosen, cursor, _LINES),
        "names": {room_id: uname for room_id, uname, _title in names},
        "chosen": {
            "room_ids": chosen.room_ids,
            "uid": None if chosen.uid is None else str(chosen.uid),
            "name": chosen.name,
            "word": chosen.word,
            "since": chosen.since and payloads.rfc3339(chosen.since),
        },
        "is_live": cursor is None and chosen.until is None,
    }


@require_safe
def line(request: HttpRequest, event_id: str) -> HttpResponse:
    """The permalink of a danmaku or super chat: what was said before and after it in the same room."""
    found = _found(_bytes(event_id))
    if found is None:
        return not_found(
            request,
            _("There is no such danmaku."),
            _("It was cleaned up, or it is so new that it is not stored yet: then reload in a moment."),
        )
    around = lists.around(found, _NEIGHBOURS, DanmakuData)
    given = {
        "results": [payloads.danmaku_row(row) for row in around if isinstance(row, DanmakuData)],
        "names": {found.room_id: found.room.uname},
        "line": event_id.lower(),
    }
    context = {"line": found, "given": given, "words": words() | _words()}
    return render(request, "live_data/danmaku_line.html", context)


def _found(event_id: bytes) -> DanmakuData | SuperChatData | None:
    """Waits a moment for the sync when the line was said just now: pages show it before it is stored."""
    last_look = time.monotonic() + (_STORED_WITHIN if _is_new(event_id) else 0)
    while True:
        for table in (DanmakuData, SuperChatData):
            if row := table._default_manager.filter(event_id=event_id).select_related("room").first():
                return row
        if time.monotonic() >= last_look:
            return None
        time.sleep(_LOOK_EVERY)


def _is_new(event_id: bytes) -> bool:
    try:
        return datetime.now(UTC) - keyset.moment(event_id) < _NEW
    except ValueError:  # beyond the calendar
        return False


def _bytes(event_id: str) -> bytes:
    """What nothing has instead of what cannot be an id."""
    try:
        found = bytes.fromhex(event_id)
    except ValueError:
        found = b""
    return found if len(found) == keyset.LENGTH else bytes(keyset.LENGTH)


def _words() -> dict[str, str]:
    return {
        "older": _("Show older ones"),
        "loading": _("Loading…"),
        "no_older": _("Nothing older matches."),
        "older_failed": _("The older ones could not be loaded; try again."),
    }
