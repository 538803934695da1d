"""SEND_GIFT (JSON) and SEND_GIFT_V2 (protobuf, several gifts in one message): protocol.md 4.2, 4.3.

The money is ``total_coin``: of a blind box what was paid, while ``price`` is what came out of it.
"""

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
from bilibili_live.protocol.protobuf import Record, known, read_base64

#: Fields as recorded in 2026-10 (protocol.md 4.3); what else comes is news.
_BROADCAST = known(
    numbers=(1, 5, 11),
    blobs=(2, 3, 4, 7, 8, 9, 10, 13, 14, 15),
    both=(6,),
)
_ITEM = known(
    numbers=(1, 3, 4, 5, 6, 7, 10, 11, 14, 15, 17, 21, 23, 24, 26, 27, 28, 30, 36),
    blobs=(2, 8, 9, 12, 18, 29, 31, 33, 35),
    both=(13, 19, 20, 22, 25, 32, 34, 37, 38, 39),
    floats=(16,),
)


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
    broadcast = read_base64(message.data.get("pb"))
    message.surprises.extend(broadcast.surprises(_BROADCAST))
    items = broadcast.blobs(10)
    if not items:
        raise Rejected("missing gift item")
    return [_item(message, broadcast, body) for body in items]


def _item(message: Message, broadcast: Record, body: bytes) -> Gift | Rejected:
    """A broken item must not take its neighbours along."""
    try:
        item = Record(body)
        if strange := item.surprises(_ITEM):
            message.surprises.extend(f"item: {each}" for each in strange)
        return _gift(message, broadcast, item)
    except Rejected as reason:
        return reason


def _gift(message: Message, broadcast: Record, item: Record) -> Gift:
    # proto3 leaves out zeros: a total_coin or price that is absent is 0, as in a free silver gift. One that
    # is there, and no number, is not.
    tid, sent = item.text(9), item.integer(10)
    if not tid:
        raise Rejected("missing tid")
    if not sent:
        raise Rejected("missing timestamp")
    at = moment(sent * 1000)
    medal, box, receiver = broadcast.record(8), broadcast.record(9), item.record(29)
    # By position: names cost as much as a quarter of it. The order is that of the struct.
    return Gift(
        event_id(at, message.room_id, "gift", tid),
        message.room_id,
        at,
        message.received_at,
        uid(broadcast.integer(1) or broadcast.zero(1, "uid")),
        broadcast.text(2),
        item.integer(1),
        item.text(2),
        count(item.integer(3)),
        gold(item.integer(5)),
        gold(item.integer(7) or item.zero(7, "total_coin")),
        _coin_type(item.text(8)),
        tid,
        medal.text(6) or None,
        small(medal.integer(5)),
        small(broadcast.integer(5)),
        small(broadcast.record(13).integer(1)),
        item.is_said(31),
        box.integer(2) or None,
        box.text(3),
        gold(box.integer(6)),
        uid(receiver.integer(2) or receiver.zero(2, "uid")),
        receiver.text(1),
        item.text(12),
    )
