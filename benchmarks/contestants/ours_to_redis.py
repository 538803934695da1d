"""Our way from the wire to Redis, as the collector goes it: batches into the log, the live cache beside."""

import asyncio

from benchmarks.contestants.rounds import Seen, redis_url, serve
from bilibili_live.protocol.commands import decode_frame
from collector.gathering import Gathering
from collector.settings import BATCH_EVENTS
from event_store.connect import async_client
from event_store.writer import LogWriter

ROOM = 90001
RECEIVED_AT = 1_780_272_000_000


class Sending:
    """One batch on its way while the next one is decoded, as publisher and rooms do it."""

    def __init__(self, writer: LogWriter) -> None:
        self._writer = writer
        self._gathering = Gathering("benchmark")
        self._sent: asyncio.Task[object] | None = None
        self._begun = self._position = 0

    async def take(self, frame: bytes) -> int:
        """How many events it held."""
        decoded = decode_frame(frame, ROOM, RECEIVED_AT)
        self._gathering.add(ROOM, decoded)
        self._position += len(frame)
        if len(self._gathering) >= BATCH_EVENTS:
            await self.send()
        if self._sent is not None and not self._sent.done():
            await asyncio.sleep(0)  # where a room waits for its next frame, and the batch gets on
        return len(decoded.events)

    async def send(self) -> None:
        await self.arrived()
        batch = self._gathering.cut(self._begun, self._position)
        self._begun = self._position
        self._sent = asyncio.create_task(self._writer.append(batch))

    async def arrived(self) -> None:
        if self._sent is not None:
            await self._sent


async def play(sending: Sending, frames: list[bytes]) -> Seen:
    events = 0
    for frame in frames:
        events += await sending.take(frame)
    await sending.send()
    await sending.arrived()
    return {"events": events}


def main() -> None:
    with asyncio.Runner() as runner:
        redis = async_client(redis_url())
        sending = Sending(LogWriter(redis))  # for all rounds, as a collector has one for all its life
        serve(lambda frames: runner.run(play(sending, frames)))
        runner.run(redis.aclose())


if __name__ == "__main__":
    main()
