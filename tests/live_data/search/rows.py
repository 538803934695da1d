"""Rows to be searched, stored and indexed as the sync does it."""

from typing import Any

from live_data import keyset
from live_data.models import DanmakuData, LiveRoom, SuperChatData
from live_data.search import index
from tests.made import AT, ROOM


def said(message: str, at: int = AT, tail: int = 0, **fields: Any) -> Any:
    """A danmaku; ``tail``: of its event_id, behind the milliseconds."""
    return _stored(DanmakuData, at, tail, {"message": message} | fields)


def paid(message: str, at: int = AT, tail: int = 1, **fields: Any) -> Any:
    """A super chat of CNY 30."""
    given = {
        "message": message,
        "price": 30,
        "gold": 30_000,
        "super_chat_id": 1,
        "end_time": None,
    } | fields
    return _stored(SuperChatData, at, tail, given)


def _stored(table: Any, at: int, tail: int, fields: dict[str, Any]) -> Any:
    event_id = at.to_bytes(6, "big") + tail.to_bytes(10, "big")
    moment = keyset.moment(event_id)
    given: dict[str, Any] = {"room_id": ROOM, "uid": 7, "username": "阿狸"} | fields
    LiveRoom.objects.get_or_create(room_id=given["room_id"], defaults={"uname": f"主播{given['room_id']}"})
    if "end_time" in given:
        given["end_time"] = moment
    row = table.objects.create(event_id=event_id, timestamp=moment, received_at=moment, **given)
    index.add(table, [row])
    return row
