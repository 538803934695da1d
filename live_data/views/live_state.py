"""What the page and the API say of the running system: SQL and Redis side by side.

Redis may be away at any moment: then its part says so, and the rest stands.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from django.conf import settings

from event_store import connect, reader, rooms, server, sync_lives
from event_store.rooms import RoomConnection
from live_data import instants, payloads, tasks
from live_data.inspection import clocks
from live_data.inspection import connections as reach
from live_data.models import LiveRoom
from live_data.queries import lists, minutes, moment
from live_data.queries import rooms as known_rooms
from live_data.queries.remembered import Remembered
from live_data.storing import sync_places
from live_data.views import health, redis_client
from live_data.views.figures import figures, since_the_beginning

if TYPE_CHECKING:
    from live_data.redis_access import Client

Answer = dict[str, Any]  # the JSON boundary
Connections: TypeAlias = dict[int, RoomConnection]

_NOT_WATCHED: Answer = {"state": "unwatched", "cause": "", "detail": "", "since": None, "retry_at": None}
_ROOMS_SHOWN = 100
_LINES_SHOWN = 60
_SPARK = 30  #: minutes


_hours: Remembered[Answer] = Remembered(2.0)


@cache
def version() -> str:
    """Of the project, from the one place that says it."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def status(now: datetime) -> Answer:
    """The whole of /live/api/status."""
    answer = {"version": version(), "now": payloads.rfc3339(now), "totals": since_the_beginning(now)}
    try:
        with redis_client.asked() as client:
            return answer | _of_redis(client, instants.epoch_ms(now))
    except connect.RedisUnavailable as away:
        return answer | _without_redis(away)


def _of_redis(client: "Client", now: int) -> Answer:
    facts = server.facts(client)
    versions = {"redis_version": facts.redis_version, "valkey_version": facts.valkey_version}
    collectors, sync, log = rooms.collectors(client), sync_lives.together(client), reader.log_state(client)
    connections = reach.look(client)
    suspicion = clocks.suspicion(instants.moment(now)) if reach.is_refused(connections.values()) else ""
    signs = [
        *health.network_signs(now, connections.values(), suspicion),
        *health.muffled([*health.collector_signs(now, collectors), health.sync_sign(now, sync)], facts),
        health.redis_sign(facts),
    ]
    return {
        "redis": {"ok": True, "version": facts.redis_version, **versions, "error": None},
        "collectors": [{"id": name, **_life(life)} for name, life in sorted(collectors.items())],
        "sync": None if sync is None else _life(sync),
        "log": {"length": log.length, "first_id": log.first_id, "last_id": log.last_id},
        "health": [asdict(sign) for sign in signs],
    }


def _without_redis(away: connect.RedisUnavailable) -> Answer:
    redis = {"ok": False, "version": "", "redis_version": "", "valkey_version": "", "error": str(away)}
    signs = [asdict(health.redis_away(away.detail))]
    return {"redis": redis, "collectors": [], "sync": None, "log": None, "health": signs}


def _life(life: msgspec.Struct) -> Answer:
    """Its fields; instants as text, like all times of the API."""
    fields: Answer = msgspec.to_builtins(life)
    instants = {name: payloads.rfc3339_ms(fields[name]) for name in ("at", "started_at") if name in fields}
    return fields | instants


def room_items(listed: Sequence[LiveRoom], now: datetime) -> list[Answer]:
    """Rooms with their connection, and what was said in the last minute."""
    numbers = [room.room_id for room in listed]
    said, watched = minutes.danmaku_last_minute(numbers, now), set(tasks.desired_rooms())
    lines = minutes.danmaku_by_room(numbers, now, _SPARK)
    connections = _connections(numbers)
    return [
        {
            **payloads.room_row(room),
            "watched": room.room_id in watched,
            "danmaku_last_minute": said.get(room.room_id, 0),
            "danmaku_by_minute": lines.get(room.room_id, [0] * _SPARK),
            "connection": _connection(connections, room.room_id)
            if room.room_id in watched
            else _NOT_WATCHED | {"text": health.not_watched_words(room.is_paused)},
        }
        for room in listed
    ]


def _connections(numbers: Sequence[int]) -> Connections | None:
    """None: Redis is away."""
    try:
        with redis_client.asked() as client:
            return rooms.connections(client, numbers)
    except connect.RedisUnavailable:
        return None


def _connection(connections: Connections | None, room_id: int) -> Answer:
    connection = (connections or {}).get(room_id)
    times = {
        name: payloads.rfc3339_ms(moment) if moment else None
        for name in ("since", "retry_at")
        for moment in (getattr(connection, name, 0),)
    }
    return {
        "state": health.shown_state(connection),
        "cause": connection.cause if connection else "",
        "detail": health.connection_detail(connection),
        "text": health.connection_words(connection, is_redis_there=connections is not None),
        **times,
    }


def overview(room_id: int | None = None, now: datetime | None = None) -> Answer:
    """All that a page of all rooms or of one shows, and the cursor behind which live events follow."""
    now = now or datetime.now(UTC)
    chosen = lists.Chosen(room_ids=() if room_id is None else (room_id,))
    with moment.one_moment():
        answer = {
            "cursor": str(sync_places.reached()),
            "minutes": minutes.latest(now, room_id=room_id),
            **{kind: _lines(kind, chosen) for kind in payloads.LISTS},
        }
    return answer | {
        "figures": figures(now, room_id),
        "rooms": room_items(_listed(room_id), now),
        "status": status(now),
    }


def figures_of(room_id: int | None = None, now: datetime | None = None) -> Answer:
    """What changes without being pushed: the figures on top, and the last hour."""
    now = now or datetime.now(UTC)
    hour = _hours.get(room_id, lambda: {"minutes": minutes.latest(now, room_id=room_id)})
    return {"figures": figures(now, room_id), **hour}


def _listed(room_id: int | None) -> list[LiveRoom]:
    if room_id is not None:
        return known_rooms.from_number(room_id, 1)
    return known_rooms.first(tasks.desired_rooms(), _ROOMS_SHOWN)


def _lines(kind: str, chosen: lists.Chosen) -> list[Answer]:
    table, item = payloads.LISTS[kind]
    return [item(row) for row in lists.newest(table, chosen, None, _LINES_SHOWN)]
