"""DANMU_MSG as it comes since 2023-03, read at several times the speed of `danmaku`, which says what it is.

Yields the very event that `danmaku` would, or declines. Of an ``extra`` that is no JSON, or says a key twice,
it may yield what stands there plainly, see `extra_in_place`. Positions in ``info``: protocol.md 4.1.
"""

from hashlib import blake2b
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Raw, Struct

from bilibili_live.events import Danmaku
from bilibili_live.protocol.danmaku_extra import read_typed_extra
from bilibili_live.protocol.extra_in_place import TAKEN_OUT, take_out
from bilibili_live.protocol.fields import EARLIEST_MS, LATEST_MS

#: How a body begins for which it is worth while to ask here.
DANMAKU = b'{"cmd":"DANMU_MSG'
_COMMAND = "DANMU_MSG"
#: Today's are of 1 to 4 kB. Short of 4,300 digits, which a forgiving parser refuses in a number.
_LONGEST = 4_300

_Small: TypeAlias = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
_Uid: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
_Moment: TypeAlias = Annotated[int, Meta(ge=EARLIEST_MS, lt=LATEST_MS)]
#: Nobody reads it, and it costs least as what it is today. Of another type: one for the lenient reader.
_Unread: TypeAlias = int | str | None


class _Sticker(Struct, gc=False):
    url: str = ""


class _More(Struct, gc=False):
    extra: str


class _Look(Struct, array_like=True, gc=False):
    _0: _Unread
    mode: _Small
    _2: _Unread
    color: _Small
    at: _Moment
    _5: _Unread
    _6: _Unread
    _7: _Unread
    _8: _Unread
    _9: _Unread
    _10: _Unread
    _11: _Unread
    dm_type: _Small
    sticker: _Sticker | str
    _14: _Unread
    more: _More


class _Sender(Struct, array_like=True, gc=False):
    uid: _Uid
    name: str
    is_admin: int
    is_vip: int
    is_svip: int


class _Medal(Struct, array_like=True, gc=False):
    level: _Small = 0
    name: str = ""


class _Level(Struct, array_like=True, gc=False):
    level: _Small = 0


class _Check(Struct, gc=False):
    ct: str | None = None


class _Info(Struct, array_like=True, gc=False):
    look: _Look
    said: str
    sender: _Sender
    medal: _Medal | None
    user: _Level
    _5: Raw
    _6: _Unread
    guard_level: _Small
    _8: _Unread = None
    _9: _Check | None = None
    _10: _Unread = None
    _11: _Unread = None
    _12: _Unread = None
    _13: _Unread = None
    _14: _Unread = None
    _15: _Unread = None
    wealth: _Level | None = None


class _Message(Struct, gc=False):
    cmd: str
    info: _Info


_decode = msgspec.json.Decoder(_Message).decode


def typed_danmaku(
    buffer: bytes, place: tuple[int, int], begun: blake2b, room_id: int, received_at: int
) -> Danmaku | None:
    """The event in the body that stands there; None when the lenient reader has to look at it.

    ``begun``: of all danmaku of this room, see `events.begun_id`.
    """
    begin, end = place
    if end - begin >= _LONGEST:
        return None
    taken = take_out(buffer, begin, end)
    rest, id_str, emotes = taken or (buffer[begin:end], b"", {})
    try:
        message = _decode(rest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    info = message.info
    look, said, sender, medal, wealth = info.look, info.said, info.sender, info.medal, info.wealth
    told, is_mirror = look.more.extra, False
    if taken is None:
        extra = read_typed_extra(told)
        if extra is None:
            return None
        id_str, emotes, is_mirror = extra.id_str.encode(), extra.emotes, extra.is_mirror
    medal_name, sticker, shown, at = medal.name if medal else "", look.sticker, sender.name, look.at
    sticker_url = "" if type(sticker) is str else sticker.url  # type: ignore[union-attr]  # a _Sticker
    if (
        (taken is not None and told != TAKEN_OUT)  # what was taken out was another's
        or (message.cmd != _COMMAND and message.cmd.partition(":")[0] != _COMMAND)
        or "\0" in said
        or "\0" in shown
        or "\0" in medal_name
        or "\0" in sticker_url
    ):
        return None
    # As event_id() does it: to call it would cost more than to do it.
    hashed = begun.copy()
    hashed.update(id_str + b'"]')
    # By position: names cost as much as all the rest of it. The order is that of the struct.
    return Danmaku(
        at.to_bytes(6, "big") + hashed.digest(),
        room_id,
        at,
        received_at,
        sender.uid or None,
        shown,
        said,
        medal_name or None,
        medal.level if medal else 0,
        info.user.level,
        info.guard_level,
        wealth.level if wealth else 0,
        sender.is_admin != 0,
        sender.is_vip != 0 or sender.is_svip != 0,
        is_mirror,
        look.mode,
        look.color,
        look.dm_type,
        sticker_url,
        emotes,
    )
