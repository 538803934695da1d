"""bilibili-api's LiveDanmaku as shipped and as its documentation shows it: one coroutine listens to all."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

from bilibili_api.live import LiveDanmaku

from benchmarks.contestants.rounds import Seen, serve

# The receiving end of its connection, which it offers under no other name.
RECEIVE = "_LiveDanmaku__handle_data"

Event: TypeAlias = dict[str, Any]
Listen: TypeAlias = Callable[[Any, Seen], None]


def count(seen: Seen, event: Event) -> None:
    seen["messages"] += 1
    seen["danmaku"] += event["type"] == "DANMU_MSG"


def listen(client: Any, seen: Seen) -> None:
    async def listener(event: Event) -> None:
        count(seen, event)

    client.add_event_listener("ALL", listener)


async def receive(client: Any, frames: list[bytes], listening: Listen) -> Seen:
    seen = {"messages": 0, "danmaku": 0}
    client.remove_all_event_listener()
    listening(client, seen)
    heard = getattr(client, RECEIVE)
    for frame in frames:
        await heard(frame)
        # Where it would wait for the next message: coroutines that listen run as tasks of their own.
        await asyncio.sleep(0)
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
    return seen


def main(listening: Listen) -> None:
    client = LiveDanmaku(90001)
    with asyncio.Runner() as runner:
        serve(lambda frames: runner.run(receive(client, frames, listening)))


if __name__ == "__main__":
    main(listen)
