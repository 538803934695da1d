"""INTERACT_WORD (JSON) and INTERACT_WORD_V2 (protobuf): visits, follows, shares (protocol.md 4.7)."""

from bilibili_live.events import EventKey, Interaction, event_id
from bilibili_live.protocol.fields import (
    Rejected,
    bounded,
    integer,
    mapping,
    moment,
    name,
    small,
    text,
    uid,
    whole,
)
from bilibili_live.protocol.message import Message, Outcome
from bilibili_live.protocol.protobuf import read_base64

_NS_PER_MS = 1_000_000


def interact_word(message: Message) -> Outcome:
    data = message.data
    medal = mapping(data.get("fans_medal"))
    trigger = integer(data.get("trigger_time")) or 0
    event = _interaction(
        message,
        who=uid(data.get("uid")),
        shown=text(data.get("uname")),
        msg_type=whole(data, "msg_type"),
        trigger=trigger,
        timestamp=integer(data.get("timestamp")) or 0,
        medal_name=name(medal.get("medal_name")),
        medal_level=small(medal.get("medal_level")),
        guard_level=small(data.get("privilege_type")),
    )
    return [event]


def interact_word_v2(message: Message) -> Outcome:
    record = read_base64(message.data.get("pb"))
    medal = record.record(9)
    event = _interaction(
        message,
        who=uid(record.integer(1)),
        shown=record.text(2),
        msg_type=record.integer(5),
        trigger=record.integer(15),
        timestamp=record.integer(7),
        medal_name=medal.text(3) or None,
        medal_level=small(medal.integer(2)),
        guard_level=small(record.integer(16)),
    )
    return [event]


def _interaction(
    message: Message,
    *,
    who: int | None,
    shown: str,
    msg_type: int,
    trigger: int,
    timestamp: int,
    medal_name: str | None,
    medal_level: int,
    guard_level: int,
) -> Interaction:
    """``trigger`` in ns and ``timestamp`` in s as sent, 0 when they were not."""
    at = _time(trigger, timestamp)
    key: EventKey = [who if who is not None else shown, msg_type, trigger or None]
    return Interaction(
        event_id=event_id(at, message.room_id, Interaction.kind, key),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        uid=who,
        username=shown,
        msg_type=small(msg_type),
        medal_name=medal_name,
        medal_level=medal_level,
        guard_level=guard_level,
    )


def _time(trigger: int, timestamp: int) -> int:
    if not trigger and not timestamp:
        raise Rejected("missing timestamp")
    bounded(trigger)
    return moment(trigger // _NS_PER_MS if trigger else timestamp * 1000)
