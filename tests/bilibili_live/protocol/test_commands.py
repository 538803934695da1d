"""Interactions, room states, gauges; text; and what is no event."""

import json
from typing import NoReturn

import pytest

from bilibili_live.events import Gauge, Interaction, RoomState
from bilibili_live.protocol.commands import COMMANDS, decode_frame, decode_message
from bilibili_live.protocol.packets import AUTH_REPLY, MESSAGE, pack
from tests.bilibili_live.messages import (
    RECEIVED,
    ROOM,
    SENT_MS,
    SENT_S,
    danmaku,
    decode,
    gift,
    interact,
    interact_v2,
    only,
    reason,
)
from tests.bilibili_live.protocol.test_danmaku import event_id

TRIGGER = SENT_MS * 1_000_000 + 42


def test_both_forms_of_an_interaction_become_the_same_event() -> None:
    expected = Interaction(
        event_id=event_id("interaction", [335979315, 2, TRIGGER], SENT_MS),
        room_id=ROOM,
        at=SENT_MS,
        received_at=RECEIVED,
        uid=335979315,
        username="小明",
        msg_type=2,
        medal_name="勋章",
        medal_level=5,
        guard_level=3,
    )
    assert only(interact()) == expected
    assert only(interact_v2()) == expected


def test_an_interaction_without_a_trigger_has_the_time_in_seconds() -> None:
    expected = event_id("interaction", [335979315, 2, None], SENT_S * 1000)
    assert only(interact(trigger_time=None)).event_id == expected
    assert only(interact_v2(trigger=0)).event_id == expected


def test_a_masked_visitor_is_told_by_the_shown_name() -> None:
    assert only(interact(uid=0)).event_id == event_id("interaction", ["小明", 2, TRIGGER], SENT_MS)
    assert only(interact_v2(uid=0)).uid is None


def test_an_interaction_without_any_time_is_rejected() -> None:
    assert reason(interact(trigger_time=0, timestamp=None)) == "missing timestamp"
    assert reason(interact_v2(trigger=0, timestamp=0)) == "missing timestamp"
    assert reason(interact(msg_type=None)) == "missing msg_type"


def test_the_start_of_a_stream_is_told_by_its_key() -> None:
    message = {"cmd": "LIVE", "live_key": "69387", "roomid": 1, "live_time": SENT_S, "send_time": SENT_MS}
    assert only(message) == RoomState(
        event_id=event_id("room_state", ["live", "69387"], SENT_S * 1000),
        room_id=ROOM,
        at=SENT_S * 1000,
        received_at=RECEIVED,
        what="live",
        value="69387",
    )


@pytest.mark.parametrize("live_time", [None, 0, "x", -5, 2**80])
def test_a_state_without_a_time_has_the_time_it_was_sent_or_else_received(live_time: object) -> None:
    message = {"cmd": "LIVE", "live_key": "69387", "live_time": live_time}
    assert only(message | {"send_time": SENT_MS}).at == SENT_MS
    assert only(message).at == RECEIVED
    assert only(message | {"send_time": "x"}).at == RECEIVED


@pytest.mark.parametrize(("said", "value"), [({}, ""), ({"round": 1}, "1"), ({"round": "1"}, "1")])
def test_the_end_of_a_stream_says_whether_a_replay_follows(said: dict[str, object], value: str) -> None:
    event = only({"cmd": "PREPARING", "roomid": "1"} | said)
    assert (event.what, event.value) == ("preparing", value)


def test_a_change_of_title_carries_title_and_areas() -> None:
    data = {"title": "新标题", "area_id": 371, "parent_area_id": 9, "area_name": "a", "parent_area_name": "b"}
    event = only({"cmd": "ROOM_CHANGE", "data": data | {"live_key": "0"}})
    assert (event.title, event.area_name, event.parent_area_name) == ("新标题", "a", "b")
    assert json.loads(event.value) == {key: str(value) for key, value in data.items()}


def test_a_login_notice_says_that_we_are_a_guest() -> None:
    event = only({"cmd": "LOG_IN_NOTICE", "data": {"notice_msg": "未登录"}})
    assert (event.what, event.value) == ("login_notice", "未登录")
    assert only({"cmd": "LOG_IN_NOTICE"}).what == "login_notice"


def test_crowd_figures_become_gauges() -> None:
    def gauge(name: str, value: int) -> Gauge:
        return Gauge(event_id=b"", room_id=ROOM, at=RECEIVED, received_at=RECEIVED, name=name, value=value)

    assert only({"cmd": "WATCHED_CHANGE", "data": {"num": 17903}}) == gauge("watched", 17903)
    assert only({"cmd": "ONLINE_RANK_COUNT", "data": {"count": 4}}) == gauge("ranked", 4)
    both = decode({"cmd": "ONLINE_RANK_COUNT", "data": {"count": 4, "online_count": 900}})
    assert both.events == [gauge("ranked", 4), gauge("online", 900)]
    assert reason({"cmd": "WATCHED_CHANGE", "data": {"text_small": "1"}}) == "missing num"


