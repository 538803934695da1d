"""GUARD_BUY, USER_TOAST_MSG, USER_TOAST_MSG_V2: up to three reports of one purchase (protocol.md 4.5).

Must not decide which reports belong together: that needs more than one message.
"""

from bilibili_live.events import EventKey, GuardReport, event_id
from bilibili_live.protocol.fields import (
    MAX_GOLD,
    Fields,
    Rejected,
    amount,
    count,
    mapping,
    seconds,
    small,
    text,
    uid,
    whole,
)
from bilibili_live.protocol.message import Message, Outcome


def guard_buy(message: Message) -> Outcome:
    """Comes first, with the list price and without an order id."""
    data = message.data
    at, level = seconds(data, "start_time"), _level(data)
    who, shown = uid(data.get("uid")), text(data.get("username"))
    key: EventKey = [who if who is not None else shown, level]
    report = GuardReport(
        event_id=event_id(at, message.room_id, "guard_bought", key),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        report="bought",
        uid=who,
        username=shown,
        guard_level=level,
        num=count(data.get("num")),
        price=_price(data),
        role_name=text(data.get("gift_name")),
    )
    return [report]


def user_toast(message: Message) -> Outcome:
    data = message.data
    buyer = {"uid": data.get("uid"), "name": data.get("username")}
    return [_toast(message, buyer, guard=data, pay=data, option=data)]


def user_toast_v2(message: Message) -> Outcome:
    data = message.data
    sender, guard, pay, option = (
        mapping(data.get(key)) for key in ("sender_uinfo", "guard_info", "pay_info", "option")
    )
    buyer = {"uid": sender.get("uid"), "name": mapping(sender.get("base")).get("name")}
    return [_toast(message, buyer, guard, pay, option)]


def _toast(message: Message, buyer: Fields, guard: Fields, pay: Fields, option: Fields) -> GuardReport:
    """The two forms of a toast differ only in where the fields are: both mean the same purchase."""
    at, level = seconds(guard, "start_time"), _level(guard)
    who, shown, payflow = uid(buyer["uid"]), text(buyer["name"]), text(pay.get("payflow_id"))
    key: EventKey = payflow or [who if who is not None else shown, level]
    return GuardReport(
        event_id=event_id(at, message.room_id, "guard_toast", key),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        report="toast",
        uid=who,
        username=shown,
        guard_level=level,
        num=count(pay.get("num")),
        price=_price(pay),
        unit=text(pay.get("unit")),
        payflow_id=payflow,
        source=small(option.get("source")),
        op_type=small(guard.get("op_type")),
        role_name=text(guard.get("role_name")),
    )


def _level(fields: Fields) -> int:
    level = whole(fields, "guard_level")
    if level not in (1, 2, 3):
        raise Rejected("bad guard_level")
    return level


def _price(fields: Fields) -> int:
    """Of one month or of all of them is not established, so both readings must stay addable."""
    price = amount(fields, "price")
    if price * count(fields.get("num")) > MAX_GOLD:
        raise Rejected("number out of range")
    return price
