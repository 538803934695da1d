import hashlib
import json
from typing import Any

import pytest

from bilibili_live.events import Danmaku
from tests.bilibili_live.messages import RECEIVED, ROOM, SENT_MS, danmaku, only, reason


def event_id(kind: str, key: object, at: int) -> bytes:
    """The table of design.md 4 by hand, sharing no code with events.py."""
    named = json.dumps([ROOM, kind, key], ensure_ascii=False, separators=(",", ":")).encode()
    return at.to_bytes(6, "big") + hashlib.blake2b(named, digest_size=10).digest()


def test_a_danmaku_is_read_whole() -> None:
    extra = {"emots": {"[热]": {"url": "https://i0/hot.png"}}}
    assert only(danmaku(**extra)) == Danmaku(
        event_id=event_id("danmaku", "abc123", SENT_MS),
        room_id=ROOM,
        at=SENT_MS,
        received_at=RECEIVED,
        uid=3493286400494454,
        username="小明",
        message="晚上好",
        medal_name="勋章",
        medal_level=21,
        user_level=39,
        guard_level=3,
        wealth_level=24,
        is_admin=True,
        is_vip=True,
        mode=4,
        color=0xFF8800,
        emotes={"[热]": "https://i0/hot.png"},
    )


def test_before_march_2023_a_danmaku_is_told_by_uid_ct_and_text() -> None:
    event = only(danmaku(id_str=""))
    assert event.event_id == event_id("danmaku", [3493286400494454, "5814F6B", "晚上好"], SENT_MS)


def test_the_identity_does_not_depend_on_the_time_of_receiving() -> None:
    assert only(danmaku(), received_at=1).event_id == only(danmaku(), received_at=2).event_id


@pytest.mark.parametrize("cmd", ["DANMU_MSG:4:0:2:2:2:0", "DANMU_MSG:3:7:1:1:1:1"])
def test_the_suffix_of_a_command_is_left_out(cmd: str) -> None:
    assert only(danmaku() | {"cmd": cmd}).message == "晚上好"


def test_a_recall_is_no_danmaku() -> None:
    assert reason(danmaku() | {"cmd": "RECALL_DANMU_MSG"}) == "missing data"
    recalled = {"cmd": "RECALL_DANMU_MSG", "data": {"recall_type": 2, "target_id": 7}}
    assert only(recalled).kind == "room_state"


def test_a_wrapped_message_is_read() -> None:
    assert only({"msg": danmaku()}).message == "晚上好"


def test_copies_from_a_connected_room_are_flagged() -> None:
    assert not only(danmaku()).is_mirror
    assert only(danmaku() | {"cmd": "DANMU_MSG_MIRROR"}).is_mirror
    assert only(danmaku(is_mirror=True)).is_mirror


def test_a_masked_guest_has_no_uid() -> None:
    message = danmaku()
    message["info"][2] = [0, "小***", 0, 0, 0, 10000, 1, ""]
    event = only(message)
    assert (event.uid, event.username) == (None, "小***")


def test_a_sticker_has_its_picture() -> None:
    message = danmaku()
    message["info"][0][12:14] = [1, {"url": "https://i0/sticker.png"}]
    event = only(message)
    assert (event.dm_type, event.sticker_url) == (1, "https://i0/sticker.png")


def test_the_text_of_an_advanced_danmaku_may_be_a_list() -> None:
    message = danmaku()
    message["info"][0][1] = 7
    message["info"][1] = [0, "飘", 1.5]
    message["info"][3] = None
    event = only(message)
    assert (event.mode, event.message, event.medal_name) == (7, '[0,"飘",1.5]', None)


OPTIONAL = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]


@pytest.mark.parametrize("index", OPTIONAL)
@pytest.mark.parametrize("junk", [None, "x", -1.5, [], {}, [[[]]], {"a": [1]}, 2**70, True])
def test_no_malformed_optional_field_costs_the_danmaku(index: int, junk: object) -> None:
    message = danmaku()
    message["info"][index] = junk
    assert only(message).message == "晚上好"


@pytest.mark.parametrize("extra", [None, "", "{", "[]", 5, "null", '"\\ud800"'])
def test_a_malformed_extra_costs_only_what_is_in_it(extra: object) -> None:
    message = danmaku()
    message["info"][0][15] = {"extra": extra}
    assert only(message).event_id == event_id("danmaku", [3493286400494454, "5814F6B", "晚上好"], SENT_MS)


@pytest.mark.parametrize("length", [3, 4, 8, 16])
def test_shorter_forms_of_info_are_read(length: int) -> None:
    message = danmaku()
    del message["info"][length:]
    assert only(message).username == "小明"


def _without(path: list[int], value: object) -> dict[str, Any]:
    message = danmaku()
    place = message["info"]
    for index in path[:-1]:
        place = place[index]
    place[path[-1]] = value
    return message


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (danmaku() | {"info": None}, "missing info"),
        (danmaku() | {"info": []}, "missing info"),
        (_without([2], None), "missing info"),
        (_without([0, 4], None), "missing time"),
        (_without([0, 4], "soon"), "missing time"),
        (_without([0, 4], 0), "bad time"),
        (_without([0, 4], 1_200_000_000_000), "bad time"),
        (_without([0, 4], 4_200_000_000_000), "bad time"),
        (_without([0, 4], 2**63), "number out of range"),
        (_without([2, 0], "nobody"), "bad uid"),
        (_without([2, 0], -5), "bad uid"),
        (_without([2, 0], 2**63), "number out of range"),
    ],
)
def test_what_has_no_time_or_no_person_is_rejected_by_name(message: dict[str, Any], why: str) -> None:
    assert reason(message) == why
