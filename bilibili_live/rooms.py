"""What the site says of rooms, and of the servers that send their danmaku: the shapes, and how to
read them out of its answers. Pure; asks nothing.
"""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from bilibili_live.errors import RoomLocked, RoomNotFound, UnexpectedAnswer
from bilibili_live.protocol.fields import Fields, Json, integer, mapping, sequence, small, text

_MOST = 1 << 63  # what SQL and the wire formats hold
_CHINA = timezone(timedelta(hours=8))  # of the site's textual times; no summer time since 1991


class RoomAddress(msgspec.Struct, frozen=True):
    """room_init: which room a number means, and whether it may be watched."""

    room_id: int  #: the long id
    short_id: int  #: 0 = none
    uid: int  #: the anchor
    live_status: int  #: 0 offline, 1 live, 2 replay
    is_locked: bool
    lock_till: int  #: epoch s, 0 = not locked
    is_hidden: bool
    encrypted: bool


class RoomSnapshot(msgspec.Struct, frozen=True):
    """getRoomBaseInfo: a room as of now."""

    room_id: int
    short_id: int  #: 0 = none
    uid: int | None
    uname: str
    title: str
    live_status: int  #: 0 offline, 1 live, 2 replay
    online: int  #: the old popularity, not people: 0 or a constant in many rooms
    area_name: str
    parent_area_name: str
    live_time: str  #: "YYYY-MM-DD HH:mm:ss" in China time; "0000-00-00 00:00:00" = off
    cover: str
    face: str = ""  #: not in this answer: ask room_page()
    followers: int = 0
    answered_at: int = 0  #: ms by the site's clock, where ours is known to be wrong; 0 = ours is right

    @property
    def live_since(self) -> int:
        """ms; 0 = off, or a time that cannot be read."""
        try:
            began = datetime.strptime(self.live_time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
        except ValueError:
            return 0
        return max(0, round(began.timestamp() * 1000))


class RoomPage(msgspec.Struct, frozen=True):
    """getInfoByRoom: what only the room's own page says."""

    uname: str
    face: str
    live_started_at: int  #: epoch s, 0 = off
    watched: int
    likes: int
    guards: int


class DanmakuHost(msgspec.Struct, frozen=True):
    host: str
    ws_port: int
    wss_port: int

    @property
    def address(self) -> str:
        """What tells two servers apart."""
        return f"{self.host}:{self.wss_port}:{self.ws_port}"


class DanmakuAccess(msgspec.Struct, frozen=True):
    """getDanmuInfo: the way into one room, for one identity."""

    token: str
    uid: int  #: 0 = guest
    buvid: str
    hosts: list[DanmakuHost]

    def __repr__(self) -> str:
        return f"DanmakuAccess(uid={self.uid}, hosts={len(self.hosts)})"


class RecentDanmaku(msgspec.Struct, frozen=True):
    """gethistory: one of the last ten lines; tells how much of the stream a connection really gets."""

    id_str: str
    uid: int | None
    username: str
    text: str
    timeline: str  #: "YYYY-MM-DD HH:mm:ss" in China time


def read_address(data: Fields) -> RoomAddress:
    """Raises RoomLocked; UnexpectedAnswer when there is no room in it."""
    address = RoomAddress(
        room_id=_number(data.get("room_id")),
        short_id=_number(data.get("short_id")),
        uid=_number(data.get("uid")),
        live_status=small(data.get("live_status")),
        is_locked=bool(data.get("is_locked")),
        lock_till=integer(data.get("lock_till")) or 0,
        is_hidden=bool(data.get("is_hidden")),
        encrypted=bool(data.get("encrypted")),
    )
    if address.room_id <= 0:
        raise UnexpectedAnswer("room_init named no room")
    if address.is_locked or address.is_hidden:
        raise _closed(address)
    return address


def _closed(address: RoomAddress) -> RoomLocked:
    if not address.is_locked:
        return RoomLocked(f"room {address.room_id} is hidden by the site")
    until = _locked_until(address.lock_till)
    when = f" until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    return RoomLocked(f"room {address.room_id} is locked by the site{when}", until)


def _locked_until(seconds: int) -> datetime | None:
    """0 and -1 are sent as well: for ever, or until somebody decides."""
    try:
        until = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return until if until.year > 1970 else None


def no_such_room(room: int) -> RoomNotFound:
    return RoomNotFound(f"room {room} does not exist")


def read_snapshots(data: Fields) -> dict[int, RoomSnapshot]:
    """By long id, whatever was asked with."""
    found = (_snapshot(mapping(room)) for room in mapping(data.get("by_room_ids")).values())
    return {snapshot.room_id: snapshot for snapshot in found if snapshot.room_id > 0}


def _number(value: Json) -> int:
    """A room's or a person's number; 0 for what cannot be one."""
    number = integer(value) or 0
    return number if 0 < number < _MOST else 0


def _snapshot(room: Fields) -> RoomSnapshot:
    return RoomSnapshot(
        room_id=_number(room.get("room_id")),
        short_id=_number(room.get("short_id")),
        uid=_number(room.get("uid")) or None,
        uname=text(room.get("uname")),
        title=text(room.get("title")),
        live_status=small(room.get("live_status")),
        online=small(room.get("online")),
        area_name=text(room.get("area_name")),
        parent_area_name=text(room.get("parent_area_name")),
        live_time=text(room.get("live_time")),
        cover=text(room.get("cover")),
        followers=small(room.get("attention")),
    )


def read_page(data: Fields) -> RoomPage:
    anchor = mapping(mapping(data.get("anchor_info")).get("base_info"))
    return RoomPage(
        uname=text(anchor.get("uname")),
        face=text(anchor.get("face")),
        live_started_at=integer(mapping(data.get("room_info")).get("live_start_time")) or 0,
        watched=small(mapping(data.get("watched_show")).get("num")),
        likes=small(mapping(data.get("like_info_v3")).get("total_likes")),
        guards=small(mapping(data.get("guard_info")).get("count")),
    )


def read_guards(data: Fields) -> int:
    """topListNew: how many guards the room has. Raises UnexpectedAnswer without that number."""
    number = integer(mapping(data.get("info")).get("num"))
    if number is None or not 0 <= number < _MOST:
        raise UnexpectedAnswer("topListNew gave no number of guards")
    return number


def read_access(data: Fields, uid: int, buvid: str) -> DanmakuAccess:
    """Raises UnexpectedAnswer without a token or a host."""
    token = text(data.get("token"))
    hosts = [_host(mapping(host)) for host in sequence(data.get("host_list"))]
    usable = [host for host in hosts if host.host]
    if not token or not usable:
        raise UnexpectedAnswer("getDanmuInfo gave no token or no server")
    return DanmakuAccess(token, uid, buvid, usable)


def _host(host: Fields) -> DanmakuHost:
    return _server(text(host.get("host")), small(host.get("ws_port"), 2244), small(host.get("wss_port"), 443))


@lru_cache(maxsize=256)
def _server(host: str, ws_port: int, wss_port: int) -> DanmakuHost:
    """One object for all rooms: a thousand of them are told of the same few servers."""
    return DanmakuHost(host, ws_port, wss_port)


def read_recent(data: Fields) -> list[RecentDanmaku]:
    lines = [*sequence(data.get("admin")), *sequence(data.get("room"))]
    return [_recent(mapping(line)) for line in lines]


def _recent(line: Fields) -> RecentDanmaku:
    return RecentDanmaku(
        id_str=text(line.get("id_str")),
        uid=integer(line.get("uid")) or None,
        username=text(line.get("nickname")),
        text=text(line.get("text")),
        timeline=text(line.get("timeline")),
    )
