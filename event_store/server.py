"""What the Redis server says of itself, and which keys it has: for pages that look for what is wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import redis

_NUMBER = re.compile(r"(?<=:)(\d+|[0-9a-f]{16})(?=:|$)")
_CALLS = 40  # of SCAN, for one look
_FULL = 0.99  # of the memory that it may use; it stays a little below while it refuses
_COUNT = 500  # keys that one call looks at, about


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """From INFO; what a server does not say is "" or 0."""

    redis_version: str
    valkey_version: str
    uptime: int  #: s
    clients: int
    used_memory: int  #: bytes
    max_memory: int  #: bytes; 0 = no limit
    policy: str  #: what it does when memory is full
    is_append_only: bool
    is_writing_well: bool  #: the last write of the append-only file
    is_rewriting: bool

    @property
    def is_full(self) -> bool:
        """It refuses what is written, or is about to."""
        return bool(self.max_memory) and self.used_memory >= self.max_memory * _FULL and not self.may_evict

    @property
    def may_evict(self) -> bool:
        """When memory is full it drops keys that do not expire, the event log among them."""
        return bool(self.max_memory) and self.policy.startswith("allkeys")

    @property
    def cannot_save(self) -> bool:
        """The disk refuses the append-only file; the server then refuses what is written."""
        return self.is_append_only and not self.is_writing_well


@dataclass(frozen=True, slots=True)
class Key:
    """One key."""

    name: str  #: printable
    type: str
    ttl: int  #: s; -1 = does not expire
    size: int  #: bytes of memory

    def __str__(self) -> str:
        expiry = "does not expire" if self.ttl < 0 else f"expires in {self.ttl} s"
        return f"{self.name}  {self.type}  {self.size} bytes  {expiry}"


@dataclass(frozen=True, slots=True)
class Found:
    """What one bounded look at the keys found."""

    keys: list[Key]  #: in no order
    families: dict[str, int]  #: "room:*:info" -> how many, most first
    is_everything: bool  #: False: the server has more keys than one look goes through


def facts(client: "redis.Redis") -> ServerFacts:
    """Raises what redis raises."""
    info: dict[str, Any] = client.info()
    return ServerFacts(
        redis_version=str(info.get("redis_version", "")),
        valkey_version=str(info.get("valkey_version", "")),
        uptime=_whole(info.get("uptime_in_seconds")),
        clients=_whole(info.get("connected_clients")),
        used_memory=_whole(info.get("used_memory")),
        max_memory=_whole(info.get("maxmemory")),
        policy=str(info.get("maxmemory_policy", "")),
        is_append_only=_whole(info.get("aof_enabled")) == 1,
        is_writing_well=info.get("aof_last_write_status", "ok") == "ok",
        is_rewriting=_whole(info.get("aof_rewrite_in_progress")) == 1,
    )


def _whole(said: Any) -> int:
    return said if isinstance(said, int) else 0


def keys(client: "redis.Redis", pattern: str, limit: int) -> Iterator[Key]:
    """Up to ``limit`` keys that match, in no order; the whole server is looked through, piece by piece."""
    found = cast("Iterator[bytes]", client.scan_iter(match=pattern, count=_COUNT))
    for _, name in zip(range(limit), found, strict=False):
        if (key := _key(client, name)) is not None:
            yield key


def look(client: "redis.Redis", pattern: str, limit: int, calls: int = _CALLS) -> Found:
    """Keys that match, and how many there are of each kind: at most ``calls`` pieces of the server's keys."""
    families: Counter[str] = Counter()
    shown: list[Key] = []
    cursor = 0
    for _ in range(calls):
        cursor, names = cast(
            "tuple[int, list[bytes]]", client.scan(cursor=cursor, match=pattern, count=_COUNT)
        )
        families.update(_family(name) for name in names)
        wanted = (_key(client, name) for name in names[: limit - len(shown)])
        shown.extend(key for key in wanted if key is not None)
        if not cursor:
            break
    return Found(shown, dict(families.most_common()), not cursor)


def _key(client: "redis.Redis", name: bytes) -> Key | None:
    """None: it is gone already."""
    with client.pipeline(transaction=False) as pipe:
        pipe.type(name)
        pipe.ttl(name)
        pipe.memory_usage(name)
        kind, ttl, size = pipe.execute()
    return None if kind == b"none" else Key(printable(name), kind.decode(), ttl, size or 0)


def _family(name: bytes) -> str:
    return _NUMBER.sub("*", printable(name))


def printable(name: bytes) -> str:
    """The key of a hostile name is shown, not obeyed."""
    shown = name.decode(errors="replace")
    return shown if shown.isprintable() else ascii(shown)
