"""blivedm's client, and what it hears put into Redis an event at a time: a list, and a stream or nothing.

What is put there is as little as can be: fewer fields than ours, so that the comparison leans its way.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, TypeAlias

import blivedm
import redis

from benchmarks.contestants.blivedm_client import ROOM, attach, opened, receive
from benchmarks.contestants.rounds import Seen, redis_url, serve

LIST, STREAM = f"room:{ROOM}:events", "events"

#: Takes one event as JSON, or None: the round is over.
Sink: TypeAlias = Callable[[str | None], None]


class Storing(blivedm.BaseHandler):  # type: ignore[misc]  # the library is not typed
    """Gives the sink each message."""

    def __init__(self, sink: Sink) -> None:
        self.messages = self.danmaku = 0
        self._sink = sink

    def handle(self, client: Any, command: dict[str, Any]) -> Any:
        self.messages += 1
        name = command["cmd"].partition(":")[0]
        if name != "DANMU_MSG":
            self._sink(json.dumps({"cmd": name, "room": ROOM}))
        return super().handle(client, command)

    def _on_danmaku(self, client: Any, message: Any) -> Any:
        self.danmaku += 1
        line = {
            "uid": message.uid,
            "username": message.uname,
            "message": message.msg,
            "timestamp": message.timestamp,
        }
        self._sink(json.dumps(line))
        return super()._on_danmaku(client, message)


def one_by_one(connection: "redis.Redis") -> Sink:
    """A call an event."""

    def put(event: str | None) -> None:
        if event is not None:
            connection.lpush(LIST, event)

    return put


def pipelined(connection: "redis.Redis", events: int = 500) -> Sink:
    """List and stream, so many events to a round trip."""
    pipe = connection.pipeline(transaction=False)

    def put(event: str | None) -> None:
        if event is not None:
            pipe.lpush(LIST, event)
            pipe.xadd(STREAM, {"event": event})
        if len(pipe) >= 2 * events or event is None:
            pipe.execute()

    return put


def play(way: Callable[["redis.Redis"], Sink]) -> None:
    """Rounds until stdin ends."""
    # It says once of each command that it does not know it.
    logging.getLogger("blivedm").setLevel(logging.ERROR)
    with asyncio.Runner() as runner, redis.Redis.from_url(redis_url()) as connection:
        client, sink = runner.run(opened()), way(connection)

        def once(frames: list[bytes]) -> Seen:
            storing = Storing(sink)
            attach(client, storing)
            runner.run(receive(client, frames))
            sink(None)
            return {"messages": storing.messages, "danmaku": storing.danmaku}

        serve(once)
        runner.run(client.close())
