"""Messages that are read without parsing all of them become what they become when all of them is parsed."""

import base64
import json
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.packets import bodies
from bilibili_live.events import Decoded
from bilibili_live.protocol import commands
from bilibili_live.protocol.commands import COMMANDS
from bilibili_live.protocol.ignored import reason_for
from bilibili_live.protocol.pruned import PARSED
from bilibili_live.protocol.typed_gauges import FIGURES
from tests.bilibili_live.changed_messages import ODD, VALUES, changed, paths, without, written
from tests.bilibili_live.messages import (
    RECEIVED,
    ROOM,
    SENT_MS,
    SENT_S,
    field,
    gift,
    gift_item,
    gift_v2,
    guard_buy,
    interact,
    interact_v2,
    super_chat,
    toast,
    toast_v2,
)

LIKE = {
    "cmd": "LIKE_INFO_V3_CLICK",
    "send_time": SENT_MS,
    "data": {
        "uid": 7, "uname": "小明", "msg_type": 6, "fans_medal": {"medal_name": "勋章", "medal_level": 3},
        "uinfo": {"guard": {"level": 3}},
    },
}  # fmt: skip
GAUGES: list[dict[str, Any]] = [
    {"cmd": "LIKE_INFO_V3_UPDATE", "data": {"click_count": 7}, "live_time": SENT_S},
    {"cmd": "ONLINE_RANK_COUNT", "data": {"count": 7, "online_count": 8}, "send_time": SENT_MS},
    {"cmd": "ROOM_REAL_TIME_MESSAGE_UPDATE", "data": {"fans": 7, "fans_club": 8}},
    {"cmd": "WATCHED_CHANGE", "data": {"num": 7}, "send_time": SENT_MS, "live_time": SENT_S},
]
MADE: list[dict[str, Any]] = [
    LIKE, *GAUGES, gift(), gift_v2(gift_item(), gift_item("2")), guard_buy(), interact(), interact_v2(),
    super_chat(), super_chat("SUPER_CHAT_MESSAGE_JPN", user_info=None, uinfo={"base": {"name": "小明"}}),
    toast(), toast_v2(),
]  # fmt: skip
SENT = [body.content for body in islice(bodies(seed=4), 600) if body.sort != "danmaku"]


def quickly(body: bytes) -> Decoded | None:
    decoded = Decoded()
    if commands._decode_quickly(decoded, body, ROOM, RECEIVED):
        return decoded
    assert decoded == Decoded()
    return None


def leniently(body: bytes) -> Decoded:
    decoded = Decoded()
    commands._decode_leniently(decoded, body, ROOM, RECEIVED)
    return decoded


def agrees(body: bytes) -> bool:
    """Whether it was read quickly; fails when that makes a difference."""
    found = quickly(body)
    assert found is None or found == leniently(body)
    return found is not None


def test_what_is_sent_a_lot_is_read_quickly() -> None:
    assert {message["cmd"] for message in MADE} == {*PARSED, *FIGURES}
    for message in MADE:
        assert agrees(written(message)), message
    for body in SENT:
        assert agrees(body) or len(body) > 4_000
    assert sum(map(agrees, SENT)) > 0.95 * len(SENT)


def test_a_command_that_is_passed_over_is_read_by_nobody() -> None:
    assert [command for command in COMMANDS if reason_for(command)] == []


@pytest.mark.parametrize("command", ["ENTRY_EFFECT", "WIDGET_BANNER", "COMBO_SEND:1:2", "WIDGET_NEVER_SEEN"])
def test_a_command_that_is_passed_over_is_counted_by_its_name_alone(command: str) -> None:
    assert agrees(written({"cmd": command, "data": {"uid": 7}}))
    found = quickly(b'{"cmd":"' + command.encode() + b'", no JSON')
    assert found is not None
    assert found.tally.ignored == {command.partition(":")[0]: 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"cmd":"',
        b'{"cmd":"WIDGET_BANNER',
        b'{"cmd":"WIDGET_' + b"x" * 80 + b'"}',
        b'{"cmd": "WIDGET_BANNER"}',
        b'{"cmd":"WIDGET_<b>"}',
        b'{"cmd":"WIDGET_\xff"}',
        b'{"cmd":"NEVER_SEEN"}',
        b'{"cmd":"LIVE","live_key":"1"}',
        b'{"data":{"num":7},"cmd":"WATCHED_CHANGE"}',
        b'{"cmd":"WATCHED_CHANGE","data":{"num":7},"cmd":"LIVE"}',
    ],
)
def test_anything_else_is_left_to_the_lenient_reader(body: bytes) -> None:
    assert quickly(body) is None


@pytest.mark.parametrize("message", MADE, ids=lambda message: message["cmd"])
def test_whatever_stands_anywhere_both_readings_agree(message: dict[str, Any]) -> None:
    for path in paths(message):
        agrees(written(without(message, path)))
        for odd in ODD:
            agrees(written(changed(message, path, odd)))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_whatever_stands_anywhere_in_what_is_sent_both_readings_agree(data: st.DataObject) -> None:
    message = json.loads(data.draw(st.sampled_from(SENT)))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(paths(message))))
        if data.draw(st.booleans()):
            message = changed(message, path, data.draw(VALUES))
        elif len(path) > 1:
            message = without(message, path)
    agrees(written(message, escaped=data.draw(st.booleans())))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.sampled_from(SENT), st.data())
def test_with_damaged_bytes_both_readings_agree(body: bytes, data: st.DataObject) -> None:
    damaged = bytearray(body)
    front = body.index(b",")  # of a command that is passed over nothing else is read
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(front, len(body) - 1))] = data.draw(st.integers(0, 255))
    if command_is_parsed(body):
        agrees(bytes(damaged))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_with_a_damaged_protobuf_both_readings_agree(data: st.DataObject) -> None:
    message = json.loads(data.draw(st.sampled_from([body for body in SENT if b'"pb":' in body])))
    record = bytearray(base64.b64decode(message["data"]["pb"]))
    for _ in range(data.draw(st.integers(1, 3))):
        record[data.draw(st.integers(0, len(record) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        value: int | str = data.draw(st.one_of(st.just(7), st.just("seven")))
        record += field(data.draw(st.integers(1, 200)), value)
    agrees(written(changed(message, ("data", "pb"), base64.b64encode(record).decode())))


def command_is_parsed(body: bytes) -> bool:
    return json.loads(body)["cmd"] in {*PARSED, *FIGURES}


@pytest.mark.parametrize("message", MADE, ids=lambda message: message["cmd"])
def test_a_long_number_that_nobody_reads_makes_no_difference(message: dict[str, Any]) -> None:
    for digits in (4_299, 4_300, 4_301, 6_000):
        for before in (0, 1_000, 1_700, 1_999):
            front = written(message)[:-1] + b',"x":"' + b"x" * before
            agrees(front + b'","unread":' + b"9" * digits + b"}")


def test_deep_nesting_makes_no_difference() -> None:
    for message in MADE:
        for depth in (500, 1_500):
            agrees(written(message)[:-1] + b',"unread":' + b"[" * depth + b"]" * depth + b"}")
