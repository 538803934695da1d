"""The web process's connections to Redis. Knows where it is, not what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from event_store import connect

if TYPE_CHECKING:
    import redis


def url() -> str:
    """Looked up each time: `up` writes another address when it is started anew."""
    return str(settings.ENVIRONMENT.find_redis())


_client = lru_cache(maxsize=4)(connect.client)


@contextmanager
def asked(where: str = "") -> Iterator["redis.Redis"]:
    """A client with a pool behind it. Raises connect.RedisUnavailable, whose text is one line for people."""
    where = where or url()
    with connect.told_when_away(where):
        yield _client(where)
