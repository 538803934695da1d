"""Gifts, guards, super chats: what becomes money, and what refuses to."""

from typing import Any

import pytest

from bilibili_live.events import Gift, GuardReport, SuperChat, SuperChatDeletion
from tests.bilibili_live.messages import (
    RECEIVED,
    ROOM,
    SENT_S,
    decode,
    field,
    fixed,
    gift,
    gift_item,
    gift_v2,
    guard_buy,
    in_protobuf,
    only,
    reason,
    super_chat,
    toast,
    toast_v2,
)
from tests.bilibili_live.protocol.test_danmaku import event_id

AT = SENT_S * 1000


def test_a_gift_is_read_whole() -> None:
    assert only(gift()) == Gift(
        event_id=event_id("gift", "4760043420746102272", AT),
        room_id=ROOM,
        at=AT,
        received_at=RECEIVED,
        uid=3493286400494454,
        username="小明",
        gift_id=31036,
        gift_name="小花花",
        num=2,
        price=100,
        total_coin=200,
        coin_type="gold",
        tid="4760043420746102272",
        medal_name="勋章",
        medal_level=27,
        guard_level=3,
        wealth_level=24,
        receiver_uid=99,
        receiver_name="主播",
        combo_id="combo-1",
    )


def test_both_forms_of_a_gift_become_the_same_event() -> None:
    assert only(gift_v2(gift_item(tid="4760043420746102272"))) == only(gift())


def test_the_money_of_a_blind_box_is_what_was_paid() -> None:
    box = {"original_gift_id": 35206, "original_gift_name": "盲盒", "original_gift_price": 5000}
    event = only(gift(blind_gift=box, total_coin=5000, price=2500, num=1))
    assert (event.total_coin, event.price) == (5000, 2500)
    assert (event.blind_box_id, event.blind_box_name, event.blind_box_price) == (35206, "盲盒", 5000)


def test_every_item_of_a_broadcast_is_a_gift() -> None:
    box = field(2, 32000) + field(3, "盲盒") + field(6, 33000)
    items = gift_item("1", total=165000), gift_item("2", total=165000, price=20000)
    decoded = decode(gift_v2(*items, box=box))
    assert [(event.tid, event.total_coin, event.blind_box_price) for event in decoded.events] == [  # type: ignore[union-attr]  # all gifts
        ("1", 165000, 33000),
        ("2", 165000, 33000),
    ]
    assert len({event.event_id for event in decoded.events}) == 2


def test_a_broken_item_does_not_take_its_neighbours_along() -> None:
    decoded = decode(gift_v2(gift_item("1"), gift_item(""), b"\x08", gift_item("4")))
    assert [event.tid for event in decoded.events] == ["1", "4"]  # type: ignore[union-attr]  # all gifts
    assert decoded.tally.rejected == {"missing tid": 1, "invalid protobuf": 1}


def test_a_backpack_gift_is_flagged() -> None:
    assert not only(gift()).is_backpack
    assert only(gift(bag_gift={"show_price": 1, "price_for_show": 100})).is_backpack
    assert only(gift_v2(gift_item() + field(31, field(1, 1)))).is_backpack


@pytest.mark.parametrize("value", [0, 1, "x", 0.0, 1.5])
def test_both_forms_say_the_same_of_what_was_never_seen_as_a_backpack(value: float | int | str) -> None:
    sent = fixed(31, value) if isinstance(value, float) else field(31, value)
    expected = bool(value)
    assert only(gift_v2(gift_item() + sent)).is_backpack is expected
    assert only(gift(bag_gift=value)).is_backpack is expected


def test_an_empty_message_about_the_backpack_is_one() -> None:
    assert only(gift_v2(gift_item() + field(31, b""))).is_backpack
    assert only(gift(bag_gift={})).is_backpack


def test_a_guest_sees_gifts_without_uids() -> None:
    assert only(gift_v2(gift_item(), uid=0)).uid is None
    assert only(gift(uid=0)).uid is None


