"""The way from commands to Redis: where it is, and one line when it is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from django.conf import settings

from event_store import connect

Client: TypeAlias = connect.Redis
RedisUnavailable = connect.RedisUnavailable
#: The server is there and refuses: no memory (OOM), read-only, MISCONF, ...
RedisRefused = connect.RedisFailure[0]


def url() -> str:
    """Looked up each time: `up` writes another address when it is started anew."""
    return str(settings.ENVIRONMENT.find_redis())


@contextmanager
def opened() -> Iterator[Client]:
    """A client that was heard of. Raises RedisUnavailable, also when the server goes away inside."""
    place = url()
    with connect.told_when_away(place), connect.client(place) as client:
        _hear(client)
        yield client


def _hear(client: Client) -> None:
    try:
        client.ping()
    except connect.RedisAway:
        raise
    except RedisRefused:
        # Who cannot save refuses even this (MISCONF), and can be read all the same.
        pass
