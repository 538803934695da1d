"""Gifts, super chats, red packets and mirrored chat count once, however many messages tell of them."""

from typing import Any

import pytest

from live_data.models import DanmakuData, GiftData, RedPacketData, SuperChatData
from tests.bilibili_live import red_packets
from tests.bilibili_live.messages import (
    SENT_S,
    danmaku,
    field,
    gift,
    gift_item,
    gift_v2,
    super_chat,
)
from tests.live_data.conftest import Log
from tests.live_data.telling import ANCHOR, ANCHOR_KNOWN, WAYS, Case, Wire, assert_once, tell

pytestmark = pytest.mark.django_db(transaction=True)

TID = "4760043420746102272"
BOX = field(2, 35206) + field(3, "星座盲盒") + field(6, 33_000) + field(7, 20_000)


def acknowledged(message: Wire, msg_id: str = "1:1000:1000") -> Wire:
    """As the site sends what it wants to have acknowledged."""
    return message | {"msg_id": msg_id, "p_is_ack": True, "p_msg_type": 1}


def other(cmd: str, **data: Any) -> Wire:
    """A message that repeats what others have told."""
    return {"cmd": cmd, "data": {"uid": 7, "num": 2, "coin_type": "gold", "total_coin": 999_999} | data}


def deletion(*ids: int) -> Wire:
    return {
        "cmd": "SUPER_CHAT_MESSAGE_DELETE",
        "data": {"ids": list(ids)},
        "send_time": SENT_S * 1000 + 50_000,
    }


def mirrored(**extra: object) -> Wire:
    return danmaku(**extra) | {"cmd": "DANMU_MSG_MIRROR"}


IN_COMBO = {
    "combo_send": {"combo_num": 2, "gift_num": 2},
    "batch_combo_send": {"batch_combo_num": 2, "gift_num": 2},
    "combo_total_coin": 123_456,
}

GIFTS = {
    "V1 and V2 of one tid": Case([gift(tid=TID), gift_v2(gift_item(TID))], gift=200, lines={"gifts": 1}),
    "V1 to a guest and V2 to an account": Case(
        [gift(tid=TID, uid=0, uname="小***"), gift_v2(gift_item(TID))], gift=200, lines={"gifts": 1}
    ),
    "delivered again with its msg_id": Case(
        [acknowledged(gift()), acknowledged(gift())], gift=200, lines={"gifts": 1}
    ),
    "two gifts of one combo and the sum that comes after it": Case(
        [
            gift(tid="1", **IN_COMBO),
            gift(tid="2", **IN_COMBO),
            other("COMBO_SEND", combo_id="combo-1", combo_total_coin=400, combo_num=4),
        ],
        gift=400,
        lines={"gifts": 2},
        ignored={"COMBO_SEND": 1},
    ),
    "banners about a gift": Case(
        [
            gift(),
            other("SPECIAL_GIFT"),
            other("DM_INTERACTION", type=104),
            {"cmd": "NOTICE_MSG", "msg_type": 2, "real_roomid": 1, "msg_common": "投喂 小花花"},
        ],
        gift=200,
        lines={"gifts": 1},
        ignored={"SPECIAL_GIFT": 1, "DM_INTERACTION": 1, "NOTICE_MSG": 1},
    ),
    "boxes opened several times in one message": Case(
        [
            gift_v2(
                gift_item("1", total=165_000, price=35_000, num=5),
                gift_item("2", total=165_000, price=20_000, num=5),
                box=BOX,
            )
        ],
        gift=330_000,
        lines={"gifts": 2},
    ),
    "a box by V1 among those of V2": Case(
        [
            gift_v2(gift_item("1", total=33_000), gift_item("2", total=33_000), box=BOX),
            gift(
                tid="2",
                total_coin=33_000,
                blind_gift={"original_gift_id": 35206, "original_gift_price": 33_000},
            ),
        ],
        gift=66_000,
        lines={"gifts": 2},
    ),
    "from the backpack": Case(
        [gift(tid="1", bag_gift={"show_price": 1}), gift_v2(gift_item("2") + field(31, field(1, 1)))],
        lines={"gifts": 2},
        beside={"backpack": (2, 400)},
    ),
    "a backpack in a string": Case(
        [gift(bag_gift='{"show_price":1}')], lines={"gifts": 1}, beside={"backpack": (1, 200)}
    ),
    "no backpack, said by an empty list": Case([gift(bag_gift=[])], gift=200, lines={"gifts": 1}),
    "for somebody else in the room": Case(
        [
            gift(tid="1", receive_user_info={"uid": ANCHOR + 1, "uname": "嘉宾"}),
            gift_v2(gift_item("2") + field(29, field(2, ANCHOR + 1))),
            gift(tid="3"),
        ],
        gift=200,
        lines={"gifts": 3},
        beside={"others": (2, 400)},
    ),
    "who the anchor is turns out later": Case(
        [
            gift(tid="1", receive_user_info={"uid": ANCHOR + 1, "uname": "嘉宾"}),
            gift(tid="2"),
            ANCHOR_KNOWN,
        ],
        gift=200,
        lines={"gifts": 2},
        beside={"others": (1, 200)},
        is_anchor_known=False,
    ),
    "silver": Case(
        [gift(tid="1", coin_type="silver"), gift_v2(gift_item("2") + field(8, "silver"))],
        lines={"gifts": 2},
        beside={"silver": (2, 400)},
    ),
    "for nothing": Case([gift_v2(gift_item(total=0))], lines={"gifts": 1}, beside={"free": (1, 0)}),
    "in numbers that are texts": Case(
        [gift(tid=TID, total_coin="200", num="2", price="100", uid="3493286400494454"), gift(tid=TID)],
        gift=200,
        lines={"gifts": 1},
    ),
    "with one item that cannot be read": Case(
        [gift_v2(gift_item("1"), b"\x08")],
        gift=200,
        lines={"gifts": 1},
        rejected={"invalid protobuf": 1},
    ),
}

