"""blivedm as shipped: its client is given the WebSocket messages, a handler of its own kind is told of them.

Works with the release in the registry, whose handlers are coroutines, and with newer ones, whose are not.
"""

import asyncio
import logging
from typing import Any

import aiohttp
import blivedm

from benchmarks.contestants.rounds import Seen, serve

ROOM = 90001


class Counting(blivedm.BaseHandler):  # type: ignore[misc]  # the library is not typed
    """Does nothing with what it is told, but count."""

    messages = 0
    danmaku = 0

    def handle(self, client: Any, command: dict[str, Any]) -> Any:
        self.messages += 1
        return super().handle(client, command)

    def _on_danmaku(self, client: Any, message: Any) -> Any:
        self.danmaku += 1
        return super()._on_danmaku(client, message)


async def opened() -> Any:
    """A client that asks the site for nothing."""
    client = blivedm.BLiveClient(ROOM)
    client._room_id = ROOM  # what it would have asked the site for, and puts into what it logs
    return client


async def receive(client: Any, frames: list[bytes]) -> None:
    """As if its socket had brought them."""
    for frame in frames:
        await client._on_ws_message(aiohttp.WSMessage(aiohttp.WSMsgType.BINARY, frame, None))


def main() -> None:
    # It says once of each command that it does not know it.
    logging.getLogger("blivedm").setLevel(logging.ERROR)
    with asyncio.Runner() as runner:
        client = runner.run(opened())

        def play(frames: list[bytes]) -> Seen:
            handler = Counting()
            attach(client, handler)
            runner.run(receive(client, frames))
            return {"messages": handler.messages, "danmaku": handler.danmaku}

        serve(play)
        runner.run(client.close())


def attach(client: Any, handler: blivedm.BaseHandler) -> None:
    """The only one from now on, in releases of any age."""
    if hasattr(client, "set_handler"):
        client.set_handler(handler)
        return
    for former in list(client._handlers):
        client.remove_handler(former)
    client.add_handler(handler)


if __name__ == "__main__":
    main()
