"""SEND_GIFT (JSON) and SEND_GIFT_V2 (protobuf, several gifts in one message): protocol.md 4.2, 4.3.

The money is ``total_coin``: of a blind box what was paid, while ``price`` is what came out of it.
"""

from typing import Any

from bilibili_live.events import Gift, event_id
from bilibili_live.protocol.fields import (
    Fields,
    Json,
    Rejected,
    amount,
    bounded,
    count,
    gold,
    integer,
    load_nested,
    moment,
    name,
    seconds,
    small,
    text,
    uid,
    word,
)
from bilibili_live.protocol.message import Message, Outcome
from bilibili_live.protocol.protobuf import Form, Others, utf8

#: Fields as recorded in 2026-10 (protocol.md 4.3); what else comes is news.
_BROADCAST = Form(
    numbers={"uid": 1, "guard_level": 5},
    blobs={"uname": 2, "medal": 8, "blind_box": 9, "wealth": 13},
    repeated={"items": 10},
    also_numbers=(6, 11),
    also_blobs=(3, 4, 7, 14, 15),
    either=(6,),
)
_ITEM = Form(
    numbers={"gift_id": 1, "num": 3, "price": 5, "total_coin": 7, "timestamp": 10},
    blobs={"gift_name": 2, "coin_type": 8, "tid": 9, "combo_id": 12, "receiver": 29, "bag": 31},
    also_numbers=(
        4,
        6,
        11,
        13,
        14,
        15,
        17,
        19,
        20,
        21,
        22,
        23,
        24,
        25,
        26,
        27,
        28,
        30,
        32,
        34,
        36,
        37,
        38,
        39,
    ),
    also_blobs=(18, 33, 35),
    also_floats=(16,),
    either=(13, 19, 20, 22, 25, 32, 34, 37, 38, 39),
)
_MOST_BROKEN = 20  # items of one broadcast that are looked at: each that is refused costs as much as a gift
_MEDAL = Form(numbers={"level": 5}, blobs={"name": 6})
_BLIND_BOX = Form(numbers={"gift_id": 2, "price": 6}, blobs={"name": 3})
_WEALTH = Form(numbers={"level": 1}, blobs={})
_RECEIVER = Form(numbers={"uid": 2}, blobs={"uname": 1})


def send_gift(message: Message) -> Outcome:
    data = message.data
    at, tid = seconds(data, "timestamp"), word(data, "tid")
    medal, box, receiver = (
        load_nested(data.get(key)) for key in ("medal_info", "blind_gift", "receive_user_info")
    )
    gift = Gift(
        event_id=event_id(at, message.room_id, Gift.kind, tid),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        uid=uid(data.get("uid")),
        username=text(data.get("uname")),
        gift_id=bounded(integer(data.get("giftId")) or 0),
        gift_name=text(data.get("giftName")),
        num=count(data.get("num")),
        price=gold(integer(data.get("price")) or 0),
        total_coin=amount(data, "total_coin"),
        coin_type=_coin_type(text(data.get("coin_type"))),
        tid=tid,
        medal_name=name(medal.get("medal_name")),
        medal_level=small(medal.get("medal_level")),
        guard_level=small(data.get("guard_level")),
        wealth_level=small(data.get("wealth_level")),
        is_backpack=_is_said(data.get("bag_gift")),
        blind_box_id=_box_id(box),
        blind_box_name=text(box.get("original_gift_name")),
        blind_box_price=gold(integer(box.get("original_gift_price")) or 0),
        receiver_uid=uid(receiver.get("uid")),
        receiver_name=text(receiver.get("uname")),
        combo_id=text(data.get("batch_combo_id")),
    )
    return [gift]


def _is_said(value: Json) -> bool:
    """An object that is there, also an empty one or one inside a string. An empty list is PHP for nothing."""
    return isinstance(value, dict) or bool(value)


def _box_id(box: Fields) -> int | None:
    number = integer(box.get("original_gift_id"))
    return None if number is None else bounded(number)


def _coin_type(kind: str) -> str:
    """Anything but the two known kinds must not slip into sums, nor out of them."""
    if not kind:
        raise Rejected("missing coin_type")
    if kind not in ("gold", "silver"):
        raise Rejected("bad coin_type")
    return kind


def send_gift_v2(message: Message) -> Outcome:
    """One gift per item: a box opened several times holds different ones, each with its own tid."""
    broadcast, others = _BROADCAST.read_base64(message.data.get("pb"))
    message.surprises.extend(_BROADCAST.surprises(others))
    items = broadcast.items
    if not items:
        raise Rejected("missing gift item")
    sender = _Sender(broadcast, others)
    outcome: Outcome = []
    broken = 0
    for body in items:
        outcome.append(item := _item(message, sender, body))
        broken += isinstance(item, Rejected)
        if broken == _MOST_BROKEN and len(outcome) < len(items):
            outcome.append(Rejected("too many broken gift items"))
            break
    return outcome


def _item(message: Message, sender: "_Sender", body: bytes) -> Gift | Rejected:
    """A broken item must not take its neighbours along."""
    try:
        item, others = _ITEM.read(body)
        if strange := _ITEM.surprises(others):
            message.surprises.extend(f"item: {each}" for each in strange)
        return _gift(message, sender, item, others)
    except Rejected as reason:
        return reason


class _Sender:
    """Of all items of a broadcast."""

    __slots__ = ("box", "guard_level", "medal", "others", "uid", "uname", "wealth_level")

    def __init__(self, broadcast: Any, others: Others) -> None:
        self.others = others
        self.uid = broadcast.uid
        self.uname = utf8(broadcast.uname)
        self.guard_level = small(broadcast.guard_level)
        self.medal, _ = _MEDAL.nested(broadcast.medal)
        self.box, _ = _BLIND_BOX.nested(broadcast.blind_box)
        self.wealth_level = small(_WEALTH.nested(broadcast.wealth)[0].level)


def _gift(message: Message, sender: _Sender, item: Any, others: Others) -> Gift:
    # proto3 leaves out zeros: a total_coin or price that is absent is 0, as in a free silver gift. One that
    # is there, and no number, is not.
    tid, sent = utf8(item.tid), item.timestamp
    if not tid:
        raise Rejected("missing tid")
    if not sent:
        raise Rejected("missing timestamp")
    at = moment(sent * 1000)
    medal, box = sender.medal, sender.box
    receiver, receiver_others = _RECEIVER.nested(item.receiver)
    # By position: names cost as much as a quarter of it. The order is that of the struct.
    return Gift(
        event_id(at, message.room_id, "gift", tid),
        message.room_id,
        at,
        message.received_at,
        uid(sender.uid or sender.others.zero(1, "uid")),
        sender.uname,
        item.gift_id,
        utf8(item.gift_name),
        count(item.num),
        gold(item.price),
        gold(item.total_coin or others.zero(7, "total_coin")),
        _coin_type(utf8(item.coin_type)),
        tid,
        utf8(medal.name) or None,
        small(medal.level),
        sender.guard_level,
        sender.wealth_level,
        item.HasField("bag") or others.is_said(31),
        box.gift_id or None,
        utf8(box.name),
        gold(box.price),
        uid(receiver.uid or receiver_others.zero(2, "uid")),
        utf8(receiver.uname),
        utf8(item.combo_id),
    )
