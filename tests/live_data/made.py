"""More events for tests, as decoding makes them."""

from typing import Any

from bilibili_live.events import (
    Coverage,
    Gauge,
    GuardReport,
    RoomInfo,
    RoomState,
    SuperChat,
    SuperChatDeletion,
    event_id,
)
from tests.made import AT, ROOM

SECOND = 1000


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
    key: Any = given["payflow_id"] or [given["uid"], given["guard_level"]]
    return GuardReport(
        event_id=event_id(at, ROOM, f"guard_{report}", key),
        room_id=ROOM,
        at=at,
        received_at=at,
        report=report,
        **given,
    )


def super_chat(number: int, price: int = 30) -> SuperChat:
    at = AT + number * SECOND
    return SuperChat(
        event_id=event_id(at, ROOM, "super_chat", number),
        room_id=ROOM,
        at=at,
        received_at=at,
        super_chat_id=number,
        uid=8,
        username="老板",
        message="辛苦了",
        price=price,
        end_at=at + 60 * SECOND,
    )


def deletion(*numbers: int, at: int = AT + 90 * SECOND) -> SuperChatDeletion:
    return SuperChatDeletion(
        event_id=event_id(at, ROOM, "super_chat_deletion", [*sorted(numbers)]),
        room_id=ROOM,
        at=at,
        received_at=at,
        super_chat_ids=list(numbers),
    )


def coverage(seconds: int, state: str, cause: str = "") -> Coverage:
    at = AT + seconds * SECOND
    return Coverage(
        event_id=event_id(at, ROOM, "coverage", [state, cause]),
        room_id=ROOM,
        at=at,
        received_at=at,
        state=state,
        cause=cause,
    )


def gauge(seconds: int, value: int, name: str = "online") -> Gauge:
    at = AT + seconds * SECOND
    return Gauge(event_id=b"", room_id=ROOM, at=at, received_at=at, name=name, value=value)


def room_info(seconds: int, **fields: Any) -> RoomInfo:
    at = AT + seconds * SECOND
    given: dict[str, Any] = {
        "short_id": 0,
        "uid": 42,
        "uname": "主播",
        "face": "",
        "title": "标题",
        "live_status": 1,
        "online": 5,
    } | fields
    return RoomInfo(event_id=b"", room_id=ROOM, at=at, received_at=at, **given)


def room_state(seconds: int, what: str, **fields: Any) -> RoomState:
    at = AT + seconds * SECOND
    return RoomState(
        event_id=event_id(at, ROOM, "room_state", [what, ""]),
        room_id=ROOM,
        at=at,
        received_at=at,
        what=what,
        **fields,
    )
