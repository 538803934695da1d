"""/live/api/stream: events pushed as they happen, under an asynchronous server."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from live_data.views.answers import problem, refused
from live_data.views.event_stream import frames
from live_data.views.hub import Hub
from live_data.views.live_form import EventsForm

_hub = Hub()


def close_streams() -> None:
    """End every stream at once; the server calls it when it is told to stop. Safe in a signal handler."""
    _hub.close()


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events after `Last-Event-ID` or `?after=`, of `?room_id=` (repeatable) or all rooms."""
    if not isinstance(request, ASGIRequest):
        # A synchronous server would hold one thread per stream and send nothing.
        error = _("This server cannot stream (it is WSGI); poll /live/api/events instead.")
        return problem(501, error)
    form = EventsForm.of(request)
    if not form.is_valid():
        return refused(form)
    said = frames(_hub, form.cleaned_data["after"], form.cleaned_data["room_id"])
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(said, content_type="text/event-stream", headers=headers)
