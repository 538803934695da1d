"""Monitoring tasks: made, changed, started, stopped, deleted."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from live_data import tasks
from live_data.forms.room_page import ConnectForm
from live_data.forms.rooms import MOST_AT_ONCE, AddRoomsForm
from live_data.forms.tasks import TaskForm
from live_data.models import LiveRoom, MonitoringTask
from live_data.views import room_list

READ_OR_POST = ("GET", "HEAD", "POST")


@require_http_methods(READ_OR_POST)
def new(request: HttpRequest) -> HttpResponse:
    """A task that runs from the beginning."""
    if request.method != "POST":
        return _show(request, TaskForm())
    form = TaskForm(request.POST)
    if form.is_valid():
        room_ids = form.looked_up()
        if form.is_valid() and _created(form, room_ids):
            return redirect("live_data:rooms")
    return _show(request, form, status=400)


def _created(form: TaskForm, room_ids: list[int]) -> bool:
    try:
        tasks.start(tasks.create(form.cleaned_data["name"], room_ids))
    except IntegrityError:
        form.name_is_taken()
        return False
    return True


@require_http_methods(READ_OR_POST)
def edit(request: HttpRequest, key: int) -> HttpResponse:
    task = get_object_or_404(MonitoringTask, pk=key)
    if request.method != "POST":
        listed = "\n".join(str(room_id) for room_id in task.room_ids)
        return _show(request, TaskForm({"name": task.task_name, "rooms": listed}, task=task), task)
    form = TaskForm(request.POST, task=task)
    if form.is_valid():
        room_ids = form.looked_up()
        if form.is_valid() and _edited(form, task, room_ids):
            return redirect("live_data:rooms")
    return _show(request, form, task, status=400)


def _edited(form: TaskForm, task: MonitoringTask, room_ids: list[int]) -> bool:
    try:
        tasks.edit(task, form.cleaned_data["name"], room_ids)
    except IntegrityError:
        form.name_is_taken()
        return False
    return True


def _show(
    request: HttpRequest,
    form: TaskForm,
    task: MonitoringTask | None = None,
    status: int = 200,
    connect_problem: str = "",
) -> HttpResponse:
    choices = LiveRoom.ConnectWhen.choices
    context = {
        "form": form,
        "task": task,
        "connect_choices": choices,
        "most_at_once": MOST_AT_ONCE,
        "setting_task": tasks.SETTING_TASK,
    }
    context["connect_problem"] = connect_problem
    return render(request, "live_data/task.html", context, status=status)


@require_POST
def connect(request: HttpRequest, key: int) -> HttpResponse:
    """All rooms of the task always, or only while they are live."""
    task = get_object_or_404(MonitoringTask, pk=key)
    form = ConnectForm(request.POST)
    if not form.is_valid():
        listed = "\n".join(str(room_id) for room_id in task.room_ids)
        shown = TaskForm({"name": task.task_name, "rooms": listed}, task=task)
        return _show(request, shown, task, status=400, connect_problem=str(form.errors["connect_when"][0]))
    tasks.connect(task.room_ids, form.chosen())
    return redirect("live_data:rooms")


@require_POST
def start(request: HttpRequest, key: int) -> HttpResponse:
    task = get_object_or_404(MonitoringTask, pk=key)
    if task.status != MonitoringTask.Status.RUNNING:
        tasks.start(task)
    return room_list.back(request)


@require_POST
def stop(request: HttpRequest, key: int) -> HttpResponse:
    task = get_object_or_404(MonitoringTask, pk=key)
    if task.status == MonitoringTask.Status.RUNNING:
        tasks.stop(task)
    return room_list.back(request)


@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    task = get_object_or_404(MonitoringTask, pk=key)
    if tasks.delete(task):
        return room_list.back(request)
    said = _("A running task cannot be deleted: stop it first.")
    return room_list.show(request, AddRoomsForm(), status=400, task_problem=said)
