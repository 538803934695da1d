"""Events and batches made for tests: plain values, sensible defaults, ids as the product makes them.

No ORM: collectors and browsers are tested with them too.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bilibili_live.events import (
    AnyEvent,
    Clock,
    Coverage,
    Danmaku,
    EventKey,
    Gauge,
    Gift,
    GuardReport,
    RedPacket,
    RoomInfo,
    RoomState,
    SuperChat,
    SuperChatDeletion,
    event_id,
)
from event_store.codec import Batch, Header, RoomCounts

AT = 1_790_000_000_000  #: ms; 2026-09-21
ROOM = 90001
SECOND = 1000  #: ms
DELAY = 40  #: ms, from the site to here


def danmaku(number: int, room_id: int = ROOM, **fields: Any) -> Danmaku:
    """The ``number``-th chat line, one a millisecond."""
    given: dict[str, Any] = {
        "uid": 1000 + number,
        "username": f"观众{number}",
        "message": f"第{number}条",
    }
    return Danmaku(**_told("danmaku", AT + number, f"id-{number}", room_id), **(given | fields))


def danmaku_saying(text: str, room_id: int = ROOM, **fields: Any) -> Danmaku:
    """A chat line told apart by its text, at ``AT``; from someone with a medal, whose uid no double holds."""
    given: dict[str, Any] = {
        "uid": 2**60 + 1,
        "username": "阿狸",
        "message": text,
        "medal_name": "小电视",
        "medal_level": 21,
    }
    return Danmaku(**_told("danmaku", AT, text, room_id), **(given | fields))


def gift(number: int, room_id: int = ROOM, **fields: Any) -> Gift:
    """The ``number``-th gift, one a second, worth 100 gold."""
    given: dict[str, Any] = {
        "uid": 1000 + number,
        "username": f"观众{number}",
        "gift_id": 31036,
        "gift_name": "小花花",
        "num": 1,
        "price": 100,
        "total_coin": 100,
        "coin_type": "gold",
        "tid": f"tid-{number}",
    }
    return Gift(**_told("gift", AT + number * SECOND, f"tid-{number}", room_id), **(given | fields))


def guard(report: str, at: int = AT, **fields: Any) -> GuardReport:
    """A report of one buyer; ``at`` in ms."""
    given: dict[str, Any] = {
        "uid": 7,
        "username": "舰长",
        "guard_level": 3,
        "num": 1,
        "price": 198_000,
        "payflow_id": f"pay-{at}" if report == "toast" else "",
    } | fields
    key = given["payflow_id"] or [given["uid"], given["guard_level"]]
    return GuardReport(**_told(f"guard_{report}", at, key), report=report, **given)


def super_chat(number: int, price: int = 30) -> SuperChat:
    """The ``number``-th super chat, one a second; ``price`` in CNY."""
    at = AT + number * SECOND
    return SuperChat(
        **_told("super_chat", at, number),
        super_chat_id=number,
        uid=8,
        username="老板",
        message="辛苦了",
        price=price,
        end_at=at + 60 * SECOND,
    )


def deletion(*numbers: int, at: int = AT + 90 * SECOND) -> SuperChatDeletion:
    """These super chats are taken back; ``at`` in ms."""
    return SuperChatDeletion(
        **_told("super_chat_deletion", at, [*sorted(numbers)]), super_chat_ids=list(numbers)
    )


def red_packet(report: str, lot_id: int = 1, **fields: Any) -> RedPacket:
    """What one message ("sent", "started" or "drawn") tells of a red packet."""
    told = _told("red_packet", AT, [lot_id, report, 1])
    return RedPacket(**told, report=report, form=1, lot_id=lot_id, **fields)


def room_state(seconds: int, what: str, **fields: Any) -> RoomState:
    return RoomState(**_told("room_state", AT + seconds * SECOND, [what, ""]), what=what, **fields)


def coverage(seconds: int, state: str, cause: str = "") -> Coverage:
    at = AT + seconds * SECOND
    return Coverage(**_noticed(at, event_id(at, ROOM, "coverage", [state, cause])), state=state, cause=cause)


def clock(seconds: int, what: str, ms: int, **fields: Any) -> Clock:
    at = AT + seconds * SECOND
    given: dict[str, Any] = {"collector": "c0ffee", "what": what, "ms": ms}
    return Clock(**_noticed(at, event_id(at, 0, "clock", [what, ms]), 0), **(given | fields))


def gauge(seconds: int, value: int, name: str = "online") -> Gauge:
    return Gauge(**_noticed(AT + seconds * SECOND), name=name, value=value)


def room_info(seconds: int, **fields: Any) -> RoomInfo:
    given: dict[str, Any] = {
        "short_id": 0,
        "uid": 42,
        "uname": "主播",
        "face": "",
        "title": "标题",
        "live_status": 1,
        "online": 5,
    }
    return RoomInfo(**_noticed(AT + seconds * SECOND), **(given | fields))


def batch(
    events: Sequence[AnyEvent], journal: tuple[int, int] = (0, 100), collector: str = "c0ffee", **header: Any
) -> Batch:
    """A log entry of these events, with the counts that a collector would send along."""
    counts = [
        RoomCounts(room_id=room_id, received=count)
        for room_id, count in Counter(event.room_id for event in events).items()
    ]
    given: dict[str, Any] = {"counts": counts} | header
    return Batch(
        header=Header(collector=collector, journal_from=journal[0], journal_to=journal[1], **given),
        events=list(events),
    )


def _told(kind: str, at: int, key: EventKey, room_id: int = ROOM) -> dict[str, Any]:
    """What all events have that the site tells of: they arrive a little later than they happen."""
    return _noticed(at, event_id(at, room_id, kind, key), room_id) | {"received_at": at + DELAY}


def _noticed(at: int, name: bytes = b"", room_id: int = ROOM) -> dict[str, Any]:
    """The same of what is only noticed here; samples have no ``name``."""
    return {"event_id": name, "room_id": room_id, "at": at, "received_at": at}
