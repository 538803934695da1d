"""Sessions of a room, the report of one, and their correction; as pages and as JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST, require_safe

from live_data.forms.sessions import REFUSALS, AtForm, MergeForm, SessionsForm
from live_data.models import LiveRoom, LiveSession, SessionCorrection
from live_data.queries import session_list, session_report
from live_data.queries.coverage import Span
from live_data.queries.moment import one_moment
from live_data.sessions import correcting, figures, naming
from live_data.sessions.correcting import CorrectionRefused
from live_data.sessions.figures import Figures
from live_data.views import health, pages, session_context
from live_data.views.answers import answer, problem, refused
from live_data.views.session_context import Line
from live_data.views.words import words

_SUPER_CHATS = 20


@require_safe
def room_sessions(request: HttpRequest, room_id: int) -> HttpResponse:
    """/live/rooms/<id>/sessions/"""
    room = pages.known_room(room_id)
    if room is None:
        return pages.unknown_room(request)
    form = SessionsForm(
        {"room_id": [str(room_id)], **{k: v for k, v in request.GET.items() if k != "room_id"}}
    )
    if not form.is_valid():
        return pages.not_found(request, gettext("This page of the list does not exist."), _first_error(form))
    data, now = form.cleaned_data, datetime.now(UTC)
    with one_moment():
        found = session_list.page(room_id, data["cursor"], data["limit"], now)
        lines = session_context.lines(found, now)
    context = {
        "room": room,
        "sessions": lines,
        "is_newest": data["cursor"] is None,
        "older": lines[-1].name if found.is_more else "",
    }
    return render(request, "live_data/room_sessions.html", context)


@require_GET
def listing(request: HttpRequest) -> JsonResponse:
    """The same for programs: {"results": [...], "next": cursor or null}."""
    form = SessionsForm.of(request)
    if not form.is_valid():
        return refused(form)
    data, now = form.cleaned_data, datetime.now(UTC)
    with one_moment():
        found = session_list.page(data["room_id"][0], data["cursor"], data["limit"], now)
        lines = session_context.lines(found, now)
    results = [session_context.session_json(line) for line in lines]
    return answer({"results": results, "next": lines[-1].name if found.is_more else None})


@require_safe
@ensure_csrf_cookie
def session(request: HttpRequest, name: str) -> HttpResponse:
    """/live/sessions/<name>/; an old name leads to the session that has it now."""
    found = naming.named(name)
    if found is None:
        return _unknown(request)
    if naming.name(found) != name:
        return redirect("live_data:session", naming.name(found))
    return show(request, found)


@require_GET
def report(_: HttpRequest, name: str) -> JsonResponse:
    """The same for programs."""
    found = naming.named(name)
    if found is None:
        return problem(404, gettext("No session has this name."))
    read = _read(found, datetime.now(UTC))
    return answer(session_context.report_json(read.line, read.figures, read.gauges, read.chart, read.gaps))


@dataclass(frozen=True, slots=True)
class _Report:
    line: Line
    figures: Figures
    gauges: session_report.Gauges
    chart: session_report.Chart
    gaps: list[Span]
    changes: list[session_report.Change]
    super_chats: list[Any]
    before: LiveSession | None
    after: LiveSession | None


def _read(found: LiveSession, now: datetime) -> _Report:
    with one_moment():
        of = figures.stretch(found, now)
        before, after = session_list.neighbours(found)
        counted = session_context.figures_of(found, now)
        off_air = session_list.off_air(found, after.begin if after else now)
        gaps = session_report.gaps(found.room_id, of, now)
        return _Report(
            line=session_context.line(found, counted.sums, now, off_air),
            figures=counted,
            gauges=session_report.gauges(found.room_id, of),
            chart=session_report.chart(found.room_id, of, gaps),
            gaps=gaps,
            changes=session_report.changes(found.room_id, of),
            super_chats=session_report.super_chats(found.room_id, of, _SUPER_CHATS),
            before=before,
            after=after,
        )


def show(request: HttpRequest, found: LiveSession, status: int = 200, **more: Any) -> HttpResponse:
    """The page, also when it has to say what was wrong with a correction."""
    read = _read(found, datetime.now(UTC))
    context = {
        "read": read,
        "session": found,
        "line": read.line,
        "figures": read.figures,
        "room": LiveRoom.objects.get(room_id=found.room_id),
        "before": read.before and naming.name(read.before),
        "after": read.after and naming.name(read.after),
        "timeline": _timeline(read),
        "gaps": [_gap(gap) for gap in read.gaps],
        "gap_count": len(read.gaps),
        "corrections": correcting.active(found.room_id),
        "chart": read.chart._asdict(),
        "words": words(),
    }
    return render(request, "live_data/session.html", context | more, status=status)


def _timeline(read: _Report) -> list[dict[str, Any]]:
    """Changes of title and area, and drops, oldest first."""
    moments: list[dict[str, Any]] = [{"at": change.at, "change": change} for change in read.changes]
    moments += [{"at": drop.since, "drop": drop} for drop in read.line.drops]
    return sorted(moments, key=lambda each: each["at"])


def _gap(span: Span) -> dict[str, Any]:
    return {
        "span": span,
        "state": health.coverage_state(span.state, span.cause),
        "text": health.coverage_words(span.state, span.cause),
    }


@require_POST
def split(request: HttpRequest, name: str) -> HttpResponse:
    return _with_time(request, name, "split", correcting.split)


@require_POST
def set_begin(request: HttpRequest, name: str) -> HttpResponse:
    return _with_time(request, name, "begin", correcting.set_begin)


@require_POST
def set_end(request: HttpRequest, name: str) -> HttpResponse:
    return _with_time(request, name, "end", correcting.set_end)


@require_POST
def merge(request: HttpRequest, name: str) -> HttpResponse:
    """With the next one, or with the one that ``other`` names."""
    found = naming.named(name)
    if found is None:
        return _unknown(request)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _refuse(request, found, "merge", _first_error(form))
    other = form.cleaned_data["other"]

    def correct() -> None:
        if other is None:
            correcting.merge_with_next(found)
        else:
            correcting.merge(found, other)

    return _corrected(request, found, "merge", correct)


@require_POST
def undo(request: HttpRequest, name: str, key: int) -> HttpResponse:
    """A correction of the room of that session; of one that is undone already, nothing changes."""
    found = naming.named(name)
    correction = SessionCorrection.objects.filter(pk=key, room_id=found.room_id).first() if found else None
    if found is None or correction is None:
        return _unknown(request)
    correcting.undo(correction)
    return redirect("live_data:session", _name_now(found))


def _with_time(
    request: HttpRequest, name: str, action: str, correct: Callable[[LiveSession, datetime], None]
) -> HttpResponse:
    found = naming.named(name)
    if found is None:
        return _unknown(request)
    form = AtForm.of(request)
    if not form.is_valid():
        return _refuse(request, found, action, _first_error(form))
    return _corrected(request, found, action, lambda: correct(found, form.cleaned_data["at"]))


def _corrected(
    request: HttpRequest, found: LiveSession, action: str, correct: Callable[[], None]
) -> HttpResponse:
    try:
        correct()
    except CorrectionRefused as error:
        return _refuse(request, found, action, str(REFUSALS[error.why]))
    return redirect("live_data:session", _name_now(found))


def _refuse(request: HttpRequest, found: LiveSession, action: str, sentence: str) -> HttpResponse:
    """On the page for people, as one line for scripts."""
    if not request.accepts("text/html"):
        return problem(400, sentence)
    given = {"at": request.POST.get("at", ""), "other": request.POST.get("other", "")}
    return show(request, found, 400, refused={"action": action, "sentence": sentence, **given})


def _name_now(found: LiveSession) -> str:
    now = naming.named(naming.name(found))
    return naming.name(now) if now else naming.name(found)


def _first_error(form: Any) -> str:
    [said, *_] = next(iter(form.errors.values()))
    return str(said)


def _unknown(request: HttpRequest) -> HttpResponse:
    return pages.not_found(
        request,
        gettext("There is no such session."),
        gettext("Its room may have been watched elsewhere, or a correction that made it was undone."),
    )
