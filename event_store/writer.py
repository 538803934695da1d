"""Append a batch: log entry, live cache and the mark of what the cache has seen, in one script.

The log entry alone decides: a cache that cannot be written costs nothing but itself.
"""

import logging
import secrets
from dataclasses import dataclass
from typing import cast

import redis.asyncio

from event_store import keys
from event_store.bounds import LogBound
from event_store.cache import UPDATE, CacheUpdate
from event_store.codec import Batch, encode
from event_store.connect import RedisFailure, trouble

log = logging.getLogger(__name__)

#: KEYS: incarnation, log; cached when the batch is new to the cache. ARGV: a new incarnation, the entry's
#: two fields; then the position for ``cached``, and what ``update`` is told. Answers incarnation, stream id,
#: and why the cache was not written. Its first command is the one that a server without memory refuses.
_APPEND = (
    UPDATE
    + """
redis.call('SET', KEYS[1], ARGV[1], 'NX')
local stream_id = redis.call('XADD', KEYS[2], '*', unpack(ARGV, 2, 5))
local refusal = ''
if KEYS[3] then
  redis.call('SET', KEYS[3], ARGV[6])
  local is_done, why = pcall(update, ARGV[7], ARGV[8], ARGV[9], 10)
  if not is_done then
    refusal = type(why) == 'table' and why.err or tostring(why)
  end
end
return {redis.call('GET', KEYS[1]), stream_id, refusal}
"""
)


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a batch landed."""

    stream_id: str
    incarnation: str


class LogWriter:
    """Writes one collector's batches to the log.

    At least once: a failed call may have been carried out, and is simply made again.
    """

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._bound = LogBound(client)
        self._is_cache_refused = False
        self._cached_to: int | None = None  # journal position up to which the cache has seen the events

    async def cached_to(self, collector: str) -> int:
        """The journal position up to which the live cache has seen the events. Raises what redis raises."""
        if self._cached_to is None:
            self._cached_to = int(await self._client.get(keys.cached(collector)) or 0)
        return self._cached_to

    async def incarnation(self) -> str:
        """Of the log as it is now; "" = there is none. Raises what redis raises."""
        found = cast(bytes | None, await self._client.get(keys.INCARNATION))
        return found.decode() if found else ""

    async def append(self, batch: Batch) -> Appended:
        """Raises LogIsLong, and what redis raises.

        A batch that the cache has seen already (published again after a crash or a hole) goes to
        the log only; one that it has seen in part is for it a new one.
        """
        await self._bound.check()
        header = batch.header
        is_new = header.journal_to > await self.cached_to(header.collector)
        self._cached_to = None  # unknown until the server has answered
        update = CacheUpdate(batch.events if is_new else ())
        used = [keys.INCARNATION, keys.LOG]
        told: list[bytes | str | int] = [secrets.token_hex(8)]
        for field in encode(batch).items():
            told += field
        if is_new:
            used.append(keys.cached(header.collector))
            told += [header.journal_to, *update.arguments()]
        answer = await self._client.eval(_APPEND, len(used), *used, *told)
        incarnation, stream_id, refusal = cast(list[bytes], answer)
        if is_new:
            self._cached_to = header.journal_to
            await self._look_at_cache(update, refusal.decode(errors="replace"))
        return Appended(stream_id=stream_id.decode(), incarnation=incarnation.decode())

    async def _look_at_cache(self, update: CacheUpdate, refusal: str) -> None:
        """The batch is logged already: to raise now would log it twice."""
        if not refusal:
            self._is_cache_refused = False
            return
        if not self._is_cache_refused:
            log.warning("the live cache cannot be written, the log can: Redis refuses (%s)", refusal)
        self._is_cache_refused = True
        try:
            await update.forget(self._client)
        except RedisFailure as error:
            log.debug("the live cache stays as it is: %s", trouble(error))
