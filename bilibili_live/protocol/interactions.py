"""INTERACT_WORD (JSON) and INTERACT_WORD_V2 (protobuf): visits, follows, shares; LIKE_INFO_V3_CLICK: likes
(protocol.md 4.7).
"""

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
from bilibili_live.protocol.protobuf import Form, utf8

_NS_PER_MS = 1_000_000
_LIKE = 6
#: Fields as recorded in 2026 (protocol.md 4.7); what else comes is news.
_FORM = Form(
    numbers={"uid": 1, "msg_type": 5, "timestamp": 7, "trigger": 15, "guard_level": 16},
    blobs={"uname": 2, "medal": 9},
    also_numbers=(6, 8, 10, 17, 21),
    also_blobs=(3, 4, 11, 12, 13, 14, 18, 19, 20, 22, 23, 24),
    either=(4, 24),
)
_MEDAL = Form(numbers={"level": 2}, blobs={"name": 3})


def interact_word(message: Message) -> Outcome:
    data = message.data
    medal = mapping(data.get("fans_medal"))
    trigger = integer(data.get("trigger_time")) or 0
    event = _interaction(
        message,
        at=_time(trigger, integer(data.get("timestamp")) or 0),
        who=uid(data.get("uid")),
        shown=text(data.get("uname")),
        msg_type=whole(data, "msg_type"),
        trigger=trigger,
        medal_name=name(medal.get("medal_name")),
        medal_level=small(medal.get("medal_level")),
        guard_level=small(data.get("privilege_type")),
    )
    return [event]


def interact_word_v2(message: Message) -> Outcome:
    visit, others = _FORM.read_base64(message.data.get("pb"))
    message.surprises.extend(_FORM.surprises(others))
    medal, _ = _MEDAL.nested(visit.medal)
    event = _interaction(
        message,
        at=_time(visit.trigger, visit.timestamp),
        who=uid(visit.uid or others.zero(1, "uid")),
        shown=utf8(visit.uname),
        msg_type=visit.msg_type,
        trigger=visit.trigger,
        medal_name=utf8(medal.name) or None,
        medal_level=small(medal.level),
        guard_level=small(visit.guard_level),
    )
    return [event]


def like(message: Message) -> Outcome:
    """At most one every few seconds and person, however often they click. It has no time of its own."""
    data = message.data
    medal = mapping(data.get("fans_medal"))
    guard = mapping(mapping(data.get("uinfo")).get("guard"))
    event = _interaction(
        message,
        at=message.said_at,
        who=uid(data.get("uid")),
        shown=text(data.get("uname")),
        msg_type=small(data.get("msg_type"), _LIKE),
        trigger=0,
        medal_name=name(medal.get("medal_name")),
        medal_level=small(medal.get("medal_level")),
        guard_level=small(guard.get("level")),
    )
    return [event]


def _interaction(
    message: Message,
    *,
    at: int,
    who: int | None,
    shown: str,
    msg_type: int,
    trigger: int,
    medal_name: str | None,
    medal_level: int,
    guard_level: int,
) -> Interaction:
    """``at`` in ms; ``trigger`` in ns as sent, 0 when it was not."""
    key: EventKey = [who if who is not None else shown, msg_type, trigger or None]
    # By position, as there are so many. The order is that of the struct.
    return Interaction(
        event_id(at, message.room_id, "interaction", key),
        message.room_id,
        at,
        message.received_at,
        who,
        shown,
        small(msg_type),
        medal_name,
        medal_level,
        guard_level,
    )


def _time(trigger: int, timestamp: int) -> int:
    """``trigger`` in ns and ``timestamp`` in s as sent, 0 when they were not."""
    if not trigger and not timestamp:
        raise Rejected("missing timestamp")
    bounded(trigger)
    return moment(trigger // _NS_PER_MS if trigger else timestamp * 1000)
