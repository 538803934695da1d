"""Desired state and liveness: what scheduler and collectors tell each other through Redis.

SQL has the truth; the scheduler publishes it anew each tick, so an emptied Redis heals by itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec
import redis
import redis.asyncio

from event_store import keys

_SHOWN_AT_ONCE = 100  # connections: what is on its way to Redis takes 2 kB of memory for each

_Published = TypeVar("_Published", bound=msgspec.Struct)


class DesiredRooms(msgspec.Struct):
    """What collectors shall watch, as of ``at`` (ms)."""

    at: int
    room_ids: list[int]
    live_only: list[int] = []  #: those of them that are connected only while they are live


class CommittedPosition(msgspec.Struct):
    """How far a collector's journal is in SQL, and the hole that the sync stands before, if any."""

    position: int
    hole_stream_id: str = ""  #: the log entry that began beyond the position


class JournalStorage(msgspec.Struct):
    """How full a collector's journal is."""

    size: int = 0  #: bytes on disk
    limit: int = 0  #: bytes that are kept at most once SQL has them; 0 = no limit
    rate: float = -1.0  #: bytes a second; below 0 = not measured yet
    full_in: float = -1.0  #: s until the disk is full; below 0 = not to be foreseen
    is_over: bool = False  #: larger than the limit: SQL lacks what would have to go
    waiting: int = 0  #: records that the disk refuses, in memory
    waiting_since: int = 0  #: ms


class CollectorLife(msgspec.Struct):
    """A collector's last sign of life."""

    at: int  #: ms
    pid: int
    started_at: int  #: ms
    rooms: int  #: connections that it holds
    journal_position: int  #: bytes journaled
    published_position: int  #: bytes whose events are in the log
    problem: str = ""  #: one line, when something is wrong
    storage: JournalStorage = msgspec.field(default_factory=JournalStorage)
    is_waiting: bool = False  #: for its turn, or SQL's word where to go on; it watches no room until then
    yields_to: str = ""  #: the collector that watches the rooms, while this one waits for its turn


class RoomConnection(msgspec.Struct):
    """How a room is connected, as pages show it."""

    state: str  #: "covered", "degraded", "blind"
    cause: str = ""
    detail: str = ""
    since: int = 0  #: ms
    retry_at: int = 0  #: ms; 0 = no retry is due
    collector: str = ""
    blind_since: int = 0  #: ms, through whatever causes; 0 = it is connected, or left alone on purpose


def _read(raw: Any, form: type[_Published]) -> _Published | None:
    return None if raw is None else msgspec.json.decode(raw, type=form)


def publish_desired(client: "redis.Redis", desired: DesiredRooms) -> None:
    client.set(keys.DESIRED_ROOMS, msgspec.json.encode(desired))


async def desired(client: "redis.asyncio.Redis") -> DesiredRooms | None:
    """None: no scheduler has said anything since Redis was started."""
    return _read(await client.get(keys.DESIRED_ROOMS), DesiredRooms)


def publish_positions(client: "redis.Redis", positions: Mapping[str, CommittedPosition]) -> None:
    if positions:
        client.mset({keys.position(name): msgspec.json.encode(value) for name, value in positions.items()})


async def committed_position(client: "redis.asyncio.Redis", collector: str) -> CommittedPosition | None:
    """None: the scheduler has not spoken to this collector yet."""
    return _read(await client.get(keys.position(collector)), CommittedPosition)


async def show_life(client: "redis.asyncio.Redis", collector: str, life: CollectorLife) -> None:
    await cast(Any, client.hset(keys.COLLECTORS, collector, cast(Any, msgspec.json.encode(life))))


def collectors(client: "redis.Redis") -> dict[str, CollectorLife]:
    return _lives(client.hgetall(keys.COLLECTORS))


async def other_collectors(client: "redis.asyncio.Redis", collector: str) -> dict[str, CollectorLife]:
    lives = _lives(await cast(Any, client.hgetall(keys.COLLECTORS)))
    return {name: life for name, life in lives.items() if name != collector}


def _lives(raw: Any) -> dict[str, CollectorLife]:
    return {name.decode(): msgspec.json.decode(life, type=CollectorLife) for name, life in raw.items()}


async def show_connections(client: "redis.asyncio.Redis", rooms: Mapping[int, RoomConnection]) -> None:
    waiting = list(rooms.items())
    for start in range(0, len(waiting), _SHOWN_AT_ONCE):
        async with client.pipeline(transaction=False) as pipe:
            for room_id, connection in waiting[start : start + _SHOWN_AT_ONCE]:
                key = keys.room(room_id, "connection")
                pipe.hset(key, mapping=msgspec.to_builtins(connection))
                pipe.expire(key, keys.CONNECTION_TTL)
            await pipe.execute()


def connections(client: "redis.Redis", room_ids: Iterable[int]) -> dict[int, RoomConnection]:
    """The rooms that a living collector speaks of."""
    wanted = list(room_ids)
    with client.pipeline(transaction=False) as pipe:
        for room_id in wanted:
            pipe.hgetall(keys.room(room_id, "connection"))
        answers = pipe.execute()
    return {
        room_id: msgspec.convert(
            {name.decode(): value.decode() for name, value in raw.items()}, RoomConnection, strict=False
        )
        for room_id, raw in zip(wanted, answers, strict=True)
        if raw
    }
