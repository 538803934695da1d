"""The web process's connections to Redis, kept open from one request to the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from event_store import connect
from live_data import redis_access

if TYPE_CHECKING:
    from live_data.redis_access import Client


_client = lru_cache(maxsize=4)(connect.client)


@contextmanager
def asked(where: str = "") -> "Iterator[Client]":
    """A client with a pool behind it. Raises connect.RedisUnavailable, whose text is one line for people."""
    where = where or redis_access.url()
    with connect.told_when_away(where):
        yield _client(where)
