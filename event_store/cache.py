"""The live cache: the seed's ``room:*`` keys, written by one script a batch. May be lost without harm.

Must not know the log that is written beside it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

import msgspec
import redis.asyncio

from bilibili_live.events import AnyEvent, Danmaku, Gift, RoomInfo, RoomState
from event_store import keys

_json_lines = msgspec.json.Encoder().encode_lines

#: What LogWriter's script calls as ``update(ttl, most, told, fact)``; the last is the place of the first fact
#: among ARGV. All rooms are told in one argument, line after line as _lines() says it, because what a client
#: pays is by the command and by the argument. JSON has no line break within, but the facts of rooms, which
#: people wrote, are arguments of their own.
UPDATE = r"""
local function update(ttl, most, told, fact)
  local at = 1
  local function line()
    local stop = string.find(told, '\n', at, true)
    local found = string.sub(told, at, stop - 1)
    at = stop + 1
    return found
  end
  local function give(command, key, count)
    while count > 0 do
      local some = {}
      for number = 1, math.min(count, 1000) do
        some[number] = line()
      end
      redis.call(command, key, unpack(some))
      count = count - #some
    end
  end
  local function push(key, count)
    if count > 0 then
      give('LPUSH', key, count)
      redis.call('LTRIM', key, 0, most - 1)
    end
  end
  while at <= #told do
    local room, danmaku, gifts, updated = line(), line(), line(), line()
    local lines, given = tonumber(line()), tonumber(line())
    local people, facts = tonumber(line()), tonumber(line())
    local stats, users = room .. 'stats', room .. 'users'
    redis.call('HINCRBY', stats, 'total_danmaku', danmaku)
    redis.call('HINCRBY', stats, 'total_gifts', gifts)
    push(room .. 'danmaku', lines)
    push(room .. 'gifts', given)
    give('PFADD', users, people)
    redis.call('HSET', stats, 'last_update', updated, 'total_users', redis.call('PFCOUNT', users))
    if facts > 0 then
      redis.call('HSET', room .. 'info', unpack(ARGV, fact, fact + facts - 1))
      fact = fact + facts
    end
    for _, what in ipairs({'info', 'danmaku', 'gifts', 'stats', 'users'}) do
      redis.call('EXPIRE', room .. what, ttl)
    end
  end
end
"""

Told = TypeVar("Told", Danmaku, Gift)

_WHAT = ("info", "danmaku", "gifts", "stats", "users")
_NOT_THERE = (RoomInfo, RoomState)  #: their uid is of somebody who need not be there


class CachedDanmaku(msgspec.Struct, gc=False):
    """The seed's documented fields first; ``timestamp`` in s."""

    uid: int | None
    username: str
    message: str
    timestamp: int
    medal_name: str | None
    medal_level: int
    event_id: str


class CachedGift(msgspec.Struct, gc=False):
    """``price`` is CNY of one, as the seed has it; ``gold`` the exact line total (0 for silver)."""

    uid: int | None
    username: str
    gift_name: str
    gift_id: int
    num: int
    price: float | int
    gold: int
    timestamp: int
    event_id: str


def danmaku_object(event: Danmaku) -> CachedDanmaku:
    return CachedDanmaku(
        event.uid,
        event.username,
        event.message,
        event.at // 1000,
        event.medal_name,
        event.medal_level,
        event.event_id.hex(),
    )


def gift_object(event: Gift) -> CachedGift:
    is_gold = event.coin_type == "gold"
    return CachedGift(
        event.uid,
        event.username,
        event.gift_name,
        event.gift_id,
        event.num,
        event.price / 1000 if is_gold else 0,
        event.total_coin if is_gold else 0,
        event.at // 1000,
        event.event_id.hex(),
    )


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


class CacheUpdate:
    """Collects a batch by room, so that each key is touched once and not once per event."""

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        self._rooms: dict[int, list[AnyEvent]] = defaultdict(list)
        for event in events:
            self._rooms[event.room_id].append(event)
        self._rooms.pop(0, None)  # of no room

    async def forget(self, client: "redis.asyncio.Redis") -> None:
        """Delete all of these rooms: something else has the name of a key. Raises what redis raises."""
        if self._rooms:
            await client.delete(*(keys.room(room_id, what) for room_id in self._rooms for what in _WHAT))

    def arguments(self) -> list[bytes | str | int]:
        """Of ``update`` in the script: ttl, most, told, and all facts."""
        facts: list[str | int] = []
        told = b"".join([_lines(room_id, events, facts) for room_id, events in self._rooms.items()])
        return [keys.ROOM_TTL, keys.LIVE_LIST_LENGTH, told, *facts]


def _lines(room_id: int, events: list[AnyEvent], facts: list[str | int]) -> bytes:
    """Eight that say how many of which follow, then those; but the room's own are added to ``facts``."""
    danmaku = _each_once([event for event in events if isinstance(event, Danmaku)])
    others = [event for event in events if not isinstance(event, Danmaku)]
    gifts = _each_once([event for event in others if isinstance(event, Gift)])
    people = _people(danmaku, others)
    infos = [event for event in others if isinstance(event, RoomInfo)]
    info = info_fields(infos[-1]) if infos else {}
    for fact in info.items():
        facts += fact
    lines = danmaku[-keys.LIVE_LIST_LENGTH :]
    given = gifts[-keys.LIVE_LIST_LENGTH :]
    updated = max(event.received_at for event in events) // 1000
    counts = (len(danmaku), len(gifts), updated, len(lines), len(given), len(people), 2 * len(info))
    return b"".join(
        (
            "\n".join(map(str, (keys.room(room_id, ""), *counts, ""))).encode(),
            _json_lines(map(danmaku_object, lines)),
            _json_lines(map(gift_object, given)),
            _json_lines(people),
        )
    )


def _each_once(events: Sequence[Told]) -> list[Told]:
    """Of an event that two connections brought, one with the person's mask and one with the name, the later:
    the name comes last. When a batch lies between them, both are counted."""
    return list({event.event_id: event for event in events}.values())


def _people(danmaku: Sequence[Danmaku], others: Sequence[AnyEvent]) -> set[int | None]:
    """Whoever did something there, each once."""
    uids = {event.uid for event in danmaku}
    uids.update(getattr(event, "uid", None) for event in others if not isinstance(event, _NOT_THERE))
    uids.discard(None)
    return uids
