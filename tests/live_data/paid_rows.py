"""Gifts, super chats and guard purchases as the sync leaves them: with their minutes."""

from collections.abc import Iterable
from random import Random
from typing import Any, TypeAlias

from bilibili_live.events import event_id
from live_data.instants import moment
from live_data.models import GiftData, GuardPurchase, RedPacketData, SuperChatData
from live_data.revenue import GOLD_PER_CNY, of_gift
from live_data.storing.rollups import Deltas
from tests.live_data.web_rows import room
from tests.made import AT, ROOM

Paid: TypeAlias = GiftData | SuperChatData | GuardPurchase

ANCHOR, GUEST = 42, 43
NAMES = ["观众", "x***", "y***"]


def gift(key: str, at: int = AT, room_id: int = ROOM, **fields: Any) -> GiftData:
    """A gift of 100 gold; ``at`` in ms. Not stored."""
    given: dict[str, Any] = {
        "uid": 7,
        "username": "送礼的人",
        "gift_name": "小花花",
        "gift_id": 1,
        "num": 1,
        "coin_type": "gold",
        "unit_coin": 100,
        "total_coin": 100,
        "is_backpack": False,
        "medal_level": 0,
        "guard_level": 0,
    } | fields
    row = GiftData(**_told("gift", key, at, room_id), received_at=moment(at), tid=key, **given)
    row.gold = of_gift(row, ANCHOR)
    return row


def super_chat(number: int, at: int = AT, room_id: int = ROOM, **fields: Any) -> SuperChatData:
    given: dict[str, Any] = {"uid": 8, "username": "老板", "message": "加油", "price": 30} | fields
    return SuperChatData(
        **_told("super_chat", str(number), at, room_id),
        received_at=moment(at),
        super_chat_id=number,
        end_time=moment(at + 60_000),
        gold=given["price"] * GOLD_PER_CNY,
        **given,
    )


def purchase(key: str, at: int = AT, room_id: int = ROOM, **fields: Any) -> GuardPurchase:
    given: dict[str, Any] = {
        "uid": 9,
        "username": "舰长",
        "guard_level": 3,
        "num": 1,
        "gold": 138_000,
    } | fields
    return GuardPurchase(**_told("guard", key, at, room_id), payflow_id=key, **given)


def red_packet(number: int, at: int = AT, room_id: int = ROOM, **fields: Any) -> RedPacketData:
    """The ``number``-th packet, of CNY 2. Stored, with its room."""
    room(room_id)
    given: dict[str, Any] = {
        "uid": 6,
        "username": "发红包的人",
        "num": 1,
        "paid_gold": 2_000,
        "gifts_gold": 1_600,
        "gifts": {"小花花": 16},
    } | fields
    told = _told("red_packet", str(number), at, room_id)
    return RedPacketData.objects.create(**told, lot_id=number, **given)


def _told(kind: str, key: str, at: int, room_id: int) -> dict[str, Any]:
    return {"event_id": event_id(at, room_id, kind, key), "room_id": room_id, "timestamp": moment(at)}


def store(rows: Iterable[Paid]) -> None:
    """With their rooms, and their rollups by the sync's own code."""
    listed, deltas = list(rows), Deltas()
    for room_id in {row.room_id for row in listed}:
        room(room_id)
    GiftData.objects.bulk_create(row for row in listed if isinstance(row, GiftData))
    SuperChatData.objects.bulk_create(row for row in listed if isinstance(row, SuperChatData))
    GuardPurchase.objects.bulk_create(row for row in listed if isinstance(row, GuardPurchase))
    for row in listed:
        deltas.add_row(row)
    deltas.write()


def a_mixture(dice: Random, number: int, times: Iterable[int], room_ids: Iterable[int]) -> list[Paid]:
    """Rows of all kinds and sorts, some of people without uid; ``times`` in ms."""
    moments, rooms = list(times), list(room_ids)
    return [_one(dice, index, dice.choice(moments), dice.choice(rooms)) for index in range(number)]


def _one(dice: Random, index: int, at: int, room_id: int) -> Paid:
    who: dict[str, Any] = {"uid": dice.choice([None, 7, 8, 9]), "username": dice.choice(NAMES)}
    kind = dice.random()
    if kind < 0.1:
        return super_chat(index, at, room_id, price=dice.randrange(30, 1000), **who)
    if kind < 0.2:
        level = dice.choice([1, 2, 3])
        return purchase(str(index), at, room_id, guard_level=level, gold=dice.randrange(10**6), **who)
    return gift(
        str(index),
        at,
        room_id,
        gift_id=dice.randrange(5),
        num=dice.randrange(1, 100),
        total_coin=dice.choice([0, 1, 99, 10**15]),
        coin_type=dice.choice(["gold", "gold", "silver"]),
        is_backpack=dice.random() < 0.2,
        blind_box_id=dice.choice([None, None, 77]),
        receiver_uid=dice.choice([None, ANCHOR, GUEST]),
        **who,
    )
