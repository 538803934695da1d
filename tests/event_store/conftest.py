"""A client of the emptied server."""

from collections.abc import Iterator

import pytest

from event_store.connect import Redis, client


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with client(redis_url) as connection:
        yield connection
