"""What is answered while the database cannot be used: 503, and what goes on meanwhile, as Redis has it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from asgiref.sync import markcoroutinefunction
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from event_store import rooms, sync_lives
from live_data import instants
from live_data.inspection.attempts import Failed, attempted, told
from live_data.views import health, redis_client
from live_data.views.answers import problem
from live_data.views.health import Sign

_AGAIN = "10"  #: s after which a page asks again


class DatabaseAway:
    """Locked for too long, on a full disk, unreadable, not there: a passing state, no failure of the view."""

    async_capable = True
    sync_capable = False

    def __init__(self, respond: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self._respond = respond
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Passes on; Django calls process_exception."""
        return await self._respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None: not ours to answer."""
        # A connection that was lost meanwhile is an InterfaceError of PostgreSQL.
        if not isinstance(exception, OperationalError | InterfaceError) or _is_wrong_sql(exception):
            return None
        why = told(exception)
        response = (
            _page(request, why) if _is_for_people(request) else problem(503, f"{why.failed} {why.detail}")
        )
        # Django logs each 503 in a line that begins with it.
        response.reason_phrase = f"The database cannot be used ({why.detail})"
        response["Retry-After"] = _AGAIN
        response["Cache-Control"] = "no-store"
        return response


def _is_wrong_sql(error: Exception) -> bool:
    """A missing table or column, of this kind on SQLite alone: for the programmer, with a traceback."""
    return getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR"


def _is_for_people(request: HttpRequest) -> bool:
    return request.accepts("text/html") and not request.path.startswith("/live/api/")


def _page(request: HttpRequest, why: Failed) -> HttpResponse:
    context = {"why": why, "signs": _signs()}
    response = render(request, "live_data/database_away.html", context, status=503)
    if request.method == "GET":
        response["Refresh"] = _AGAIN
    return response


def _signs() -> list[Sign]:
    """Of the parts that report to Redis."""
    found = attempted(_reported)
    return [Sign("redis", health.BAD, found.failed, found.detail)] if isinstance(found, Failed) else found


def _reported() -> list[Sign]:
    now = instants.epoch_ms(datetime.now(UTC))
    with redis_client.asked() as client:
        return [
            *health.collector_signs(now, rooms.collectors(client)),
            health.sync_sign(now, sync_lives.together(client)),
        ]
