"""Who may talk to the page, and in which time. Knows headers and cookies, not what pages show."""

from collections.abc import Awaitable, Callable

from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone
from django.utils.decorators import async_only_middleware

from live_data import instants

Respond = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

FORWARDING_HEADERS = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-IP",
    "X-Original-Forwarded-For",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
    "Via",
)
"""Set by proxies and tunnels, by no browser of this machine: such a request comes from outside."""

TIME_ZONE_COOKIE = "timezone"
"""Set by our own script to the IANA name of the browser's zone."""
USUAL_TIME_ZONE = "Asia/Shanghai"
"""Where most rooms and most viewers are, for who has not said otherwise."""


@async_only_middleware
def refuse_forwarded(respond: Respond) -> Respond:
    """Answers 403 to what a proxy or tunnel passed on: without a login the page is for this machine only."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        header = next((name for name in FORWARDING_HEADERS if name in request.headers), None)
        if header is None:
            return await respond(request)
        return HttpResponseForbidden(
            "This page has no login yet and answers only to its own machine; "
            f"the request was forwarded ({header}).\n",
            content_type="text/plain; charset=utf-8",
        )

    return middleware


@async_only_middleware
def compressed(respond: Respond) -> Respond:
    """Pages and answers in a fraction of their bytes; a stream is let alone, which would be held back."""
    packing = GZipMiddleware(respond)

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await respond(request)
        return response if response.streaming else packing.process_response(request, response)

    return middleware


@async_only_middleware
def viewers_time_zone(respond: Respond) -> Respond:
    """Has templates and forms speak the viewer's time; a name that is no zone's is passed over."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        name = request.COOKIES.get(TIME_ZONE_COOKIE, "")
        with timezone.override(instants.zone(name) or instants.zone(USUAL_TIME_ZONE)):
            return await respond(request)

    return middleware
