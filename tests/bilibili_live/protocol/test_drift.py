"""What is new about messages is told in words that repeat, and costs no message."""

import base64
import json

import pytest

from bilibili_live.protocol.commands import MAX_MESSAGE, decode_frame, decode_message
from bilibili_live.protocol.packets import MESSAGE, pack
from tests.bilibili_live.messages import (
    RECEIVED,
    ROOM,
    danmaku,
    decode,
    field,
    fixed,
    gift,
    gift_item,
    gift_v2,
    interact,
    interact_v2,
)


def heard(message: object) -> list[tuple[str, str]]:
    return [(oddity.kind, oddity.name) for oddity in decode(message).oddities]


@pytest.mark.parametrize(
    "message",
    [
        danmaku(),
        gift(),
        gift_v2(gift_item()),
        interact(),
        interact_v2(),
        {"cmd": "NOTICE_MSG"},
        {"cmd": "WIDGET_NEW"},
    ],
)
def test_what_is_known_is_no_news(message: object) -> None:
    assert heard(message) == []


def test_a_new_command_is_news_by_a_harmless_name_and_is_ignored_as_ever() -> None:
    decoded = decode({"cmd": "SKY_LANTERN:1", "data": {"uid": 7}})
    assert decoded.tally.ignored == {"SKY_LANTERN": 1}
    [oddity] = decoded.oddities
    assert (oddity.kind, oddity.name, oddity.at) == ("unknown command", "SKY_LANTERN", RECEIVED)
    assert heard({"cmd": "<script>"}) == [("unknown command", "(unnamed)")]


def test_of_a_frame_few_messages_are_held_and_all_are_told() -> None:
    messages = [json.dumps({"cmd": f"NEW_{number}", "data": []}).encode() for number in range(50)]
    decoded = decode_frame(b"".join(pack(MESSAGE, each) for each in messages), ROOM, RECEIVED)
    assert len(decoded.oddities) == len(decoded.tally.ignored) == 50
    assert [oddity.said is None for oddity in decoded.oddities] == [False] * 20 + [True] * 30


def test_a_message_beyond_all_measure_is_not_parsed() -> None:
    body = b'{"cmd":"NEW","data":[' + b"[]," * (MAX_MESSAGE // 3) + b"[]]}"
    decoded = decode_message(body, ROOM, RECEIVED)
    assert decoded.tally.rejected == {"message too long": 1}
    assert [(oddity.name, oddity.said) for oddity in decoded.oddities] == [("message too long", None)]


def test_a_changed_shape_is_news_and_the_message_is_read_all_the_same() -> None:
    message = danmaku()
    message["info"][0][4] = str(message["info"][0][4])
    assert decode(message).events == decode(danmaku()).events
    assert heard(message) == [
        ("changed shape", "DANMU_MSG: expected int | null, got str at $.info[0][4]"),
    ]
    assert heard(gift(num="2")) == [("changed shape", "SEND_GIFT: expected int, got str at $.data.num")]


def test_a_field_that_is_gone_is_named_and_so_is_the_rejection_that_follows() -> None:
    message = gift()
    del message["data"]["tid"]
    assert heard(message) == [
        ("rejected", "SEND_GIFT: missing tid"),
        ("changed shape", "SEND_GIFT: object missing required field tid at $.data"),
    ]


def test_what_cannot_be_parsed_is_rejected_by_reason_alone() -> None:
    [oddity] = decode_message(b"no JSON", ROOM, RECEIVED).oddities
    assert (oddity.kind, oddity.name, oddity.said) == ("rejected", "not JSON", None)


def test_a_new_field_of_a_protobuf_is_news_by_its_number() -> None:
    def with_field(number: int, value: int | str) -> list[tuple[str, str]]:
        message = interact_v2()
        body = base64.b64decode(message["data"]["pb"]) + field(number, value)
        message["data"]["pb"] = base64.b64encode(body).decode()
        assert len(decode(message).events) == 1
        return heard(message)

    assert with_field(42, 1) == [("changed shape", "INTERACT_WORD_V2: unknown field 42")]
    assert with_field(9000, 1) == [("changed shape", "INTERACT_WORD_V2: unknown field above 99")]
    assert with_field(12, 1) == [("changed shape", "INTERACT_WORD_V2: field 12 is not bytes")]
    assert with_field(24, 1) == with_field(24, "x") == []  # seen, of a meaning that nobody knows


def test_a_new_field_of_one_gift_among_several_is_told_once() -> None:
    new = [gift_item(tid) + field(42, 1) for tid in "ab"]
    assert len(decode(gift_v2(*new, gift_item("c"))).events) == 3
    assert heard(gift_v2(*new, gift_item("c"))) == [("changed shape", "SEND_GIFT_V2: item: unknown field 42")]


def test_money_of_another_type_is_rejected_and_its_changed_shape_is_told() -> None:
    for total in (fixed(7, 100.0), fixed(7, 100), field(7, "100")):
        message = gift_v2(gift_item("a"), gift_item("b", total=0) + total)
        assert [event.tid for event in decode(message).events] == ["a"]  # type: ignore[union-attr]  # a gift
        assert heard(message) == [
            ("rejected", "SEND_GIFT_V2: bad total_coin"),
            ("changed shape", "SEND_GIFT_V2: item: field 7 is not a number"),
        ]


def test_a_lone_surrogate_is_no_news() -> None:
    body = json.dumps(danmaku()).replace("\\u665a", "\\ud800").encode()
    decoded = decode_message(body, ROOM, RECEIVED)
    assert (len(decoded.events), decoded.oddities) == (1, [])


@pytest.mark.parametrize("depth", [500, 980])
def test_a_deeply_nested_message_is_at_most_news(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    body = json.dumps(danmaku()).replace('"\\u665a\\u4e0a\\u597d"', nested).encode()
    assert {oddity.kind for oddity in decode_message(body, ROOM, RECEIVED).oddities} <= {
        "rejected",
        "changed shape",
    }
