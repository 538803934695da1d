"""The lines of the room list: rows, tasks and Redis's word put together, one page of them at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator

from event_store import connect, rooms
from event_store.rooms import RoomConnection
from live_data import instants, tasks
from live_data.models import LiveRoom, MonitoringTask
from live_data.queries import minutes, room_list, totals
from live_data.views import health, redis_client

ROOMS_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class RoomLine:
    room: LiveRoom
    watch: str  #: "watched", "paused", "stopped" (only in stopped tasks), "past" (in no task)
    tasks: Sequence[MonitoringTask]
    connection: RoomConnection | None
    connection_state: str
    connection_text: str
    since: datetime | None
    retry_at: datetime | None
    last_event: datetime | None
    danmaku_last_minute: int
    stored: int

    @property
    def is_heard_of(self) -> bool:
        """Whether the site has told what the room is called."""
        return bool(self.room.title or self.room.uname)

    @property
    def is_in_setting(self) -> bool:
        return any(task.task_name == tasks.SETTING_TASK for task in self.tasks)


def fragment(text: str, page: int, now: datetime) -> dict[str, Any]:
    """What changes by itself on /live/rooms/; a page beyond the last is the last."""
    all_tasks = list(MonitoringTask.objects.order_by("pk"))
    listed, watched = tasks.by_room(all_tasks), frozenset(tasks.desired_rooms())
    pages = Paginator(room_list.ordered(listed, watched, text), ROOMS_PER_PAGE).get_page(page)
    return {
        "pages": pages,
        "lines": _lines(list(pages.object_list), listed, watched, now),
        "tasks": sorted(all_tasks, key=lambda task: task.status != MonitoringTask.Status.RUNNING),
        "setting_task": tasks.SETTING_TASK,
        "q": text,
    }


def _lines(
    room_ids: Sequence[int],
    listed: Mapping[int, Sequence[MonitoringTask]],
    watched: Collection[int],
    now: datetime,
) -> list[RoomLine]:
    said, stored = minutes.danmaku_last_minute(room_ids, now), room_list.stored(room_ids)
    last = room_list.last_events(room_ids, totals.soon(now))
    connections = _connections([room_id for room_id in room_ids if room_id in watched])
    return [
        RoomLine(
            room=room,
            watch="watched" if room.room_id in watched else _unwatched(room, listed.get(room.room_id, ())),
            tasks=listed.get(room.room_id, ()),
            **_connection(connections, room.room_id),
            last_event=last.get(room.room_id),
            danmaku_last_minute=said.get(room.room_id, 0),
            stored=stored.get(room.room_id, 0),
        )
        for room in room_list.rows(room_ids)
    ]


def _unwatched(room: LiveRoom, listed: Sequence[MonitoringTask]) -> str:
    if not listed:
        return "past"
    return "paused" if room.is_paused else "stopped"


def _connections(room_ids: Sequence[int]) -> Mapping[int, RoomConnection] | None:
    """None: Redis is away."""
    try:
        with redis_client.asked() as client:
            return rooms.connections(client, room_ids)
    except connect.RedisUnavailable:
        return None


def _connection(connections: Mapping[int, RoomConnection] | None, room_id: int) -> dict[str, Any]:
    found = (connections or {}).get(room_id)
    return {
        "connection": found,
        "connection_state": health.shown_state(found),
        "connection_text": health.connection_words(found, is_redis_there=connections is not None),
        "since": _moment(found.since if found else 0),
        "retry_at": _moment(found.retry_at if found else 0),
    }


def _moment(milliseconds: int) -> datetime | None:
    try:
        return instants.moment(milliseconds) if milliseconds else None
    except OverflowError:
        return None
