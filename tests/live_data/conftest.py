"""A log to append to, as collectors do, and the check that nothing vanished."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from django.db.models import Sum

from event_store import keys
from event_store.codec import Batch, encode
from event_store.connect import Redis, client
from live_data.models import EventCount
from live_data.views import figures, room_page, takings

INCARNATION = "00ff00ff00ff00ff"


class Log:
    """The event log, appended to without a collector."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def append(self, batch: Batch, stream_id: str = "*") -> str:
        return self.append_raw(encode(batch), stream_id)

    def append_raw(self, fields: dict[str, bytes], stream_id: str = "*") -> str:
        self.redis.set(keys.INCARNATION, INCARNATION, nx=True)
        return cast(bytes, self.redis.xadd(keys.LOG, cast(Any, fields), id=stream_id)).decode()


def with_settings(settings: Any, **changed: Any) -> None:
    """For the rest of the test; ``settings`` is pytest-django's fixture."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **changed)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    figures.forget()
    takings.forget()
    room_page.forget()


@pytest.fixture
def redis(redis_url: str, settings: Any) -> Iterator[Redis]:
    with_settings(settings, redis_url=redis_url)
    with client(redis_url) as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path, redis: Redis, settings: Any) -> Path:
    """A data folder of its own, so that no other test's journal is in it."""
    with_settings(settings, data_dir=tmp_path)
    return tmp_path


@pytest.fixture
def log(redis: Redis, request: pytest.FixtureRequest) -> Iterator[Log]:
    """Whatever a test does with it, in the end nothing may have vanished."""
    uses_database = request.node.get_closest_marker("django_db") is not None
    if uses_database:
        request.getfixturevalue("transactional_db")
    yield Log(redis)
    if uses_database:
        assert_balanced()


def assert_balanced() -> None:
    """received = stored + duplicate + sampled + ignored + rejected, in every room."""
    sums: dict[int, dict[str, int]] = {}
    counted = EventCount.objects.order_by().values_list("room_id", "outcome").annotate(Sum("count"))
    for room_id, outcome, count in counted:
        sums.setdefault(room_id, {})[outcome] = count
    for room_id, by_outcome in sums.items():
        received = by_outcome.pop("received", 0)
        by_outcome.pop("undecodable", 0)
        assert received == sum(by_outcome.values()), (room_id, received, by_outcome)
