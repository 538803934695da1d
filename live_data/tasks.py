"""Monitoring tasks: named lists of rooms, started and stopped; what was typed becomes a room of one.

The only module that asks the site: whether a room exists is said where it was typed.
"""

import asyncio
import contextlib
import json
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, ProtectedError

from bilibili_live.errors import BilibiliError, RiskControl, RoomLocked, RoomNotFound, Unreachable
from bilibili_live.room_numbers import parse_room
from live_data import site_pause
from live_data.models import LiveRoom, MonitoringTask
from live_data.storing import room_rows
from live_data.storing.rollups import MinuteDeltas

if TYPE_CHECKING:
    from bilibili_live.api import Bilibili
    from bilibili_live.rooms import RoomAddress, RoomSnapshot

log = logging.getLogger(__name__)

DEFAULT_TASK = "default"
SETTING_TASK = "ROOMS"
#: What is watched when nothing was ever chosen.
FIRST_ROOMS = ("1962481108", "22889484", "7758258")

Status = MonitoringTask.Status


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of one room that was typed."""

    typed: str
    number: int = 0  #: the long id, or what was typed while the site cannot be asked; 0 = refused
    short_id: int = 0  #: 0 = none or unknown
    uname: str = ""
    title: str = ""
    problem: str = ""  #: one line: why it was refused, or why it is not verified

    @property
    def is_accepted(self) -> bool:
        return self.number > 0

    @property
    def text(self) -> str:
        """One line for people."""
        if not self.is_accepted:
            return self.problem
        return " ".join(f"{self.number} {self.problem or f'{self.uname} {self.title}'}".split())


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


def _save(task: MonitoringTask, *fields: str) -> None:
    """Only these columns: the sync counts in the others at the same time."""
    task.updated_at = datetime.now(UTC)
    task.save(update_fields=[*fields, "updated_at"])


def desired_rooms() -> list[int]:
    """Rooms of running tasks, each once."""
    running = MonitoringTask.objects.filter(status=Status.RUNNING).order_by("pk")
    return list(dict.fromkeys(room_id for task in running for room_id in task.room_ids))


def add_rooms(texts: Sequence[str], task_name: str = DEFAULT_TASK) -> list[Typed]:
    """Add what was typed to a running task, made when it is missing; one answer per text, in order.

    A number that the site refuses is left out, and nothing of it stays. Asks the site, with its
    spacing: not to be called on an event loop.
    """
    found = look_up(texts)
    accepted = [typed.number for typed in found if typed.is_accepted]
    if accepted:
        with transaction.atomic():
            task = _running(task_name)
            set_rooms(task, [*task.room_ids, *accepted])
    return found


def remove_room(task: MonitoringTask, room_id: int) -> None:
    """Its data stays."""
    with transaction.atomic():
        current = MonitoringTask.objects.select_for_update().get(pk=task.pk)
        if room_id in current.room_ids:
            set_rooms(current, [each for each in current.room_ids if each != room_id])


def watch_from_settings() -> list[Typed]:
    """ROOMS as the task of that name, exactly; unset and no task at all: the first rooms."""
    wanted: tuple[str, ...] = settings.ENVIRONMENT.rooms
    if not wanted:
        return [] if MonitoringTask.objects.exists() else add_rooms(FIRST_ROOMS)
    known = [_known(text) for text in wanted]
    # Rooms that were watched before go on at once; the site is asked about the others only.
    _replace(typed.number for typed in known if typed)
    asked = iter(look_up([text for text, typed in zip(wanted, known, strict=True) if typed is None]))
    found = [typed or next(asked) for typed in known]
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


def _known(text: str) -> Typed | None:
    """A room that the site once told us of."""
    try:
        number = parse_room(text)
    except ValueError:
        return None
    rooms = LiveRoom.objects.exclude(uid=None)
    room = rooms.filter(room_id=number).first() or rooms.filter(short_id=number).first()
    return Typed(text, room.room_id, room.short_id, room.uname, room.title) if room else None


def look_up(texts: Sequence[str]) -> list[Typed]:
    """Ask the site about each. Rooms that it confirms get their row."""
    numbers: dict[str, int] = {}
    refused: dict[str, Typed] = {}
    for text in texts:
        try:
            numbers[text] = parse_room(text)
        except ValueError as error:
            refused[text] = Typed(text, problem=str(error))
    answers = asyncio.run(_ask(sorted(set(numbers.values())))) if numbers else {}
    return [refused.get(text) or _settled(text, numbers[text], answers[numbers[text]]) for text in texts]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the site says of a number; without an address, why there is none."""

    address: "RoomAddress | None" = None
    snapshot: "RoomSnapshot | None" = None
    error: BilibiliError | None = None


