"""How large the log may become, so that neither a sync that stands still nor a small Redis fills memory.

Behind the sync the log is kept for pages that resume, up to `kept_bytes`. What is larger than that is
in no database yet; from `most_bytes` on nothing is appended, and collectors go on from their journals
when there is room again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import redis
import redis.asyncio

from event_store import keys

_MOST = 256 << 20  # about two million events: minutes of a loud day
_KEPT = 64 << 20
_EVERY = 1.0  # s between two looks: a collector that catches up appends less than 10 MB in it
_TIGHT = 0.9  # of the memory that the server may use


class LogIsLong(Exception):
    """The sync is so far behind that nothing is appended; ``str()`` says how far."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Of the server, in bytes."""

    used: int
    most: int  #: 0 = no limit

    @property
    def is_tight(self) -> bool:
        """Soon it refuses what is written, or does already."""
        return bool(self.most) and self.used >= self.most * _TIGHT


def most_bytes(memory: Memory) -> int:
    """From which size on the log takes nothing: half of a small server is left to all else."""
    return min(_MOST, memory.most // 2) if memory.most else _MOST


def kept_bytes(memory: Memory) -> int:
    """How much of the log may stay once it is in SQL; nothing when there is no memory to spare."""
    if memory.is_tight:
        return 0
    return min(_KEPT, memory.most // 8) if memory.most else _KEPT


def memory(client: "redis.Redis") -> Memory:
    """Raises what redis raises."""
    return _memory(client.info("memory"))


def _memory(info: Mapping[str, Any]) -> Memory:
    return Memory(int(info.get("used_memory", 0)), int(info.get("maxmemory", 0)))


class LogBound:
    """Asked before each append; asks the server once a second, and each time while the log is too long."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._key = keys.LOG
        self._looks_again_at = 0.0  # monotonic s
        self._is_over = False

    async def check(self) -> None:
        """Raises LogIsLong, and what redis raises."""
        now = asyncio.get_running_loop().time()
        if now < self._looks_again_at:
            return
        size, most = await self._look()
        # It goes on with a quarter free, else it would begin and stop with every step of the sync.
        self._is_over = size > (most * 3 // 4 if self._is_over else most)
        if self._is_over:
            raise LogIsLong(f"{size >> 20} MiB of events in Redis are not in the database yet")
        self._looks_again_at = now + _EVERY

    async def _look(self) -> tuple[int, int]:
        """How large the log is, and how large it may be."""
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.memory_usage(self._key, samples=5)
            pipe.info("memory")
            size, info = await pipe.execute()
        return size or 0, most_bytes(_memory(info))
