"""/live/debug/: what the system knows of itself, and two things to try."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from live_data import sync_by_hand
from live_data.forms.keys import KeysForm
from live_data.inspection import attempts
from live_data.storing.counts import Outcome
from live_data.sync_by_hand import Run
from live_data.views import debug_state
from live_data.views.words import words

_PATIENCE = 20.0  #: s that a person waits for a sync by hand
_MOST_SAID = 10  # problems
_LONGEST = 300  # characters of a detail: what is said waits in a cookie


@require_safe
def debug(request: HttpRequest) -> HttpResponse:
    """The page; with Redis away too."""
    form = KeysForm.of(request)
    context = {
        "form": form,
        "words": words() | own_words(),
        **debug_state.everything(form, datetime.now(UTC)),
    }
    response = render(request, "live_data/debug.html", context, status=200 if form.is_valid() else 400)
    response["Cache-Control"] = "no-store"
    return response


def own_words() -> dict[str, str]:
    """What the page's script says."""
    return {
        "debug_interrupted": _("The page does not answer; what is below is of {time}."),
    }


@require_POST
def sync_now(request: HttpRequest) -> HttpResponse:
    """One run of the sync by hand, as `sync_redis_to_db` does it."""
    try:
        _tell_run(request, sync_by_hand.run(patience=_PATIENCE))
    except sync_by_hand.FAILURES as error:
        failed = attempts.told(error)
        messages.error(request, _with_detail(failed.failed, failed.detail))
    return redirect("live_data:debug")


def _tell_run(request: HttpRequest, run: Run) -> None:
    if run.problem:
        messages.error(request, _with_detail(_("The log cannot be read to its end."), run.problem))
        return
    names = {"received": Outcome.RECEIVED, "stored": Outcome.STORED, "rejected": Outcome.REJECTED}
    figures = {name: f"{run.total(outcome):,}" for name, outcome in names.items()}
    said = _("Synced: %(received)s received, %(stored)s stored, %(rejected)s rejected.") % figures
    rest = "" if run.is_drained else _("More waits; the sync goes on.")
    messages.success(request, f"{said} {rest}".strip())


@require_POST
def check_keys(request: HttpRequest) -> HttpResponse:
    """What `check_redis_keys` says of health."""
    found = debug_state.redis_problems(datetime.now(UTC))
    for problem in found[:_MOST_SAID]:
        messages.warning(request, _with_detail(problem.text, problem.detail))
    if (more := len(found) - _MOST_SAID) > 0:
        messages.warning(request, ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    if not found:
        messages.success(request, _("Keys: ok"))
    return redirect("live_data:debug")


def _with_detail(text: str, detail: str) -> SafeString:
    """Our words, then apart from them what the part said."""
    if not detail:
        return format_html('<bdi class="foreign">{}</bdi>', text)
    shortened = detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}…"
    return format_html(
        '<bdi class="foreign">{}</bdi> <bdi class="foreign" translate="no">({})</bdi>', text, shortened
    )
