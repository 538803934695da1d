"""/live/gifts/."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def gifts(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
