"""Rows as the sync leaves them, for pages and the API to read."""

from bilibili_live.events import event_id
from live_data.instants import moment
from live_data.models import DanmakuData, GiftData, GuardPurchase, LiveRoom, SuperChatData
from tests.made import AT, ROOM


def room(room_id: int = ROOM) -> LiveRoom:
    return LiveRoom.objects.get_or_create(room_id=room_id, defaults={"title": "标题", "uname": "主播"})[0]


def danmaku_row(text: str, *, at: int = AT, room_id: int = ROOM, uid: int | None = 7) -> DanmakuData:
    return DanmakuData.objects.create(
        event_id=event_id(at, room_id, "danmaku", text),
        room=room(room_id),
        timestamp=moment(at),
        received_at=moment(at + 5),
        uid=uid,
        username="阿狸",
        message=text,
    )


def gift_row(tid: str, *, coin: int, coin_type: str = "gold", at: int = AT) -> GiftData:
    return GiftData.objects.create(
        event_id=event_id(at, ROOM, "gift", tid),
        room=room(),
        timestamp=moment(at),
        received_at=moment(at),
        uid=7,
        username="送礼的人",
        gift_name="小花花",
        gift_id=1,
        num=2,
        coin_type=coin_type,
        unit_coin=coin,
        total_coin=coin * 2,
        gold=coin * 2 if coin_type == "gold" else 0,
        tid=tid,
    )


def super_chat_row(number: int, *, cny: int) -> SuperChatData:
    return SuperChatData.objects.create(
        event_id=event_id(AT, ROOM, "super_chat", number),
        room=room(),
        timestamp=moment(AT),
        received_at=moment(AT),
        super_chat_id=number,
        username="醒目的人",
        message="加油",
        price=cny,
        gold=cny * 1000,
        end_time=moment(AT + 60_000),
    )


def purchase_row(payflow: str, *, gold: int) -> GuardPurchase:
    return GuardPurchase.objects.create(
        event_id=event_id(AT, ROOM, "guard", payflow),
        room=room(),
        timestamp=moment(AT),
        username="新舰长",
        guard_level=3,
        num=1,
        payflow_id=payflow,
        gold=gold,
    )
