"""SEND_GIFT (JSON) and SEND_GIFT_V2 (protobuf, several gifts in one message): protocol.md 4.2, 4.3.

The money is ``total_coin``: of a blind box what was paid, while ``price`` is what came out of it.
"""

from bilibili_live.events import Gift, event_id
from bilibili_live.protocol.fields import (
    Fields,
    Rejected,
    amount,
    bounded,
    count,
    gold,
    integer,
    mapping,
    moment,
    name,
    seconds,
    small,
    text,
    uid,
    word,
)
from bilibili_live.protocol.message import Message, Outcome
from bilibili_live.protocol.protobuf import Record, read_base64


def send_gift(message: Message) -> Outcome:
    data = message.data
    at, tid = seconds(data, "timestamp"), word(data, "tid")
    medal, box, receiver = (
        mapping(data.get(key)) for key in ("medal_info", "blind_gift", "receive_user_info")
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
        is_backpack=isinstance(data.get("bag_gift"), dict),
        blind_box_id=_box_id(box),
        blind_box_name=text(box.get("original_gift_name")),
        blind_box_price=gold(integer(box.get("original_gift_price")) or 0),
        receiver_uid=uid(receiver.get("uid")),
        receiver_name=text(receiver.get("uname")),
        combo_id=text(data.get("batch_combo_id")),
    )
    return [gift]


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
    items = broadcast.blobs(10)
    if not items:
        raise Rejected("missing gift item")
    return [_item(message, broadcast, body) for body in items]


def _item(message: Message, broadcast: Record, body: bytes) -> Gift | Rejected:
    """A broken item must not take its neighbours along."""
    try:
        return _gift(message, broadcast, Record(body))
    except Rejected as reason:
        return reason


def _gift(message: Message, broadcast: Record, item: Record) -> Gift:
    # proto3 leaves out zeros: a total_coin or price that is absent is 0, as in a free silver gift.
    if not (tid := item.text(9)):
        raise Rejected("missing tid")
    if not item.integer(10):
        raise Rejected("missing timestamp")
    at = moment(item.integer(10) * 1000)
    medal, box, receiver = broadcast.record(8), broadcast.record(9), item.record(29)
    return Gift(
        event_id=event_id(at, message.room_id, Gift.kind, tid),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        uid=uid(broadcast.integer(1)),
        username=broadcast.text(2),
        gift_id=item.integer(1),
        gift_name=item.text(2),
        num=count(item.integer(3)),
        price=gold(item.integer(5)),
        total_coin=gold(item.integer(7)),
        coin_type=_coin_type(item.text(8)),
        tid=tid,
        medal_name=medal.text(6) or None,
        medal_level=small(medal.integer(5)),
        guard_level=small(broadcast.integer(5)),
        wealth_level=small(broadcast.record(13).integer(1)),
        is_backpack=31 in item,
        blind_box_id=box.integer(2) or None,
        blind_box_name=box.text(3),
        blind_box_price=gold(box.integer(6)),
        receiver_uid=uid(receiver.integer(2)),
        receiver_name=receiver.text(1),
        combo_id=item.text(12),
    )
