"""Monitoring tasks: named lists of rooms, started and stopped; and rooms that rest for a while.

A room is watched when a running task lists it and it is not paused.
"""

import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, ProtectedError

from live_data import room_lookup
from live_data.models import LiveRoom, MonitoringTask
from live_data.room_lookup import Typed
from live_data.storing import room_rows

log = logging.getLogger(__name__)

DEFAULT_TASK = "default"
SETTING_TASK = "ROOMS"
#: What is watched when nothing was ever chosen.
FIRST_ROOMS = ("1962481108", "22889484", "7758258")

Status = MonitoringTask.Status


def create(name: str, room_ids: Sequence[int] = ()) -> MonitoringTask:
    """A stopped task. Raises IntegrityError when there is one of that name."""
    return MonitoringTask.objects.create(task_name=name, room_ids_json=json.dumps(list(room_ids)))


def start(task: MonitoringTask) -> None:
    """From now on collectors watch its rooms."""
    task.status, task.start_time, task.end_time = Status.RUNNING, datetime.now(UTC), None
    _save(task, "status", "start_time", "end_time")


def stop(task: MonitoringTask) -> None:
    task.status, task.end_time = Status.STOPPED, datetime.now(UTC)
    _save(task, "status", "end_time")


def set_rooms(task: MonitoringTask, room_ids: Iterable[int]) -> None:
    task.room_ids_json = json.dumps(list(dict.fromkeys(room_ids)))
    _save(task, "room_ids_json")


def list_rooms(task: MonitoringTask, room_ids: Sequence[int]) -> None:
    """The rooms of the task, unasked: what is no room says so once a collector tries it."""
    room_rows.rooms_of(room_ids)  # bare rows, so that pages show them
    set_rooms(task, room_ids)


def rename(task: MonitoringTask, name: str) -> None:
    """Raises IntegrityError when another one has that name."""
    task.task_name = name
    _save(task, "task_name")


def edit(task: MonitoringTask, name: str, room_ids: Iterable[int]) -> None:
    """Another name and another list. Raises IntegrityError when there is another one of that name."""
    with transaction.atomic():
        rename(task, name)
        set_rooms(task, room_ids)


def delete(task: MonitoringTask) -> bool:
    """Whether it was stopped, and so is gone; the data of its rooms stays."""
    deleted, _ = MonitoringTask.objects.filter(pk=task.pk, status=Status.STOPPED).delete()
    return deleted > 0


def _save(task: MonitoringTask, *fields: str) -> None:
    """Only these columns: the sync counts in the others at the same time."""
    task.updated_at = datetime.now(UTC)
    # Not save(): a task that somebody deleted meanwhile is no failure.
    changed = {name: getattr(task, name) for name in (*fields, "updated_at")}
    MonitoringTask.objects.filter(pk=task.pk).update(**changed)


def desired_rooms() -> list[int]:
    """Rooms of running tasks, each once, without those that are paused."""
    running = MonitoringTask.objects.filter(status=Status.RUNNING).order_by("pk")
    listed = dict.fromkeys(room_id for task in running for room_id in task.room_ids)
    paused = set(LiveRoom.objects.filter(is_paused=True).values_list("room_id", flat=True))
    return [room_id for room_id in listed if room_id not in paused]


def by_room(tasks: Iterable[MonitoringTask]) -> dict[int, list[MonitoringTask]]:
    """Which of the tasks list a room."""
    found: dict[int, list[MonitoringTask]] = defaultdict(list)
    for task in tasks:
        for room_id in dict.fromkeys(task.room_ids):
            found[room_id].append(task)
    return dict(found)


def pause(room_id: int) -> None:
    """Not watched until it is resumed, or added again; it stays in its tasks, also over a restart."""
    with transaction.atomic():
        room_rows.rooms_of([room_id])
        LiveRoom.objects.filter(room_id=room_id).update(is_paused=True)


def connect(room_ids: Iterable[int], when: LiveRoom.ConnectWhen) -> None:
    """Connect these always, or only while they are live; over HTTP they are watched either way."""
    with transaction.atomic():
        known = room_rows.rooms_of(room_ids)
        LiveRoom.objects.filter(room_id__in=list(known)).update(connect_when=when)


def only_while_live(room_ids: Iterable[int]) -> list[int]:
    """Those of the rooms that are not connected while they are off air, in their order."""
    chosen = LiveRoom.objects.filter(connect_when=LiveRoom.ConnectWhen.LIVE)
    found = set(chosen.values_list("room_id", flat=True))
    return [room_id for room_id in room_ids if room_id in found]


def resume(room_ids: Iterable[int]) -> None:
    LiveRoom.objects.filter(room_id__in=list(room_ids), is_paused=True).update(is_paused=False)


