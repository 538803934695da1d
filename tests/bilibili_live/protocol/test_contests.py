"""Fights between rooms and lotteries: one event for each step, however often it is told."""

from typing import Any

import pytest

from tests.bilibili_live.messages import RECEIVED, ROOM, SENT_MS, SENT_S, only, reason
from tests.bilibili_live.protocol.test_danmaku import event_id

AT = SENT_S * 1000


def pk(cmd: str, status: int, data: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    outer = {"pk_id": 395, "pk_status": status, "timestamp": SENT_S, "data": data or {"battle_type": 1}}
    return {"cmd": cmd, **outer, **changed}


def score(ours: int, theirs: int) -> dict[str, Any]:
    sides = ({"room_id": 90001, "votes": ours}, {"room_id": 7, "votes": theirs})
    return {"init_info": sides[0], "match_info": sides[1]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (pk("PK_BATTLE_PRE", 101), pk("PK_BATTLE_PRE_NEW", 101, send_time=SENT_MS + 70)),
        (pk("PK_BATTLE_START", 201, pk_id="395"), pk("PK_BATTLE_START_NEW", 201)),
        (pk("PK_BATTLE_END", 401, score(6, 170)), pk("PK_BATTLE_SETTLE", 401)),
        (
            pk("PK_BATTLE_END", 401),
            {
                "cmd": "PK_BATTLE_SETTLE_NEW",
                "data": {"pk_id": 395, "pk_status": 401, "timestamp": SENT_S, **score(6, 170)},
            },
        ),
        (pk("PK_BATTLE_SETTLE_V2", 401), pk("PK_BATTLE_SETTLE_USER", 401)),
    ],
)
def test_both_forms_of_a_step_are_one_event(old: dict[str, Any], new: dict[str, Any]) -> None:
    first, second = only(old, RECEIVED), only(new, RECEIVED + 900)
    assert first.event_id == second.event_id
    assert (first.what, first.at) == ("pk", AT)


def test_each_step_of_a_fight_is_an_event_of_its_own_with_who_and_how_much() -> None:
    begun = only(pk("PK_BATTLE_PRE", 101, {"uname": "对手", "room_id": 7}))
    assert (begun.value, begun.detail) == ("395:101", "对手")
    ended = only(pk("PK_BATTLE_END", 401, score(6, 170)))
    assert (ended.value, ended.detail) == ("395:401", "90001: 6, 7: 170")
    assert only(pk("PK_BATTLE_SETTLE_NEW", 601)).value == "395:601"
    assert reason(pk("PK_BATTLE_END", 401, pk_id=None)) == "missing pk_id"
    assert reason(pk("PK_BATTLE_END", 401, pk_status="x")) == "missing pk_status"


@pytest.mark.parametrize(
    ("status", "at"), [(101, 1), (201, 1), (301, 300), (401, 300), (601, 300), (1001, 360)]
)
def test_the_newest_form_tells_any_number_of_rooms_once_for_each_status(status: int, at: int) -> None:
    times = {
        "start_time": SENT_S + 1, "end_time": SENT_S + 300, "punish_end_time": SENT_S + 360,
    }  # fmt: skip

    def told(votes: int) -> Any:
        basic = {"pk_id": 395, "status": status, **times}
        members = [{"room_id": room, "votes": votes * room} for room in (1, 2, 3)]
        return only({"cmd": "PK_INFO", "data": {"pk_basic": basic, "members": members}})

    assert told(5).event_id == told(6).event_id
    assert (told(5).value, told(5).detail) == (f"395:{status}", "1: 5, 2: 10, 3: 15")
    assert told(5).at == (SENT_S + at) * 1000


@pytest.mark.parametrize(
    ("status", "key"), [(101, "start_time"), (401, "end_time"), (1001, "punish_end_time")]
)
@pytest.mark.parametrize("at", [None, 0, "", 10**15, -1])
def test_a_step_of_the_newest_form_without_its_time_is_no_event(status: int, key: str, at: Any) -> None:
    times = dict.fromkeys(("start_time", "end_time", "punish_end_time"), SENT_S)
    basic = {"pk_id": 395, "status": status, **times, key: at}
    message = {"cmd": "PK_INFO", "send_time": SENT_MS, "data": {"pk_basic": basic}}
    assert reason(message) in (f"missing {key}", "number out of range")


def lottery(passed: int, **changed: Any) -> dict[str, Any]:
    data = {"id": 14, "award_name": "情书", "award_num": 2, "max_time": 600}
    data |= {"current_time": SENT_S + passed, "time": 600 - passed, **changed}
    return {"cmd": "ANCHOR_LOT_START", "data": data}


def test_a_lottery_that_is_told_again_is_the_same_lottery() -> None:
    first, again = only(lottery(0)), only(lottery(120), RECEIVED + 120_000)
    assert first.event_id == again.event_id == event_id("room_state", ["lottery_start", "14"], AT)
    assert (first.room_id, first.detail) == (ROOM, "情书 ×2")


def test_a_lottery_that_does_not_say_when_it_began_has_the_time_of_its_telling() -> None:
    assert only(lottery(5, time=None)).at == AT + 5000
    assert only(lottery(5, current_time=None)).at == RECEIVED
    assert reason(lottery(5, id=None)) == "missing id"
    assert reason(lottery(5, award_name="")) == "missing award_name"


def test_what_becomes_of_a_lottery_is_told_by_its_id() -> None:
    winners = [{"uid": 7, "uname": "某人"}, {"uid": 8, "uname": "别人"}]
    drawn = {"id": 14, "award_name": "情书", "award_users": winners}
    event = only({"cmd": "ANCHOR_LOT_AWARD", "data": drawn})
    assert (event.what, event.value, event.detail) == ("lottery_award", "14", "情书 ×2")
    event = only(
        {"cmd": "ANCHOR_LOT_CHECKSTATUS", "data": {"id": 14, "status": 5, "reject_reason": "不合格"}}
    )
    assert (event.what, event.value, event.detail) == ("lottery_check", "14:5", "不合格")
    assert only({"cmd": "ANCHOR_LOT_END", "data": {"id": 14}}).what == "lottery_end"