def test_a_free_silver_gift_is_read() -> None:
    assert only(gift(coin_type="silver", total_coin=0, price=0)).coin_type == "silver"
    assert only(gift_v2(gift_item(total=0, price=0))).total_coin == 0


def test_a_gift_without_a_named_receiver_is_the_anchors() -> None:
    event = only(gift(receive_user_info=None))
    assert (event.receiver_uid, event.receiver_name) == (None, "")


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (gift(tid=None), "missing tid"),
        (gift(tid=""), "missing tid"),
        (gift(total_coin=None), "missing total_coin"),
        (gift(total_coin="much"), "missing total_coin"),
        (gift(total_coin=-1), "number out of range"),
        (gift(total_coin=2**63), "number out of range"),
        (gift(total_coin=10**18), "number out of range"),
        (gift(price=2**63), "number out of range"),
        (gift(num=2**40), "number out of range"),
        (gift(giftId=2**63), "number out of range"),
        (gift(timestamp=None), "missing timestamp"),
        (gift(timestamp=0), "bad time"),
        (gift(coin_type=None), "missing coin_type"),
        (gift(coin_type="bronze"), "bad coin_type"),
        (gift(uid="nobody"), "bad uid"),
        (gift() | {"data": None}, "missing data"),
        (gift() | {"data": []}, "missing data"),
        (gift_v2(), "missing gift item"),
        (in_protobuf("SEND_GIFT_V2", b"\x52\xff\xff\xff\x0f"), "invalid protobuf"),
        ({"cmd": "SEND_GIFT_V2", "data": {"pb": ""}}, "empty protobuf"),
        ({"cmd": "SEND_GIFT_V2", "data": {"dmscore": 1}}, "missing pb"),
        (gift_v2(gift_item(total=2**60)), "number out of range"),
        (gift_v2(gift_item(total=-1)), "number out of range"),
        (gift_v2(gift_item(), uid=-3), "bad uid"),
        (gift_v2(gift_item(total=0) + fixed(7, 100.0)), "bad total_coin"),
        (gift_v2(gift_item(total=0) + fixed(7, 100)), "bad total_coin"),
        (gift_v2(gift_item(total=0) + field(7, "100")), "bad total_coin"),
        (gift_v2(gift_item() + field(29, field(2, "99"))), "bad uid"),
        (in_protobuf("SEND_GIFT_V2", fixed(1, 7) + field(10, gift_item())), "bad uid"),
        (in_protobuf("INTERACT_WORD_V2", fixed(1, 7) + field(5, 1) + field(7, SENT_S)), "bad uid"),
    ],
)
def test_a_gift_that_cannot_be_counted_is_rejected_by_name(message: dict[str, Any], why: str) -> None:
    assert reason(message) == why


@pytest.mark.parametrize("junk", [None, "x", [], {}, 1.5, 2**70])
@pytest.mark.parametrize(
    "key", ["guard_level", "wealth_level", "medal_info", "blind_gift", "batch_combo_id", "giftName", "uname"]
)
def test_no_malformed_optional_field_costs_the_gift(key: str, junk: object) -> None:
    assert only(gift(**{key: junk})).total_coin == 200


def test_numbers_may_come_as_text() -> None:
    event = only(gift(total_coin="200", uid="3493286400494454", timestamp=str(SENT_S)))
    assert (event.total_coin, event.uid, event.at) == (200, 3493286400494454, AT)


def test_combos_are_never_added_up() -> None:
    decoded = decode(gift() | {"cmd": "COMBO_SEND"})
    assert decoded.events == []
    assert decoded.tally.ignored == {"COMBO_SEND": 1}


def test_a_super_chat_is_read_whole() -> None:
    assert only(super_chat()) == SuperChat(
        event_id=event_id("super_chat", 15164370, AT),
        room_id=ROOM,
        at=AT,
        received_at=RECEIVED,
        super_chat_id=15164370,
        uid=102581857,
        username="小明",
        message="点歌",
        price=30,
        end_at=AT + 60_000,
        medal_name="勋章",
        medal_level=15,
        guard_level=3,
        background_color="#EDF5FF",
    )


