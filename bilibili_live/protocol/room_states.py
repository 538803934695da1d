"""What changes of the room itself, and its crowd figures: LIVE, PREPARING, ROOM_CHANGE,
LOG_IN_NOTICE, WATCHED_CHANGE, ONLINE_RANK_COUNT (protocol.md 4.7, 4.8).
"""

import msgspec

from bilibili_live.events import Gauge, RoomState, event_id
from bilibili_live.protocol.fields import Fields, amount, integer, mapping, text
from bilibili_live.protocol.message import Message, Outcome

_AREA = ("area_id", "area_name", "parent_area_id", "parent_area_name")


def live(message: Message) -> Outcome:
    """Sent two or three times per start; the session is told by live_key."""
    return [_state(message, "live", text(message.fields.get("live_key")))]


def preparing(message: Message) -> Outcome:
    """The stream ended; round 1 = a rotating replay follows."""
    return [_state(message, "preparing", text(message.fields.get("round")))]


def room_change(message: Message) -> Outcome:
    data = message.data
    told = {key: text(data.get(key)) for key in ("title", *_AREA)}
    return [_state(message, "change", msgspec.json.encode(told).decode(), told)]


def login_notice(message: Message) -> Outcome:
    """The link is treated as a guest's: names are masked from here on."""
    notice = text(mapping(message.fields.get("data")).get("notice_msg"))
    return [_state(message, "login_notice", notice)]


def _state(message: Message, what: str, value: str, told: dict[str, str] | None = None) -> RoomState:
    at, told = message.said_at, told or {}
    return RoomState(
        event_id=event_id(at, message.room_id, RoomState.kind, [what, value]),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        what=what,
        value=value,
        title=told.get("title", ""),
        area_name=told.get("area_name", ""),
        parent_area_name=told.get("parent_area_name", ""),
    )


def watched_change(message: Message) -> Outcome:
    return [_gauge(message, "watched", message.data, "num")]


def online_rank_count(message: Message) -> Outcome:
    """``count`` = ranked people, ``online_count`` = all, where the site says it."""
    data = message.data
    figures: Outcome = [_gauge(message, "ranked", data, "count")]
    if integer(data.get("online_count")) is not None:
        figures.append(_gauge(message, "online", data, "online_count"))
    return figures


def _gauge(message: Message, figure: str, data: Fields, key: str) -> Gauge:
    return Gauge(
        event_id=b"",
        room_id=message.room_id,
        at=message.said_at,
        received_at=message.received_at,
        name=figure,
        value=amount(data, key),
    )
