"""Connections to Redis or Valkey, and the one line that says why there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import redis
import redis.asyncio

#: What a call may raise while the server is away: a passing state, to be told and retried.
RedisAway = (redis.ConnectionError, redis.TimeoutError, redis.exceptions.BusyLoadingError, OSError)
#: The server has no memory left (maxmemory with noeviction): it answers, and takes nothing.
RedisFull = redis.exceptions.OutOfMemoryError
#: All that a server may answer, beside being away.
RedisFailure = (redis.RedisError, OSError)

#: Whoever holds connections for others needs the types, and must not import redis for them.
Redis = redis.Redis
AsyncRedis = redis.asyncio.Redis

_TIMEOUT = 10  # s; a local server answers in a millisecond


class RedisUnavailable(Exception):
    """No server answers; ``str()`` is one line that says where it was looked for and what to do.

    ``detail`` is the technical part of it alone, for who says the rest in another language. ``waited``:
    it took a time-out to find out.
    """

    def __init__(self, where: str, reason: str, *, waited: bool = False) -> None:
        super().__init__(
            f"Redis does not answer at {where} ({reason}). Start it with `make run`, or set REDIS_URL."
        )
        self.detail = f"{where} ({reason})"
        self.reason = reason
        self.waited = waited


def trouble(error: BaseException) -> str:
    """One line for what a call raised: away, full, or why it is refused."""
    # Of a pipeline's command redis-py repeats the arguments, texts of rooms among them, then a tuple.
    text = str(error).rpartition(" of pipeline caused error: ")[2].strip("(),'\"")
    # Redis 6.2 tells of a script that it was one, and then why.
    if isinstance(error, RedisFull) or "-OOM command not allowed" in text:
        return "Redis is full: its maxmemory is used up"
    said = " ".join(text.split()) or type(error).__name__
    if isinstance(error, RedisAway):
        return f"Redis is away: {said}"
    return f"Redis refuses ({said})"


def client(url: str, timeout: float = _TIMEOUT) -> "redis.Redis":
    """Waits ``timeout`` seconds for a connection, and as long for each answer."""
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)


def async_client(url: str) -> "redis.asyncio.Redis":
    return redis.asyncio.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)


def place(url: str) -> str:
    """The address without its password, for people."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


@contextmanager
def told_when_away(url: str) -> Iterator[None]:
    """Turn every way in which the server can be away into RedisUnavailable."""
    try:
        yield
    except (TimeoutError, *RedisAway) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        waited = isinstance(error, TimeoutError | redis.TimeoutError)
        raise RedisUnavailable(place(url), reason, waited=waited) from error
