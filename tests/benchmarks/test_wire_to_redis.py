"""The benchmark of the way to Redis counts what is really there."""

import pytest

from benchmarks.contestants.ours_to_redis import Sending, play
from benchmarks.figures import BenchmarkFailed
from benchmarks.packets import traffic
from benchmarks.wire_to_redis import OURS, check_server
from event_store.connect import async_client, client
from event_store.writer import LogWriter


async def test_our_contestant_leaves_every_event_in_the_log_and_who_leaves_less_is_refused(
    redis_url: str,
) -> None:
    made, more = traffic(600), traffic(700)
    async with async_client(redis_url) as connection:
        assert await play(Sending(LogWriter(connection)), made.frames) == {"events": made.events}
    with client(redis_url) as redis:
        check_server(redis, OURS, made)
        with pytest.raises(BenchmarkFailed, match="left"):
            check_server(redis, OURS, more)
        with pytest.raises(BenchmarkFailed, match="left 0 of 600"):
            check_server(redis, "blivedm_lpush", made)
