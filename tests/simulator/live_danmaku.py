"""Watches one room with bilibili-api-python's own LiveDanmaku, unchanged but for the base URL.

A program of its own, because the library keeps its client and its buvid for the whole process:
`python live_danmaku.py URL ROOM` prints {"cmd": [message, ...]} as JSON when the connection has ended.
"""

import asyncio
import json
import sys
from typing import Any
from urllib.parse import urlsplit

from bilibili_api import register_client
from bilibili_api.clients.AioHTTPClient import AioHTTPClient
from bilibili_api.live import LiveDanmaku
from bilibili_api.utils.network import get_client

BASE = urlsplit(sys.argv[1])


def folded(url: str) -> str:
    """The same path at the simulator."""
    parts = urlsplit(url)
    scheme = "ws" if parts.scheme == "wss" else BASE.scheme
    return parts._replace(scheme=scheme, netloc=BASE.netloc).geturl()


class FoldingClient(AioHTTPClient):  # type: ignore[misc]  # the library is not typed
    """The library's client, sent elsewhere."""

    async def request(self, **config: Any) -> Any:
        return await super().request(**config | {"url": folded(config["url"])})

    async def ws_create(self, url: str = "", **config: Any) -> Any:
        return await super().ws_create(url=folded(url), **config)


async def watch(room: int) -> dict[str, list[object]]:
    """Everything it is told until the simulator cuts the connection."""
    received: dict[str, list[object]] = {}
    danmaku = LiveDanmaku(room)

    async def keep(event: dict[str, Any]) -> None:
        received.setdefault(event["type"], []).append(event["data"])

    danmaku.add_event_listener("ALL", keep)
    await danmaku.connect()
    # The library hands every message to a task of its own, and leaves its heartbeats running.
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if "heartbeat" in repr(task.get_coro()):
            task.cancel()
        await asyncio.wait({task})
    await get_client().close()
    return received


if __name__ == "__main__":
    register_client("simulator", FoldingClient, {})
    print(json.dumps(asyncio.run(watch(int(sys.argv[2])))))