def add_rooms(texts: Sequence[str], task_name: str = DEFAULT_TASK) -> list[Typed]:
    """Add what was typed to a running task, made when it is missing; one answer per text, in order.

    A number that the site refuses is left out, and nothing of it stays. Asks the site, with its
    spacing: not to be called on an event loop.
    """
    found = room_lookup.look_up(texts)
    if accepted := [typed.number for typed in found if typed.is_accepted]:
        watch(accepted, task_name)
    return found


def watch(room_ids: Sequence[int], task_name: str = DEFAULT_TASK) -> None:
    """The same with rooms that are known: nobody is asked."""
    with transaction.atomic():
        task = _running(task_name)
        set_rooms(task, [*task.room_ids, *room_ids])
        resume(room_ids)  # who chooses a room wants to see it


def remove_room(task: MonitoringTask, room_id: int) -> None:
    """Its data stays."""
    with transaction.atomic():
        current = MonitoringTask.objects.select_for_update().get(pk=task.pk)
        if room_id in current.room_ids:
            set_rooms(current, [each for each in current.room_ids if each != room_id])


def remove_everywhere(room_id: int) -> None:
    """Out of all tasks: nobody watches it any more. Its data stays."""
    with transaction.atomic():
        for task in MonitoringTask.objects.all():
            remove_room(task, room_id)
        resume([room_id])


def watch_from_settings() -> list[Typed]:
    """ROOMS as the task of that name, exactly; unset and no task at all: the first rooms."""
    wanted: tuple[str, ...] = settings.ENVIRONMENT.rooms
    if not wanted:
        return [] if MonitoringTask.objects.exists() else add_rooms(FIRST_ROOMS)
    # Rooms that were watched before go on at once; the site is asked about the others only.
    _replace(typed.number for typed in room_lookup.known(wanted) if typed)
    found = room_lookup.known_or_looked_up(wanted)
    _replace(typed.number for typed in found if typed.is_accepted)
    return found


def _replace(room_ids: Iterable[int]) -> None:
    with transaction.atomic():
        set_rooms(_running(SETTING_TASK), room_ids)


def _running(task_name: str) -> MonitoringTask:
    """The caller holds a transaction: the list is read, changed and written."""
    task = MonitoringTask.objects.select_for_update().filter(task_name=task_name).first()
    task = task or create(task_name)
    if task.status != Status.RUNNING:
        start(task)
    return task


def replace_short_ids() -> None:
    """Short ids that were accepted unverified become long ones once those are known."""
    for task in MonitoringTask.objects.all():
        if _long_ids(task.room_ids):  # seldom: most turns write nothing, and hold nobody up
            _replace_short_ids_of(task.pk)


def _replace_short_ids_of(key: int) -> None:
    with transaction.atomic():
        # Read again: pages and commands change the list at the same time.
        for task in MonitoringTask.objects.select_for_update().filter(pk=key):
            if long_ids := _long_ids(task.room_ids):
                set_rooms(task, [long_ids.get(room_id, room_id) for room_id in task.room_ids])
                _keep_pauses(long_ids)
                _keep_connects(long_ids)
                _forget_bare_rows(long_ids)


def _long_ids(listed: Iterable[int]) -> dict[int, int]:
    """Those of the numbers that are short ids -> their long ones."""
    rooms = LiveRoom.objects.filter(short_id__in=list(listed)).exclude(short_id=F("room_id"))
    return dict(rooms.values_list("short_id", "room_id"))


def _keep_pauses(long_ids: Mapping[int, int]) -> None:
    paused = LiveRoom.objects.filter(room_id__in=list(long_ids), is_paused=True)
    for short_id in paused.values_list("room_id", flat=True):
        pause(long_ids[short_id])


def _keep_connects(long_ids: Mapping[int, int]) -> None:
    connect((long_ids[short_id] for short_id in only_while_live(long_ids)), LiveRoom.ConnectWhen.LIVE)


def note_unreadable_lists() -> None:
    """A running task whose list cannot be read watches nothing, and says so in its last error."""
    for task in MonitoringTask.objects.filter(status=Status.RUNNING):
        if task.list_problem and task.list_problem != task.last_error:
            MonitoringTask.objects.filter(pk=task.pk).update(
                last_error=task.list_problem,
                error_count=F("error_count") + 1,
                updated_at=datetime.now(UTC),
            )
            log.warning("%s", task.list_problem)


def _forget_bare_rows(room_ids: Iterable[int]) -> None:
    for room in LiveRoom.objects.filter(room_id__in=list(room_ids), uid=None):
        with contextlib.suppress(ProtectedError):  # something was stored under it all the same
            room.delete()