SUPER_CHATS = {
    "two pushes and a Japanese copy": Case(
        [
            super_chat(),
            super_chat(ts=SENT_S + 1, time=59),
            super_chat("SUPER_CHAT_MESSAGE_JPN", id="15164370", uid="102581857", message_jpn="歌って"),
        ],
        super_chat=30_000,
        lines={"super_chats": 1},
    ),
    "taken down, before or after it comes": Case(
        [
            super_chat(),
            super_chat("SUPER_CHAT_MESSAGE_JPN", id="15164370", message_jpn="歌って"),
            deletion(15164370, 5),
        ],
        super_chat=30_000,
        lines={"super_chats": 1},
    ),
    "as the list of those shown has it": Case(
        [
            super_chat(),
            super_chat(ts=SENT_S + 40, time=20, message_trans=None, rate=None, dmscore=None, token="AB12"),
        ],
        super_chat=30_000,
        lines={"super_chats": 1},
    ),
    "two of one person": Case(
        [super_chat(), super_chat(id=15164371, price="100")], super_chat=130_000, lines={"super_chats": 2}
    ),
    "delivered again with its msg_id": Case(
        [acknowledged(super_chat()), acknowledged(super_chat())],
        super_chat=30_000,
        lines={"super_chats": 1},
    ),
    "only announced": Case([other("SUPER_CHAT_ENTRANCE")], ignored={"SUPER_CHAT_ENTRANCE": 1}),
}

RED_PACKETS = {
    "both forms, started again and again, and its winners": Case(
        [
            red_packets.sent(),
            red_packets.sent(2),
            red_packets.started(),
            red_packets.started(2, total_price=2_000),
            red_packets.started(current_time=SENT_S + 60),
            red_packets.drawn(),
        ],
        lines={"red_packets": 1},
        beside={"red_packet": (1, 2_000)},
    ),
    "waiting behind another, it starts later than was said": Case(
        [
            red_packets.sent(start_time=SENT_S + 700, wait_num=5),
            red_packets.started(start_time=SENT_S + 720),
            red_packets.drawn(timestamp=None),
        ],
        lines={"red_packets": 1},
        beside={"red_packet": (1, 2_000)},
    ),
    "seen only when it had started": Case(
        [red_packets.started(), red_packets.drawn()],
        lines={"red_packets": 1},
        beside={"red_packet": (1, 0)},
    ),
    "only its winners": Case([red_packets.drawn(), red_packets.drawn(2)]),
    "the gifts inside are gifts when the winners send them": Case(
        [
            red_packets.sent(price=520),
            gift(tid="1", uid=353034971, total_coin=500, bag_gift={"show_price": 1}),
            gift(tid="2", uid=353034971, total_coin=100),
        ],
        gift=100,
        lines={"red_packets": 1, "gifts": 2},
        beside={"red_packet": (1, 52_000), "backpack": (1, 500)},
    ),
    "two": Case(
        [red_packets.sent(), red_packets.sent(lot_id=5, price="100"), red_packets.started(lot_id=5)],
        lines={"red_packets": 2},
        beside={"red_packet": (2, 12_000)},
    ),
}

