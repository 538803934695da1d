"""The way from commands to Redis: where it is, and one line when it is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from django.conf import settings

from event_store import connect

Client: TypeAlias = connect.Redis
RedisUnavailable = connect.RedisUnavailable


def url() -> str:
    """Looked up each time: `up` writes another address when it is started anew."""
    return str(settings.ENVIRONMENT.find_redis())


@contextmanager
def opened() -> Iterator[Client]:
    """A client that was heard of. Raises RedisUnavailable, also when the server goes away inside."""
    place = url()
    with connect.told_when_away(place), connect.client(place) as client:
        client.ping()
        yield client
