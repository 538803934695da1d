"""/live/danmaku/."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def browser(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@require_safe
def line(request: HttpRequest, event_id: str) -> HttpResponse:
    return render(request, "base.html")
