"""What changes of the room itself, and its crowd figures: LIVE, PREPARING, ROOM_CHANGE, LOG_IN_NOTICE,
WATCHED_CHANGE, ONLINE_RANK_COUNT, LIKE_INFO_V3_UPDATE, ROOM_REAL_TIME_MESSAGE_UPDATE (protocol.md 4.7, 4.8).
"""

import msgspec

from bilibili_live.events import Gauge, RoomState, event_id
from bilibili_live.protocol.fields import Fields, Json, amount, integer, is_moment, mapping, text
from bilibili_live.protocol.message import Message, Outcome

_AREA = ("area_id", "area_name", "parent_area_id", "parent_area_name")


def live(message: Message) -> Outcome:
    """Sent two or three times per start; the session is told by live_key."""
    return [room_state(message, "live", text(message.fields.get("live_key")))]


def preparing(message: Message) -> Outcome:
    """The stream ended; round 1 = a rotating replay follows."""
    return [room_state(message, "preparing", text(message.fields.get("round")))]


def room_change(message: Message) -> Outcome:
    data = message.data
    told = {key: text(data.get(key)) for key in ("title", *_AREA)}
    return [room_state(message, "change", msgspec.json.encode(told).decode(), told=told)]


def login_notice(message: Message) -> Outcome:
    """The link is treated as a guest's: names are masked from here on."""
    notice = text(mapping(message.fields.get("data")).get("notice_msg"))
    return [room_state(message, "login_notice", notice)]


def room_state(
    message: Message,
    what: str,
    value: str,
    *,
    own_time: Json = None,
    detail: str = "",
    uid: int | None = None,
    told: dict[str, str] | None = None,
) -> RoomState:
    """``own_time``: s, where the message says itself when it happened; else as Message.said_at."""
    seconds, told = integer(own_time), told or {}
    at = seconds * 1000 if seconds is not None and is_moment(seconds * 1000) else message.said_at
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
        detail=detail,
        uid=uid,
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


def likes(message: Message) -> Outcome:
    """LIKE_INFO_V3_UPDATE: the sum of this session."""
    return [_gauge(message, "likes", message.data, "click_count")]


def followers(message: Message) -> Outcome:
    """ROOM_REAL_TIME_MESSAGE_UPDATE: both absolute."""
    data = message.data
    figures: Outcome = [_gauge(message, "followers", data, "fans")]
    if integer(data.get("fans_club")) is not None:
        figures.append(_gauge(message, "fan_club", data, "fans_club"))
    return figures


def _gauge(message: Message, figure: str, data: Fields, key: str) -> Gauge:
    # By position, as there are so many. Named: event_id, room_id, at, received_at, name, value.
    return Gauge(b"", message.room_id, message.said_at, message.received_at, figure, amount(data, key))
