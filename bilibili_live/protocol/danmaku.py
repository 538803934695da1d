"""DANMU_MSG and its copy from a connected room. Positions in ``info``: protocol.md 4.1."""

from bilibili_live.events import Danmaku, EventKey, event_id
from bilibili_live.protocol.danmaku_extra import Extra, read_extra
from bilibili_live.protocol.fields import (
    Json,
    Rejected,
    bounded,
    integer,
    item,
    mapping,
    moment,
    name,
    sequence,
    small,
    text,
    uid,
)
from bilibili_live.protocol.message import Message, Outcome


def danmaku(message: Message) -> Outcome:
    return [_read(message, is_mirror=False)]


def danmaku_mirror(message: Message) -> Outcome:
    return [_read(message, is_mirror=True)]


def _read(message: Message, is_mirror: bool) -> Danmaku:
    info = sequence(message.fields.get("info"))
    look, sender, medal = (sequence(item(info, n)) for n in (0, 2, 3))
    if not look or not sender:
        raise Rejected("missing info")
    extra = read_extra(mapping(item(look, 15)).get("extra"))
    at, who, said = _time(look), uid(item(sender, 0)), text(item(info, 1))
    key = _key(extra, who, info, said)
    return Danmaku(
        event_id=event_id(at, message.room_id, Danmaku.kind, key),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        uid=who,
        username=text(item(sender, 1)),
        message=said,
        medal_name=name(item(medal, 1)),
        medal_level=small(item(medal, 0)),
        user_level=small(item(sequence(item(info, 4)), 0)),
        guard_level=small(item(info, 7)),
        wealth_level=small(item(sequence(item(info, 16)), 0)),
        is_admin=bool(integer(item(sender, 2))),
        is_vip=bool(integer(item(sender, 3)) or integer(item(sender, 4))),
        is_mirror=is_mirror or extra.is_mirror,
        mode=small(item(look, 1), 1),
        color=small(item(look, 3), 0xFFFFFF),
        dm_type=small(item(look, 12)),
        sticker_url=text(mapping(item(look, 13)).get("url")),
        emotes=extra.emotes,
    )


def _time(look: list[Json]) -> int:
    ms = integer(item(look, 4))
    if ms is None:
        raise Rejected("missing time")
    return moment(bounded(ms))


def _key(extra: Extra, who: int | None, info: list[Json], said: str) -> EventKey:
    """``id_str`` is unique; before 2023-03 there was none."""
    return extra.id_str or [who, text(mapping(item(info, 9)).get("ct")), said]
