"""Events as the site would cause them, put into a real log. No ORM: browser tests use it too."""

import asyncio
import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bilibili_live.events import AnyEvent, Danmaku, Gift, GuardReport, SuperChat, event_id
from event_store import connect
from event_store.codec import Batch, Header
from event_store.writer import Appended, LogWriter

NOON = 1_790_000_000_000  #: ms
ROOM = 90001


def danmaku(text: str, *, at: int = NOON, room_id: int = ROOM, name: str = "阿狸") -> Danmaku:
    return Danmaku(
        event_id=event_id(at, room_id, "danmaku", text),
        room_id=room_id,
        at=at,
        received_at=at,
        uid=2**60 + 1,
        username=name,
        message=text,
        medal_name="小电视",
        medal_level=21,
    )


def gift(tid: str, *, gold: int, at: int = NOON, room_id: int = ROOM) -> Gift:
    return Gift(
        event_id=event_id(at, room_id, "gift", tid),
        room_id=room_id,
        at=at,
        received_at=at,
        uid=7,
        username="送礼的人",
        gift_id=31036,
        gift_name="小花花",
        num=1,
        price=gold,
        total_coin=gold,
        coin_type="gold",
        tid=tid,
    )


def super_chat(number: int, *, cny: int, at: int = NOON, room_id: int = ROOM) -> SuperChat:
    return SuperChat(
        event_id=event_id(at, room_id, "super_chat", number),
        room_id=room_id,
        at=at,
        received_at=at,
        super_chat_id=number,
        uid=9,
        username="醒目的人",
        message="加油",
        price=cny,
        end_at=at + 60_000,
    )


def guard(report: str, *, gold: int, payflow: str = "", at: int = NOON, room_id: int = ROOM) -> GuardReport:
    return GuardReport(
        event_id=event_id(at, room_id, "guard", [report, payflow]),
        room_id=room_id,
        at=at,
        received_at=at,
        report=report,
        uid=11,
        username="新舰长",
        guard_level=3,
        num=1,
        price=gold,
        payflow_id=payflow,
    )


def append(redis_url: str, *batches: Sequence[AnyEvent]) -> Appended:
    """One log entry per batch; where the last one landed."""
    # In a thread: Playwright's synchronous API has an event loop of its own in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, append_here(redis_url, *batches)).result()


async def append_here(redis_url: str, *batches: Sequence[AnyEvent]) -> Appended:
    """The same on the running event loop."""
    async with contextlib.aclosing(connect.async_client(redis_url)) as client:
        writer = LogWriter(client)
        for batch in batches:
            header = Header(collector="test", journal_from=0, journal_to=1)
            appended = await writer.append(Batch(header=header, events=list(batch)))
    return appended