CHAT = {
    "mirrored from another room": Case(
        [mirrored(), danmaku(id_str="own")], lines={"danmaku": 1, "mirrored": 1}
    ),
    "marked inside as mirrored": Case([danmaku(is_mirror=True)], lines={"mirrored": 1}),
    "a line and its own mirror image": Case([danmaku(), mirrored()], lines={"danmaku": 1}),
    "delivered again": Case([danmaku(), danmaku(), danmaku()], lines={"danmaku": 1}),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", GIFTS)
def test_a_gift_counts_once(log: Log, name: str, way: str) -> None:
    assert_once(GIFTS[name], tell(log, GIFTS[name], way), way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SUPER_CHATS)
def test_a_super_chat_counts_once(log: Log, name: str, way: str) -> None:
    assert_once(SUPER_CHATS[name], tell(log, SUPER_CHATS[name], way), way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", RED_PACKETS)
def test_a_red_packet_is_one_and_no_revenue(log: Log, name: str, way: str) -> None:
    assert_once(RED_PACKETS[name], tell(log, RED_PACKETS[name], way), way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CHAT)
def test_a_line_of_chat_counts_once(log: Log, name: str, way: str) -> None:
    assert_once(CHAT[name], tell(log, CHAT[name], way), way)


def test_what_came_out_of_a_box_is_kept_beside_what_was_paid(log: Log) -> None:
    name = "boxes opened several times in one message"
    [room_id] = tell(log, GIFTS[name], "at once")
    rows = GiftData.objects.filter(room_id=room_id).order_by("tid")
    assert [(row.unit_coin, row.total_coin, row.blind_box_price) for row in rows] == [
        (35_000, 165_000, 33_000),
        (20_000, 165_000, 33_000),
    ]


def test_the_giver_is_known_as_soon_as_one_copy_names_him(log: Log) -> None:
    tell(log, GIFTS["V1 to a guest and V2 to an account"], "one by one")
    assert set(GiftData.objects.values_list("uid", "username")) == {(3493286400494454, "小明")}


@pytest.mark.parametrize("way", WAYS)
def test_a_super_chat_is_marked_and_translated_in_any_order(log: Log, way: str) -> None:
    tell(log, SUPER_CHATS["taken down, before or after it comes"], way)
    rows = SuperChatData.objects.all()
    assert {row.message_trans for row in rows} == {"歌って"}
    assert None not in {row.deleted_at for row in rows}


@pytest.mark.parametrize("way", WAYS)
def test_a_red_packet_knows_all_that_was_told_of_it_in_any_order(log: Log, way: str) -> None:
    tell(log, RED_PACKETS["both forms, started again and again, and its winners"], way)
    columns = ("uid", "username", "paid_gold", "gifts_gold", "winners", "timestamp", "event_id")
    [told] = {
        (*row[:-1], len(bytes(row[-1])))
        for row in RedPacketData.objects.order_by("room_id").values_list(*columns)
    }
    assert told[:5] == (3493286400494454, "小明", 2_000, 1_600, 4)
    assert all(
        gifts == {"打call": 2, "牛哇": 3} for gifts in RedPacketData.objects.values_list("gifts", flat=True)
    )


def test_a_mirrored_line_is_kept_and_marked(log: Log) -> None:
    tell(log, CHAT["mirrored from another room"], "at once")
    assert set(DanmakuData.objects.values_list("is_mirror", flat=True)) == {True, False}
