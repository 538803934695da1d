"""Choosing rooms."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from live_data import tasks
from live_data.forms import AddRoomForm
from live_data.views.answers import problem
from live_data.views.pages import show_dashboard


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Watch one more room, or say in a line why not. In JSON for scripts, as a page for plain forms."""
    form = AddRoomForm(request.POST)
    if form.is_valid():
        [result] = tasks.add_rooms([form.cleaned_data["room"]], task_name=tasks.PAGE)
        if result.refused:
            form.add_error("room", result.text)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if form.is_valid():
        return JsonResponse({"added": result.text}) if wants_json else redirect("live_data:dashboard")
    return problem(400, str(form.errors["room"][0])) if wants_json else show_dashboard(request, form, 400)
