"""Who may talk to the page, and what a browser may do with it. Knows headers, not what pages show."""

from collections.abc import Awaitable, Callable

from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.utils.decorators import async_only_middleware

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

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' https: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script: a danmaku that gets into a page as HTML still runs nothing."""


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
def security_headers(respond: Respond) -> Respond:
    """Adds the content security policy to every answer."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await respond(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    return middleware
