"""What the site, the streamer and the admins do in a room; who is on the line."""

from typing import Any

import pytest

from bilibili_live.events import Interaction, RoomState
from tests.bilibili_live.messages import RECEIVED, ROOM, SENT_MS, SENT_S, only, reason
from tests.bilibili_live.protocol.test_danmaku import event_id

LINES = [{"type": 1, "label": "处罚结果", "content": "警告"}, {"type": 1, "label": "", "content": "请整改"}]


@pytest.mark.parametrize(
    ("message", "what", "value", "detail", "uid"),
    [
        ({"cmd": "WARNING", "msg": "请立即调整", "roomid": 1}, "warning", "请立即调整", "", None),
        ({"cmd": "CUT_OFF", "msg": "违规", "room_id": 1}, "cut_off", "违规", "", None),
        ({"cmd": "ROOM_LOCK", "expire": "2026-10-01 12:00:00"}, "lock", "2026-10-01 12:00:00", "", None),
        (
            {"cmd": "ROOM_BLOCK_MSG", "data": {"operator": 2, "uid": 7, "uname": "某人"}, "uid": "7"},
            "block", "7", "某人", 7,
        ),
        (
            {"cmd": "ROOM_BLOCK_MSG", "data": {"operator": 1, "uid": 7, "uname": "某人"}},
            "block_by_admin", "7", "某人", 7,
        ),
        ({"cmd": "ROOM_BLOCK_MSG", "uid": "7", "uname": "某人"}, "block", "7", "某人", 7),
        ({"cmd": "ROOM_BLOCK_MSG", "data": {"uid": 0, "uname": "某***"}}, "block", "某***", "某***", None),
        (
            {"cmd": "ROOM_SILENT_ON", "data": {"type": "level", "level": 5, "second": -1}},
            "silent_on", "level:5:-1", "", None,
        ),
        ({"cmd": "ROOM_SILENT_OFF", "data": {"type": "", "level": 0}}, "silent_off", "", "", None),
        ({"cmd": "ROOM_ADMINS", "uids": [30, 4, "x", None]}, "admins", "4,30", "2", None),
        ({"cmd": "ROOM_ADMINS", "uids": []}, "admins", "", "0", None),
        ({"cmd": "room_admin_entrance", "uid": 7, "level": 1}, "admin_added", "7", "", 7),
        ({"cmd": "ROOM_ADMIN_REVOKE", "uid": 7}, "admin_revoked", "7", "", 7),
        ({"cmd": "RECALL_DANMU_MSG", "data": {"recall_type": 2, "target_id": 7}}, "recall", "2:7", "", 7),
        (
            {"cmd": "RECALL_DANMU_MSG", "data": {"recall_type": 1, "target_id": "ab"}},
            "recall", "1:ab", "", None,
        ),
        ({"cmd": "RECALL_DANMU_MSG", "data": {"recall_type": 3}}, "recall", "3:", "", None),
    ],
)  # fmt: skip
def test_a_measure_of_order_is_a_state_of_the_room(
    message: dict[str, Any], what: str, value: str, detail: str, uid: int | None
) -> None:
    event = only(message | {"send_time": SENT_MS})
    assert isinstance(event, RoomState)
    assert (event.what, event.value, event.detail, event.uid) == (what, value, detail, uid)
    assert event.at == SENT_MS
    assert event.event_id == event_id("room_state", [what, value], SENT_MS)
    assert only(message).at == RECEIVED


