"""Connections to Redis or Valkey, and the one line that says why there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import redis
import redis.asyncio

#: What a call may raise while the server is away: a passing state, to be told and retried.
RedisAway = (redis.ConnectionError, redis.TimeoutError, redis.exceptions.BusyLoadingError, OSError)
#: All that a server may answer, beside being away.
RedisFailure = (redis.RedisError, OSError)

#: Whoever holds connections for others needs the types, and must not import redis for them.
Redis = redis.Redis
AsyncRedis = redis.asyncio.Redis

_TIMEOUT = 10  # s; a local server answers in a millisecond


class RedisUnavailable(Exception):
    """No server answers; ``str()`` is one line that says where it was looked for and what to do.

    ``detail`` is the technical part of it alone, for who says the rest in another language.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"Redis does not answer at {where} ({reason}). Start it with `make run`, or set REDIS_URL."
        )
        self.detail = f"{where} ({reason})"


def client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)


def async_client(url: str) -> "redis.asyncio.Redis":
    return redis.asyncio.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)


def place(url: str) -> str:
    """The address without its password, for people."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def versions(client: "redis.Redis") -> dict[str, str]:
    """What the server says it is: redis_version, and valkey_version or ""."""
    info = client.info("server")
    return {name: str(info.get(name, "")) for name in ("redis_version", "valkey_version")}


@contextmanager
def told_when_away(url: str) -> Iterator[None]:
    """Turn every way in which the server can be away into RedisUnavailable."""
    try:
        yield
    except (TimeoutError, *RedisAway) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RedisUnavailable(place(url), reason) from error
