"""POPULARITY_RED_POCKET_NEW, _START, _WINNER_LIST and their V2 forms, which come along (protocol.md 4.9).

Prices are in batteries (电池) where one packet is meant, in gold where the gifts inside are.
Must not decide which messages belong together: that needs more than one of them.
"""

from collections.abc import Callable

from bilibili_live.events import RedPacket, event_id
from bilibili_live.protocol.fields import (
    MAX_GOLD,
    Fields,
    Json,
    Rejected,
    amount,
    bounded,
    count,
    gold,
    integer,
    is_moment,
    mapping,
    seconds,
    sequence,
    text,
    uid,
    whole,
)
from bilibili_live.protocol.message import Message, Outcome

_GOLD_PER_BATTERY = 100
_MOST_GIFTS = 50


def sent(form: int) -> Callable[[Message], Outcome]:
    """_NEW: somebody paid for it. The start that it names may still be ahead, behind other packets."""
    return lambda message: [_sent(message, form)]


def started(form: int) -> Callable[[Message], Outcome]:
    """_START: it can be drawn from; sent again and again until it ends."""
    return lambda message: [_started(message, form)]


def drawn(form: int) -> Callable[[Message], Outcome]:
    """_WINNER_LIST: it is over."""
    return lambda message: [_drawn(message, form)]


def _sent(message: Message, form: int) -> RedPacket:
    data = message.data
    at, lot_id, num = seconds(data, "start_time"), whole(data, "lot_id"), max(1, count(data.get("num")))
    price = amount(data, "price") * _GOLD_PER_BATTERY
    if price * num > MAX_GOLD:
        raise Rejected("number out of range")
    return RedPacket(
        event_id=_identity(message, at, lot_id, "sent", form),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        report="sent",
        form=form,
        lot_id=lot_id,
        uid=uid(data.get("uid")),
        username=text(data.get("uname")),
        num=num,
        price=price,
    )


def _started(message: Message, form: int) -> RedPacket:
    data = message.data
    at, lot_id = seconds(data, "start_time"), whole(data, "lot_id")
    inside = integer(data.get("total_price"))
    return RedPacket(
        event_id=_identity(message, at, lot_id, "started", form),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        report="started",
        form=form,
        lot_id=lot_id,
        uid=uid(data.get("sender_uid")),
        username=text(data.get("sender_name")),
        total_price=None if inside is None else gold(inside),
        gifts=_gifts(data.get("awards")),
        end_at=_moment(data, "end_time"),
    )


def _drawn(message: Message, form: int) -> RedPacket:
    """Only newer ones tell their time: a copy of one without it is another report of the same packet."""
    data = message.data
    lot_id, at = whole(data, "lot_id"), _moment(data, "timestamp") or message.said_at
    winners = data.get("award_num", data.get("total_num"))
    return RedPacket(
        event_id=_identity(message, at, lot_id, "drawn", form),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        report="drawn",
        form=form,
        lot_id=lot_id,
        winners=None if integer(winners) is None else count(winners),
    )


def _identity(message: Message, at: int, lot_id: int, report: str, form: int) -> bytes:
    return event_id(at, message.room_id, RedPacket.kind, [lot_id, report, form])


def _moment(data: Fields, key: str) -> int | None:
    number = integer(data.get(key))
    return number * 1000 if number is not None and is_moment(number * 1000) else None


def _gifts(awards: Json) -> dict[str, int]:
    gifts: dict[str, int] = {}
    for award in map(mapping, sequence(awards)[:_MOST_GIFTS]):
        name = text(award.get("gift_name"))
        if name:
            gifts[name] = bounded(gifts.get(name, 0) + count(award.get("num")))
    return gifts