def test_text_is_made_storable_and_otherwise_left_alone() -> None:
    hostile = "a\x00b\u202e<script>alert(1)</script>&amp;'\"" + "长" * 5000
    message = danmaku()
    message["info"][1] = hostile
    assert only(message).message == hostile.replace("\x00", "\u2400")


def test_lone_surrogates_are_replaced_and_pairs_kept() -> None:
    body = json.dumps(danmaku()).replace("\\u665a", "\\ud800x\\ud83d\\ude00").encode()
    (event,) = decode_message(body, ROOM, RECEIVED).events
    assert event.message.startswith("\ufffdx😀")  # type: ignore[union-attr]  # a danmaku


def test_invalid_utf8_is_replaced() -> None:
    body = json.dumps(gift(uname="AAA")).encode().replace(b"AAA", b"A\xffA")
    (event,) = decode_message(body, ROOM, RECEIVED).events
    assert event.username == "A\ufffdA"  # type: ignore[union-attr]  # a gift


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"this is no JSON {", "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b"[]", "no command"),
        (b"null", "no command"),
        (b"{}", "no command"),
        (b'{"cmd":5}', "no command"),
        (b'{"cmd":""}', "no command"),
        (b'{"msg":{"cmd":null}}', "no command"),
        (b'{"msg":[]}', "no command"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
        (b'{"cmd":"DANMU_MSG","info":' + b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_message_is_rejected_by_name(body: bytes, why: str) -> None:
    decoded = decode_message(body, ROOM, RECEIVED)
    assert decoded.events == []
    assert decoded.tally.rejected == {why: 1}


@pytest.mark.parametrize("depth", [50, 500, 700, 900, 980])
def test_a_deeply_nested_text_is_no_way_to_break_the_reading(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    body = json.dumps(danmaku()).replace('"\\u665a\\u4e0a\\u597d"', nested).encode()
    decoded = decode_message(body, ROOM, RECEIVED)
    assert len(decoded.events) + decoded.tally.rejected.get("nested too deep", 0) == 1


@pytest.mark.parametrize(
    ("command", "counted"),
    [
        ("NOTICE_MSG", "NOTICE_MSG"),
        ("master_qn_strategy_chg", "master_qn_strategy_chg"),
        ("SOME_MSG:1:2", "SOME_MSG"),
        ("A" * 500, "A" * 64),
        ("<script>", "(unnamed)"),
        ("中文", "(unnamed)"),
        (":DANMU_MSG", "(unnamed)"),
        ("A\nB", "(unnamed)"),
        ("A\n", "(unnamed)"),
    ],
)
def test_unknown_commands_are_counted_by_a_harmless_name(command: str, counted: str) -> None:
    assert decode({"cmd": command}).tally.ignored == {counted: 1}


def test_every_command_of_the_registry_rejects_an_empty_message_or_reads_it() -> None:
    for command in COMMANDS:
        decoded = decode({"cmd": command, "data": None})
        assert len(decoded.events) + sum(decoded.tally.rejected.values()) == 1, command
        assert decoded.tally.ignored == {}


def test_a_frame_is_decoded_with_all_that_went_wrong_in_it() -> None:
    frame = (
        pack(AUTH_REPLY, b'{"code":0}')
        + pack(MESSAGE, json.dumps(gift()).encode(), 0)
        + pack(MESSAGE, b"no", 0)
        + pack(MESSAGE, b'{"cmd":"NOTICE_MSG"}', 0)
        + pack(77, b"?")
        + pack(MESSAGE, b"{}", 9)
        + b"rest"
    )
    decoded = decode_frame(frame, ROOM, RECEIVED)
    assert [event.kind for event in decoded.events] == ["gift"]
    assert decoded.tally.rejected == {"not JSON": 1}
    assert decoded.tally.ignored == {"NOTICE_MSG": 1}
    assert decoded.tally.undecodable == {
        "unknown operation": 1,
        "unknown version": 1,
        "truncated packet": 1,
    }


def test_a_bug_in_one_function_costs_its_message_and_not_the_room(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(_: object) -> NoReturn:
        raise KeyError("a shape that nobody foresaw")

    monkeypatch.setitem(COMMANDS, "LIVE", stumble)
    decoded = decode_message(b'{"cmd":"LIVE","live_key":"1"}', 90001, 1_790_000_000_000)
    assert decoded.tally.rejected == {"decoder failed": 1}
    assert "a shape that nobody foresaw" in caplog.text