async def _ask(numbers: Sequence[int]) -> dict[int, _Answer]:
    if pause := site_pause.remaining():
        waiting = RiskControl(f"the site asked for a pause, {math.ceil(pause)} s more", -352)
        return {number: _Answer(error=waiting) for number in numbers}
    from bilibili_live.api import Bilibili  # noqa: PLC0415 - takes a second and 50 MB; few need it

    environment = settings.ENVIRONMENT
    async with Bilibili(environment.bilibili_url or None, environment.call_interval) as site:
        answers: dict[int, _Answer] = {}
        away: BilibiliError | None = None
        for number in numbers:
            # Who does not answer once is not asked again and again: the collector keeps trying.
            answers[number] = _Answer(error=away) if away else await _address(site, number)
            if isinstance(answers[number].error, Unreachable | RiskControl):
                away = answers[number].error
        return answers if away else await _with_snapshots(site, answers)


async def _address(site: "Bilibili", number: int) -> _Answer:
    try:
        return _Answer(await site.room_init(number))
    except BilibiliError as error:
        _heed(site, error)
        return _Answer(error=error)


async def _with_snapshots(site: "Bilibili", answers: dict[int, _Answer]) -> dict[int, _Answer]:
    """Titles and names are for the eye: without them a room is just as good."""
    room_ids = sorted({answer.address.room_id for answer in answers.values() if answer.address})
    try:
        snapshots = await site.room_infos(room_ids) if room_ids else {}
    except BilibiliError as error:
        _heed(site, error)
        snapshots = {}
    return {
        number: _Answer(answer.address, snapshots.get(answer.address.room_id)) if answer.address else answer
        for number, answer in answers.items()
    }


def _heed(site: "Bilibili", error: BilibiliError) -> None:
    """The next look-up opens another Bilibili, perhaps in another process."""
    if isinstance(error, RiskControl):
        site_pause.begin(site.risk_pause)


def _settled(text: str, number: int, answer: _Answer) -> Typed:
    address, snapshot = answer.address, answer.snapshot
    if address is None:
        if isinstance(answer.error, RoomNotFound | RoomLocked):
            return Typed(text, problem=str(answer.error))
        # A bare row, so that pages show the room and what keeps it from being watched.
        room_rows.rooms_of([number])
        return Typed(text, number, problem=f"not verified ({answer.error}); the collector keeps trying")
    with transaction.atomic():
        _remember(address, snapshot)
    uname, title = (snapshot.uname, snapshot.title) if snapshot else ("", "")
    return Typed(text, address.room_id, address.short_id, uname, title)


def _remember(address: "RoomAddress", snapshot: "RoomSnapshot | None") -> None:
    """``as_of`` stays: the collector's own news of the room are to be believed from the first."""
    room = room_rows.rooms_of([address.room_id])[address.room_id]
    learned = room.uid is None and address.uid > 0
    room.short_id, room.uid = address.short_id or room.short_id, address.uid or room.uid
    if room.as_of is None:
        room.status = address.live_status
        if snapshot is not None:
            room.uname, room.title, room.online = snapshot.uname, snapshot.title, snapshot.online
            room.area_name, room.parent_area_name = snapshot.area_name, snapshot.parent_area_name
    room.updated_at = datetime.now(UTC)
    room.save()
    if learned and room.uid is not None:
        deltas = MinuteDeltas()
        room_rows.revalue(room.room_id, room.uid, deltas)
        deltas.write()


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
                _forget_bare_rows(long_ids)


def _long_ids(listed: Iterable[int]) -> dict[int, int]:
    """Those of the numbers that are short ids -> their long ones."""
    rooms = LiveRoom.objects.filter(short_id__in=list(listed)).exclude(short_id=F("room_id"))
    return dict(rooms.values_list("short_id", "room_id"))


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
