"""Crowd figures as they are sent: the messages of `room_states` that become gauges, read by type.

Yields the very gauges that `room_states` would, or declines.
"""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from bilibili_live.events import Gauge
from bilibili_live.protocol.fields import MAX_GOLD
from bilibili_live.protocol.message import said_at

#: A longer body may hold a number of 4,300 digits, which the lenient reader refuses.
_LONGEST = 4_300
_Amount = Annotated[int, Meta(ge=0, le=MAX_GOLD)]


class _Reader(NamedTuple):
    decode: Callable[[bytes], Any]  #: a message whose data has ``first`` and maybe ``second``
    first: str  #: what its figure is called
    second: str


def _reader(key: str, figure: str, second_key: str = "", second: str = "") -> _Reader:
    """Of messages whose data has one figure under ``key``, and maybe another."""
    figures: list[Any] = [("first", _Amount)]
    if second:
        figures.append(("second", _Amount | None, None))
    data = msgspec.defstruct("Data", figures, rename={"first": key, "second": second_key}, gc=False)
    message = msgspec.defstruct("Message", [("data", data)], bases=(_Sent,), kw_only=True, gc=False)
    return _Reader(msgspec.json.Decoder(message).decode, figure, second)


class _Sent(Struct, kw_only=True, gc=False):
    cmd: str
    live_time: int | None = None
    send_time: int | None = None


#: By command. Each of these is read either here or by the lenient reader.
FIGURES = {
    "LIKE_INFO_V3_UPDATE": _reader("click_count", "likes"),
    "ONLINE_RANK_COUNT": _reader("count", "ranked", "online_count", "online"),
    "ROOM_REAL_TIME_MESSAGE_UPDATE": _reader("fans", "followers", "fans_club", "fan_club"),
    "WATCHED_CHANGE": _reader("num", "watched"),
}


def typed_gauges(command: str, body: bytes, room_id: int, received_at: int) -> list[Gauge]:
    """Those in a message of this command, of FIGURES; none when the lenient reader has to look at it."""
    if len(body) >= _LONGEST:
        return []
    decode, first, second = FIGURES[command]
    try:
        message = decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    if message.cmd != command:
        return []
    at = said_at(message.live_time, message.send_time, received_at)
    data = message.data
    gauges = [Gauge(b"", room_id, at, received_at, first, data.first)]
    if second and data.second is not None:
        gauges.append(Gauge(b"", room_id, at, received_at, second, data.second))
    return gauges