def test_the_japanese_copy_has_the_same_identity_though_its_numbers_are_text() -> None:
    copy = super_chat(
        "SUPER_CHAT_MESSAGE_JPN", id="15164370", uid="102581857", ts=SENT_S + 1, message_jpn="歌"
    )
    event = only(copy)
    assert event.event_id == only(super_chat()).event_id
    assert (event.uid, event.message_trans) == (102581857, "歌")


def test_the_end_of_a_super_chat_is_worked_out_when_it_is_not_said() -> None:
    assert only(super_chat(end_time=None)).end_at == AT + 60_000
    assert only(super_chat(end_time=-1, time=None)).end_at == AT


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": None}, "missing id"),
        ({"id": 2**64}, "number out of range"),
        ({"price": None}, "missing price"),
        ({"price": 10**13}, "number out of range"),
        ({"start_time": None}, "missing start_time"),
        ({"start_time": 5}, "bad time"),
        ({"uid": {}}, "bad uid"),
    ],
)
def test_a_super_chat_that_cannot_be_counted_is_rejected_by_name(changed: dict[str, Any], why: str) -> None:
    assert reason(super_chat(**changed)) == why


def test_a_deletion_is_told_by_its_sorted_ids() -> None:
    message = {"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": [9, "7", None]}, "send_time": AT}
    assert only(message) == SuperChatDeletion(
        event_id=event_id("super_chat_deletion", [7, 9], AT),
        room_id=ROOM,
        at=AT,
        received_at=RECEIVED,
        super_chat_ids=[7, 9],
    )
    assert reason({"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": []}}) == "missing ids"


def test_a_guard_bought_has_the_list_price_and_no_order() -> None:
    assert only(guard_buy()) == GuardReport(
        event_id=event_id("guard_bought", [14225357, 3], AT),
        room_id=ROOM,
        at=AT,
        received_at=RECEIVED,
        report="bought",
        uid=14225357,
        username="小明",
        guard_level=3,
        num=2,
        price=198000,
        role_name="舰长",
    )


def test_both_forms_of_a_toast_become_the_same_event() -> None:
    expected = GuardReport(
        event_id=event_id("guard_toast", "2312150304155852173446521", AT),
        room_id=ROOM,
        at=AT,
        received_at=RECEIVED,
        report="toast",
        uid=14225357,
        username="小明",
        guard_level=3,
        num=1,
        price=138000,
        unit="月",
        payflow_id="2312150304155852173446521",
        op_type=2,
        role_name="舰长",
    )
    assert only(toast()) == expected
    assert only(toast_v2()) == expected


def test_the_copy_that_the_site_leaves_out_keeps_its_source() -> None:
    assert only(toast_v2(source=2)).source == 2


def test_a_toast_without_an_order_is_told_by_the_person_and_level() -> None:
    assert only(toast(payflow_id="")).event_id == event_id("guard_toast", [14225357, 3], AT)
    masked = only(toast(payflow_id=None, uid=0, username="小***"))
    assert masked.event_id == event_id("guard_toast", ["小***", 3], AT)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (guard_buy(price=None), "missing price"),
        (guard_buy(start_time=None), "missing start_time"),
        (guard_buy(guard_level=None), "missing guard_level"),
        (guard_buy(guard_level=4), "bad guard_level"),
        (guard_buy(price=10**15, num=2), "number out of range"),
        (toast(price=-1), "number out of range"),
        (toast_v2(price=None), "missing price"),
        ({"cmd": "USER_TOAST_MSG_V2", "data": {"pay_info": 5}}, "missing start_time"),
    ],
)
def test_a_guard_that_cannot_be_counted_is_rejected_by_name(message: dict[str, Any], why: str) -> None:
    assert reason(message) == why
