"""A collector's way from frames to the log, in a thread of its own, beside a scheduler that a test turns.

No rooms and no site: the frames come from the test, so that it knows them to the last one.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db.models import Sum

from bilibili_live.protocol.commands import decode_frame
from collector.backlog import Backlog
from collector.ending import ended
from collector.intake import Intake
from collector.publisher import Publisher
from event_store import rooms
from event_store.connect import AsyncRedis, RedisFailure, async_client
from event_store.rooms import CollectorLife
from event_store.writer import LogWriter
from journal.writer import JournalWriter
from live_data.models import DanmakuData, EventCount, GiftData, JournalPosition
from live_data.scheduler import Scheduler
from tests.bilibili_live import messages
from tests.live_data.conftest import assert_balanced
from tests.simulator.wire import pack

_MESSAGE = 5  # the operation of packets that carry messages
_TICK = 0.02  # s


class Capturing:
    """Journal and publisher at work; each frame holds a chat line and a gift of 200 gold."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        self._said = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    @property
    def said(self) -> int:
        """Frames journaled."""
        return self._said

    @property
    def problem(self) -> str:
        """What the collector would show."""
        return self.publisher.problem

    def say(self, frames: int) -> None:
        """Journal so many; returns when they are."""
        asyncio.run_coroutine_threadsafe(self._say(frames), self._loop).result(30)

    def is_published(self) -> bool:
        return self.publisher.position == self.journal.position

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    async def _say(self, frames: int) -> None:
        for _ in range(frames):
            self._said += 1
            frame, at = _frame(self._said), messages.RECEIVED + self._said
            self._intake.frame(messages.ROOM, frame, at, 1)
            self._intake.decoded(messages.ROOM, decode_frame(frame, messages.ROOM, at))
            await asyncio.sleep(0)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with async_client(self._url) as redis:
            with JournalWriter(self._folder / "journal") as self.journal:
                self.publisher = Publisher(self.journal, LogWriter(redis))
                self._intake = Intake(Backlog(self.journal), self.publisher)
                tasks = [
                    asyncio.create_task(self.publisher.run()),
                    asyncio.create_task(self._converse(redis)),
                ]
                self._ready.set()
                await self._stop.wait()
                await ended(tasks)

    async def _converse(self, redis: AsyncRedis) -> None:
        """What housekeeping says to the scheduler, and hears from it."""
        while True:
            with suppress(*RedisFailure):
                committed = await rooms.committed_position(redis, self.journal.name)
                if committed is not None:
                    self.publisher.heed(committed)
                life = CollectorLife(1, 1, 1, 0, self.journal.position, self.publisher.position)
                await rooms.show_life(redis, self.journal.name, life)
            await asyncio.sleep(_TICK)


def _frame(number: int) -> bytes:
    """Two packets; what tells copies apart is the number."""
    said = [messages.danmaku(id_str=f"line {number}"), messages.gift(tid=str(number))]
    return b"".join(pack(json.dumps(message).encode(), _MESSAGE) for message in said)


@contextmanager
def capturing(folder: Path, url: str) -> Iterator[Capturing]:
    """Running; what is journaled stays in ``folder``."""
    capture = Capturing(folder, url)
    capture.start()
    try:
        yield capture
    finally:
        capture.stop()


def wait(condition: Callable[[], Any], turn: Callable[[], Any] = lambda: None, seconds: float = 40) -> None:
    """Until the condition holds, with a ``turn`` before each look; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        turn()
        if condition():
            return
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(_TICK)


def settle(capture: Capturing, scheduler: Scheduler) -> None:
    """Turn until SQL has the whole journal."""
    wait(lambda: _committed() == capture.journal.position, scheduler.safe_turn)


def _committed() -> int:
    row = JournalPosition.objects.first()
    return row.position if row is not None and row.hole_from is None else -1


def assert_everything_once(capture: Capturing) -> None:
    """Every frame that was journaled is in SQL, none of them twice, and the books balance."""
    assert DanmakuData.objects.count() == capture.said
    assert GiftData.objects.count() == capture.said
    assert GiftData.objects.aggregate(Sum("gold"))["gold__sum"] == 200 * capture.said
    stored = EventCount.objects.filter(outcome="stored").aggregate(Sum("count"))["count__sum"]
    assert stored == 2 * capture.said
    assert_balanced()
