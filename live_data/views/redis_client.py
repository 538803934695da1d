"""The web process's connections to Redis, kept open from one request to the next.

Only for reads that answer at once, for a person who waits. Who blocks for entries has a client of its own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from event_store import connect
from event_store.connect import RedisUnavailable
from live_data import redis_access

if TYPE_CHECKING:
    from live_data.redis_access import Client

TIMEOUT = 2.0  #: s that a page waits for an answer
REMEMBERED = 3.0  #: s for which a server that let one page wait lets no other wait

#: Address -> until when (monotonic s) it is not asked, and why.
_silent: dict[str, tuple[float, str]] = {}


@lru_cache(maxsize=4)
def _client(where: str) -> "Client":
    return connect.client(where, TIMEOUT)


@contextmanager
def asked(where: str = "") -> "Iterator[Client]":
    """A client with a pool behind it. Raises connect.RedisUnavailable, whose text is one line for people."""
    where = where or redis_access.url()
    _check_not_silent(where)
    try:
        with connect.told_when_away(where):
            yield _client(where)
    except RedisUnavailable as away:
        if away.waited:
            _silent[where] = (time.monotonic() + REMEMBERED, away.reason)
        raise


def _check_not_silent(where: str) -> None:
    until, reason = _silent.get(where, (0.0, ""))
    if time.monotonic() < until:
        raise RedisUnavailable(connect.place(where), reason)
