"""What each recorded command is expected to become, picked out of its JSON by hand: a second reading."""

from collections.abc import Callable
from typing import Any

from bilibili_live.protocol.commands import COMMANDS
from tests.recordings.independent import one, pb, wire

RECEIVED = 1_790_000_000_000
Raw = dict[str, Any]
Expected = list[dict[str, Any]]


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


def likes(raw: Raw) -> Expected:
    return [{"name": "likes", "value": raw["data"]["click_count"]}]


def followers(raw: Raw) -> Expected:
    data = raw["data"]
    return [{"name": "followers", "value": data["fans"]}, {"name": "fan_club", "value": data["fans_club"]}]


def like(raw: Raw) -> Expected:
    data = raw["data"]
    told = {"uid": data["uid"], "username": data["uname"], "medal_level": data["fans_medal"]["medal_level"]}
    return [told | {"msg_type": 6, "at": raw.get("send_time", RECEIVED)}]


def pk(raw: Raw) -> Expected:
    outer = raw if "pk_id" in raw else raw["data"]
    value = f"{outer['pk_id']}:{outer['pk_status']}"
    return [{"what": "pk", "value": value, "at": outer["timestamp"] * 1000}]


def pk_info(raw: Raw) -> Expected:
    basic = raw["data"]["pk_basic"]
    return [{"what": "pk", "value": f"{basic['pk_id']}:{basic['status']}", "at": basic["start_time"] * 1000}]


def lottery_start(raw: Raw) -> Expected:
    data = raw["data"]
    began = data["current_time"] - data["max_time"] + data["time"]
    return [{"what": "lottery_start", "value": str(data["id"]), "at": began * 1000}]


def state(what: str, *keys: str) -> Callable[[Raw], Expected]:
    """Told by what stands at these keys of ``data``, or of the message where there is no data."""

    def expected(raw: Raw) -> Expected:
        fields = raw.get("data", raw)
        return [{"what": what, "value": ":".join(str(fields[key]) for key in keys)}]

    return expected


def block(raw: Raw) -> Expected:
    data = raw["data"]
    what = "block_by_admin" if data["operator"] == 1 else "block"
    return [{"what": what, "value": str(data["uid"]), "uid": data["uid"], "detail": data["uname"]}]


def admins(raw: Raw) -> Expected:
    value = ",".join(map(str, sorted(raw["uids"])))
    return [{"what": "admins", "value": value, "detail": str(len(raw["uids"]))}]


def dialogue(raw: Raw) -> Expected:
    data = raw["data"]
    said = data.get("cut_off_data", data)
    title, lines = (
        next(value for key, value in said.items() if key.endswith(end)) for end in ("_title", "_message_list")
    )
    value = "; ".join([title, *(f"{line['label']}: {line['content']}" for line in lines)])
    return [
        {"what": "cut_off" if "cut_off_data" in data else "violation", "value": value}
        | {"at": data["timestamp"] * 1000}
    ]


def voice(raw: Raw) -> Expected:
    data = raw["data"]
    if data["status"] == 1:
        return [{"what": "voice_start", "value": str(data["uid"]), "at": data["start_at"] * 1000}]
    return [{"what": "voice_end", "value": "", "at": data["current_time"] * 1000}]


def packet_sent(raw: Raw) -> Expected:
    data = raw["data"]
    told = {key: data[key] for key in ("lot_id", "uid", "num")}
    return [told | {"at": data["start_time"] * 1000, "price": data["price"] * 100, "username": data["uname"]}]


def packet_started(raw: Raw) -> Expected:
    data = raw["data"]
    told = {key: data[key] for key in ("lot_id", "total_price")}
    told |= {"uid": data["sender_uid"], "username": data["sender_name"]}
    gifts = {award["gift_name"]: award["num"] for award in data["awards"]}
    return [told | {"at": data["start_time"] * 1000, "end_at": data["end_time"] * 1000, "gifts": gifts}]


def packet_drawn(raw: Raw) -> Expected:
    data = raw["data"]
    at = data["timestamp"] * 1000 if "timestamp" in data else RECEIVED
    return [{"lot_id": data["lot_id"], "winners": data.get("award_num", data["total_num"]), "at": at}]


PICKED_BY_HAND: dict[str, Callable[[Raw], Expected]] = {
    "ANCHOR_ECOLOGY_LIVING_DIALOG": dialogue,
    "ANCHOR_LOT_AWARD": state("lottery_award", "id"),
    "ANCHOR_LOT_CHECKSTATUS": state("lottery_check", "id", "status"),
    "ANCHOR_LOT_END": state("lottery_end", "id"),
    "ANCHOR_LOT_START": lottery_start,
    "CUT_OFF": state("cut_off", "msg"),
    "CUT_OFF_V2": dialogue,
    "DANMU_MSG": danmaku,
    "GUARD_BUY": guard_buy,
    "INTERACT_WORD": interact,
    "INTERACT_WORD_V2": interact_v2,
    "LIKE_INFO_V3_CLICK": like,
    "LIKE_INFO_V3_UPDATE": likes,
    "LIVE": live,
    "LIVE_ROOM_TOAST_MESSAGE": state("toast", "message"),
    "LOG_IN_NOTICE": notice,
    "ONLINE_RANK_COUNT": ranked,
    **dict.fromkeys((command for command in COMMANDS if command.startswith("PK_BATTLE_")), pk),
    "PK_INFO": pk_info,
    "POPULARITY_RED_POCKET_NEW": packet_sent,
    "POPULARITY_RED_POCKET_START": packet_started,
    "POPULARITY_RED_POCKET_V2_START": packet_started,
    "POPULARITY_RED_POCKET_WINNER_LIST": packet_drawn,
    "PREPARING": preparing,
    "RECALL_DANMU_MSG": state("recall", "recall_type", "target_id"),
    "ROOM_ADMINS": admins,
    "ROOM_ADMIN_REVOKE": state("admin_revoked", "uid"),
    "ROOM_BLOCK_MSG": block,
    "ROOM_CHANGE": change,
    "ROOM_REAL_TIME_MESSAGE_UPDATE": followers,
    "ROOM_SILENT_OFF": state("silent_off"),
    "ROOM_SILENT_ON": state("silent_on", "type", "level", "second"),
    "SEND_GIFT": send_gift,
    "SEND_GIFT_V2": send_gift_v2,
    "SUPER_CHAT_MESSAGE": super_chat,
    "SUPER_CHAT_MESSAGE_DELETE": ids,
    "SUPER_CHAT_MESSAGE_JPN": super_chat,
    "USER_TOAST_MSG": toast,
    "USER_TOAST_MSG_V2": toast_v2,
    "VIDEO_CONNECTION_JOIN_END": state("video_end", "channel_id"),
    "VIDEO_CONNECTION_JOIN_START": state("video_start", "channel_id"),
    "VOICE_JOIN_STATUS": voice,
    "WARNING": state("warning", "msg"),
    "WATCHED_CHANGE": watched,
    "room_admin_entrance": state("admin_added", "uid"),
}
