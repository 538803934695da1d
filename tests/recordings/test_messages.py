"""Each of the 322 real messages becomes events or is counted by name; money and identity are right."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bilibili_live.events import Decoded
from bilibili_live.protocol.commands import COMMANDS, decode_message
from tests.recordings.independent import messages, one, pb, wire

ROOM, RECEIVED = 5050, 1_790_000_000_000
EVERYTHING = list(messages())
RECORDED = {name: line["raw"] for name, line in EVERYTHING}
Raw = dict[str, Any]
Expected = list[dict[str, Any]]


def decoded(raw: Raw) -> Decoded:
    return decode_message(json.dumps(raw, ensure_ascii=False).encode(), ROOM, RECEIVED)


def command(raw: Raw) -> str:
    said: str = raw["cmd"].split(":")[0]
    return said


def is_placeholder(raw: Raw) -> bool:
    data = raw.get("data")
    return isinstance(data, dict) and "[protobuf_data_base64]" in str(data.get("pb"))


def test_there_are_322_of_134_commands_and_one_is_a_placeholder() -> None:
    assert len(EVERYTHING) == 322
    assert len({name.rpartition("-")[0] for name, _ in EVERYTHING}) == 134
    assert sum(is_placeholder(raw) for raw in RECORDED.values()) == 1


@pytest.mark.parametrize("raw", RECORDED.values(), ids=RECORDED)
def test_a_message_becomes_events_or_is_counted_by_name(raw: Raw) -> None:
    result = decoded(raw)
    if is_placeholder(raw):
        assert (result.events, result.tally.rejected) == ([], {"invalid protobuf": 1})
    elif command(raw) in COMMANDS:
        assert result.events
        assert (result.tally.rejected, result.tally.ignored) == ({}, {})
    else:
        assert (result.events, result.tally.ignored) == ([], {command(raw): 1})
    assert result.tally.undecodable == {}


def danmaku(raw: Raw) -> Expected:
    info = raw["info"]
    medal = info[3] or [0, None]
    return [
        {
            "at": info[0][4],
            "uid": info[2][0] or None,
            "username": info[2][1],
            "message": info[1],
            "medal_name": medal[1],
            "medal_level": medal[0],
            "guard_level": info[7],
            "user_level": info[4][0] if info[4] else 0,
            "is_admin": info[2][2] == 1,
            "mode": info[0][1],
            "color": info[0][3],
            "dm_type": info[0][12],
            "wealth_level": info[16][0] if len(info) > 16 else 0,
        }
    ]


def send_gift(raw: Raw) -> Expected:
    data = raw["data"]
    box, receiver = data.get("blind_gift") or {}, data.get("receive_user_info") or {}
    return [
        {
            "at": data["timestamp"] * 1000,
            "uid": data["uid"] or None,
            "username": data["uname"],
            "tid": data["tid"],
            "gift_id": data["giftId"],
            "num": data["num"],
            "price": data["price"],
            "total_coin": data["total_coin"],
            "coin_type": data["coin_type"],
            "blind_box_price": box.get("original_gift_price", 0),
            "receiver_uid": receiver.get("uid"),
            "is_backpack": data.get("bag_gift") is not None,
        }
    ]


def send_gift_v2(raw: Raw) -> Expected:
    broadcast = pb(raw)
    return [
        {
            "at": one(item, 10) * 1000,
            "uid": one(broadcast, 1),
            "username": one(broadcast, 2).decode(),
            "tid": one(item, 9).decode(),
            "gift_id": one(item, 1),
            "num": one(item, 3),
            "price": one(item, 5, 0),
            "total_coin": one(item, 7, 0),
            "coin_type": one(item, 8).decode(),
            "guard_level": one(broadcast, 5, 0),
            "is_backpack": 31 in item,
        }
        for item in map(wire, broadcast[10])
    ]


def super_chat(raw: Raw) -> Expected:
    data = raw["data"]
    return [
        {
            "at": data["start_time"] * 1000,
            "end_at": data["end_time"] * 1000,
            "super_chat_id": int(data["id"]),
            "uid": int(data["uid"]),
            "price": data["price"],
            "message": data["message"],
            "username": data.get("user_info", data.get("uinfo", {}).get("base", {})).get("uname")
            or data["uinfo"]["base"]["name"],
        }
    ]


def guard_buy(raw: Raw) -> Expected:
    keys = ("uid", "username", "guard_level", "num", "price")
    told = {key: raw["data"][key] for key in keys}
    return [told | {"at": raw["data"]["start_time"] * 1000, "report": "bought", "payflow_id": ""}]


def toast(raw: Raw) -> Expected:
    keys = ("uid", "username", "guard_level", "num", "price", "unit", "payflow_id", "op_type")
    told = {key: raw["data"][key] for key in keys}
    return [told | {"at": raw["data"]["start_time"] * 1000, "report": "toast"}]


def toast_v2(raw: Raw) -> Expected:
    data = raw["data"]
    told = {key: data["pay_info"][key] for key in ("num", "price", "unit", "payflow_id")}
    told |= {"uid": data["sender_uinfo"]["uid"], "username": data["sender_uinfo"]["base"]["name"]}
    told |= {"guard_level": data["guard_info"]["guard_level"], "source": data["option"]["source"]}
    return [told | {"at": data["guard_info"]["start_time"] * 1000, "report": "toast"}]


def interact(raw: Raw) -> Expected:
    data = raw["data"]
    trigger = data.get("trigger_time")
    return [
        {
            "at": trigger // 10**6 if trigger else data["timestamp"] * 1000,
            "uid": data["uid"] or None,
            "username": data["uname"],
            "msg_type": data["msg_type"],
        }
    ]


def interact_v2(raw: Raw) -> Expected:
    record = pb(raw)
    return [
        {
            "at": one(record, 15) // 10**6,
            "uid": one(record, 1),
            "username": one(record, 2).decode(),
            "msg_type": one(record, 5),
        }
    ]


def ids(raw: Raw) -> Expected:
    return [{"super_chat_ids": sorted(raw["data"]["ids"])}]


def live(raw: Raw) -> Expected:
    at = raw["live_time"] * 1000 if "live_time" in raw else RECEIVED
    return [{"what": "live", "value": raw["live_key"], "at": at}]


def preparing(raw: Raw) -> Expected:
    return [{"what": "preparing", "value": str(raw.get("round", "")), "at": raw.get("send_time", RECEIVED)}]


def change(raw: Raw) -> Expected:
    return [{"what": "change"} | {key: raw["data"][key] for key in ("title", "area_name")}]


def notice(raw: Raw) -> Expected:
    return [{"what": "login_notice", "value": raw["data"]["notice_msg"]}]


def watched(raw: Raw) -> Expected:
    return [{"name": "watched", "value": raw["data"]["num"]}]


def ranked(raw: Raw) -> Expected:
    figures = [{"name": "ranked", "value": raw["data"]["count"]}]
    if "online_count" in raw["data"]:
        figures.append({"name": "online", "value": raw["data"]["online_count"]})
    return figures


PICKED_BY_HAND: dict[str, Callable[[Raw], Expected]] = {
    "DANMU_MSG": danmaku,
    "GUARD_BUY": guard_buy,
    "INTERACT_WORD": interact,
    "INTERACT_WORD_V2": interact_v2,
    "LIVE": live,
    "LOG_IN_NOTICE": notice,
    "ONLINE_RANK_COUNT": ranked,
    "PREPARING": preparing,
    "ROOM_CHANGE": change,
    "SEND_GIFT": send_gift,
    "SEND_GIFT_V2": send_gift_v2,
    "SUPER_CHAT_MESSAGE": super_chat,
    "SUPER_CHAT_MESSAGE_DELETE": ids,
    "SUPER_CHAT_MESSAGE_JPN": super_chat,
    "USER_TOAST_MSG": toast,
    "USER_TOAST_MSG_V2": toast_v2,
    "WATCHED_CHANGE": watched,
}
UNDERSTOOD = {
    name: raw for name, raw in RECORDED.items() if command(raw) in PICKED_BY_HAND and not is_placeholder(raw)
}


def test_only_the_mirrored_danmaku_was_never_recorded() -> None:
    assert set(COMMANDS) - {command(raw) for raw in RECORDED.values()} == {"DANMU_MSG_MIRROR"}
    assert set(COMMANDS) - set(PICKED_BY_HAND) == {"DANMU_MSG_MIRROR"}


@pytest.mark.parametrize("raw", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_money_identity_and_time_are_those_of_the_message(raw: Raw) -> None:
    events = decoded(raw).events
    expected = PICKED_BY_HAND[command(raw)](raw)
    assert [
        {key: getattr(e, key) for key in want} for e, want in zip(events, expected, strict=True)
    ] == expected
    assert all(event.room_id == ROOM and event.received_at == RECEIVED for event in events)


def test_only_the_two_reports_of_one_super_chat_share_an_id() -> None:
    reports: dict[bytes, list[Raw]] = {}
    for raw in UNDERSTOOD.values():
        for event in decoded(raw).events:
            if event.event_id:
                reports.setdefault(event.event_id, []).append(raw)
    shared = [raws for raws in reports.values() if len({json.dumps(raw) for raw in raws}) > 1]
    assert shared
    for raws in shared:
        assert {command(raw) for raw in raws} == {"SUPER_CHAT_MESSAGE", "SUPER_CHAT_MESSAGE_JPN"}
        assert len({int(raw["data"]["id"]) for raw in raws}) == 1