@pytest.mark.parametrize(
    ("message", "what", "value"),
    [
        (
            {
                "cmd": "CUT_OFF_V2",
                "data": {"cut_off_data": {"cut_off_title": "违规提示", "cut_off_message_list": LINES}},
            },
            "cut_off",
            "违规提示; 处罚结果: 警告; 请整改",
        ),
        (
            {
                "cmd": "ANCHOR_ECOLOGY_LIVING_DIALOG",
                "data": {"dialog_title": "直播间违规", "dialog_message_list": LINES},
            },
            "violation",
            "直播间违规; 处罚结果: 警告; 请整改",
        ),
        ({"cmd": "LIVE_ROOM_TOAST_MESSAGE", "data": {"message": "连线结束"}}, "toast", "连线结束"),
    ],
)
def test_what_says_its_own_time_has_that_time(message: dict[str, Any], what: str, value: str) -> None:
    timed = message | {"data": message["data"] | {"timestamp": SENT_S}, "send_time": SENT_MS}
    event = only(timed)
    assert (event.what, event.value, event.at) == (what, value, SENT_S * 1000)
    assert only(message | {"send_time": SENT_MS}).at == SENT_MS
    nonsense = message | {"data": message["data"] | {"timestamp": -1}}
    assert only(nonsense).at == RECEIVED


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"cmd": "WARNING"}, "missing msg"),
        ({"cmd": "CUT_OFF", "msg": ""}, "missing msg"),
        ({"cmd": "CUT_OFF_V2", "data": {"timestamp": 1}}, "missing cut_off_title"),
        ({"cmd": "ROOM_BLOCK_MSG", "data": {"operator": 1}}, "missing uid"),
        ({"cmd": "room_admin_entrance", "msg": "x"}, "missing uid"),
        ({"cmd": "ROOM_ADMIN_REVOKE", "uid": "x"}, "bad uid"),
        ({"cmd": "RECALL_DANMU_MSG", "data": {"recall_type": 2, "target_id": "x"}}, "bad uid"),
    ],
)
def test_what_says_nothing_is_rejected(message: dict[str, Any], why: str) -> None:
    assert reason(message) == why


def test_a_connection_is_told_by_its_channel_and_has_its_own_time() -> None:
    begun = {"channel_id": "72", "start_at": SENT_S, "invited_uid": 7, "invited_uname": "某人"}
    event = only({"cmd": "VIDEO_CONNECTION_JOIN_START", "data": begun})
    assert (event.what, event.value, event.detail, event.uid) == ("video_start", "72", "某人", 7)
    assert event.at == SENT_S * 1000
    ended = {"channel_id": "72", "start_at": SENT_S, "toast": "结束了"}
    event = only({"cmd": "VIDEO_CONNECTION_JOIN_END", "data": ended})
    assert (event.what, event.value, event.detail, event.at) == ("video_end", "72", "结束了", SENT_S * 1000)


def test_somebody_on_the_line_is_told_by_uid_or_name_and_nobody_by_nothing() -> None:
    def voice(**data: Any) -> tuple[object, ...]:
        event = only({"cmd": "VOICE_JOIN_STATUS", "data": data})
        return event.what, event.value, event.at

    at = SENT_S * 1000
    assert voice(status=1, uid=7, user_name="某人", start_at=SENT_S) == ("voice_start", "7", at)
    assert voice(status=1, uid=0, user_name="某***", start_at=SENT_S) == ("voice_start", "某***", at)
    assert voice(status=0, uid=0, start_at=0, current_time=SENT_S) == ("voice_end", "", at)


def test_a_like_is_an_interaction_that_has_no_time_of_its_own() -> None:
    data = {"uid": 7, "uname": "某人", "msg_type": 6, "fans_medal": {"medal_name": "章", "medal_level": 5}}
    data |= {"uinfo": {"guard": {"level": 3}}}
    assert only({"cmd": "LIKE_INFO_V3_CLICK", "data": data, "send_time": SENT_MS}) == Interaction(
        event_id=event_id("interaction", [7, 6, None], SENT_MS),
        room_id=ROOM,
        at=SENT_MS,
        received_at=RECEIVED,
        uid=7,
        username="某人",
        msg_type=6,
        medal_name="章",
        medal_level=5,
        guard_level=3,
    )
    masked = only({"cmd": "LIKE_INFO_V3_CLICK", "data": {"uid": 0, "uname": "某***"}})
    assert (masked.uid, masked.at, masked.msg_type) == (None, RECEIVED, 6)
    assert masked.event_id == event_id("interaction", ["某***", 6, None], RECEIVED)


def test_likes_followers_and_the_fan_club_are_figures() -> None:
    figure = only({"cmd": "LIKE_INFO_V3_UPDATE", "data": {"click_count": 9}, "send_time": SENT_MS})
    assert (figure.name, figure.value, figure.at) == ("likes", 9, SENT_MS)
    assert only({"cmd": "ROOM_REAL_TIME_MESSAGE_UPDATE", "data": {"fans": 9}}).name == "followers"
    assert reason({"cmd": "ROOM_REAL_TIME_MESSAGE_UPDATE", "data": {"fans_club": 9}}) == "missing fans"
