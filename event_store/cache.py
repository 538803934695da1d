"""The live cache: the seed's ``room:*`` keys, as commands of one batch. May be lost without harm."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
import redis.asyncio

from bilibili_live.events import AnyEvent, Danmaku, Gift, RoomInfo
from event_store import keys

_json = msgspec.json.Encoder().encode


def danmaku_object(event: Danmaku) -> dict[str, Any]:
    """The seed's documented fields first: uid, username, message, timestamp (s)."""
    return {
        "uid": event.uid,
        "username": event.username,
        "message": event.message,
        "timestamp": event.at // 1000,
        "medal_name": event.medal_name,
        "medal_level": event.medal_level,
        "event_id": event.event_id.hex(),
    }


def gift_object(event: Gift) -> dict[str, Any]:
    """``price`` is CNY of one, as the seed has it; ``gold`` the exact line total (0 for silver)."""
    is_gold = event.coin_type == "gold"
    return {
        "uid": event.uid,
        "username": event.username,
        "gift_name": event.gift_name,
        "gift_id": event.gift_id,
        "num": event.num,
        "price": event.price / 1000 if is_gold else 0,
        "gold": event.total_coin if is_gold else 0,
        "timestamp": event.at // 1000,
        "event_id": event.event_id.hex(),
    }


def info_fields(event: RoomInfo) -> dict[str, str | int]:
    return {
        "title": event.title,
        "uname": event.uname,
        "face": event.face,
        "online": event.online,
        "status": event.live_status,
        "area_name": event.area_name,
        "parent_area_name": event.parent_area_name,
        "uid": event.uid or "",
    }


class _RoomUpdate:
    def __init__(self) -> None:
        self.danmaku: list[bytes] = []
        self.gifts: list[bytes] = []
        self.uids: set[int] = set()
        self.info: dict[str, str | int] = {}
        self.last_update = 0


class CacheUpdate:
    """Collects a batch by room, so that each key is touched once and not once per event."""

    def __init__(self, users: dict[int, int]) -> None:
        self.used = False
        self._users = users
        self._rooms: dict[int, _RoomUpdate] = defaultdict(_RoomUpdate)
        self._counting: list[tuple[int, int]] = []  # place in the pipeline's results, room

    def add(self, events: Sequence[AnyEvent]) -> None:
        self.used = True
        for event in events:
            room = self._rooms[event.room_id]
            room.last_update = max(room.last_update, event.received_at // 1000)
            if isinstance(event, Danmaku):
                room.danmaku.append(_json(danmaku_object(event)))
            elif isinstance(event, Gift):
                room.gifts.append(_json(gift_object(event)))
            if isinstance(event, RoomInfo):
                room.info = info_fields(event)
                continue
            uid = getattr(event, "uid", None)
            if uid is not None:
                room.uids.add(uid)

    def queue(self, pipe: "redis.asyncio.client.Pipeline") -> None:
        for room_id, room in self._rooms.items():
            self._queue_lists(pipe, room_id, room)
            self._queue_stats(pipe, room_id, room)
            for what in ("info", "danmaku", "gifts", "stats", "users"):
                pipe.expire(keys.room(room_id, what), keys.ROOM_TTL)

    def _queue_lists(self, pipe: "redis.asyncio.client.Pipeline", room_id: int, room: _RoomUpdate) -> None:
        for what, objects in (("danmaku", room.danmaku), ("gifts", room.gifts)):
            if objects:
                pipe.lpush(keys.room(room_id, what), *objects[-keys.LIVE_LIST_LENGTH :])
                pipe.ltrim(keys.room(room_id, what), 0, keys.LIVE_LIST_LENGTH - 1)
        if room.info:
            pipe.hset(keys.room(room_id, "info"), mapping=room.info)  # type: ignore[arg-type]  # invariant dict

    def _queue_stats(self, pipe: "redis.asyncio.client.Pipeline", room_id: int, room: _RoomUpdate) -> None:
        stats = keys.room(room_id, "stats")
        pipe.hincrby(stats, "total_danmaku", len(room.danmaku))
        pipe.hincrby(stats, "total_gifts", len(room.gifts))
        # The count that this pipeline makes is only known after it: it is written with the next one.
        pipe.hset(
            stats,
            mapping={
                "last_update": room.last_update,
                "total_users": self._users.get(room_id, len(room.uids)),
            },
        )
        if room.uids:
            pipe.pfadd(keys.room(room_id, "users"), *room.uids)
            self._counting.append((len(pipe), room_id))
            pipe.pfcount(keys.room(room_id, "users"))

    def counted(self, results: Sequence[Any]) -> dict[int, int]:
        return self._users | {room_id: results[place] for place, room_id in self._counting}
