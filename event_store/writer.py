"""Append a batch: log entry, live cache and the mark of what the cache has seen, in one transaction."""

import secrets
from dataclasses import dataclass

import redis.asyncio

from event_store import keys
from event_store.cache import CacheUpdate
from event_store.codec import Batch, encode


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a batch landed."""

    stream_id: str
    incarnation: str


class LogWriter:
    """Writes one collector's batches to one partition of the log.

    At least once: a failed call may have been carried out, and is simply made again.
    """

    def __init__(self, client: "redis.asyncio.Redis", partition: int = 0) -> None:
        self._client = client
        self._partition = partition
        self._users: dict[int, int] = {}  # room -> distinct uids, as the last pipeline counted them
        self._cached_to: int | None = None  # journal position up to which the cache has seen the events

    async def _is_new_to_cache(self, collector: str, position: int) -> bool:
        if self._cached_to is None:
            self._cached_to = int(await self._client.get(keys.cached(collector)) or 0)
        return position > self._cached_to

    async def append(self, batch: Batch) -> Appended:
        """Raises what redis raises.

        A batch that the cache has seen already (published again after a crash or a hole) goes to
        the log only.
        """
        header = batch.header
        cache = CacheUpdate(self._users)
        if await self._is_new_to_cache(header.collector, header.journal_to):
            cache.add(batch.events)
        self._cached_to = None  # unknown until the server has answered
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(keys.incarnation(self._partition), secrets.token_hex(8), nx=True)
            pipe.get(keys.incarnation(self._partition))
            pipe.xadd(keys.log(self._partition), encode(batch))  # type: ignore[arg-type]  # invariant dict
            if cache.used:
                pipe.set(keys.cached(header.collector), header.journal_to)
                cache.queue(pipe)
            results = await pipe.execute()
        self._users = cache.counted(results)
        if cache.used:
            self._cached_to = header.journal_to
        return Appended(stream_id=results[2].decode(), incarnation=results[1].decode())
