"""How the site describes rooms: room_init, get_info, getRoomBaseInfo, getInfoByRoom,
getRoomPlayInfo and more.

Shapes are the site's; a room that does not exist gets each endpoint's own refusal.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from random import Random

from aiohttp import web

from simulator.messages import danmaku
from simulator.messages import super_chats as super_chat
from simulator.messages.room_news import short_number
from simulator.people import Crowd, Json, Person
from simulator.rooms import Room, Rooms

CHINA = timezone(timedelta(hours=8))
NO_TIME = "0000-00-00 00:00:00"
# What room_init answers for a room that is off.
NEVER = -62170012800

NO_VOICE: Json = {"voice_url": "", "file_format": "", "text": "", "file_duration": 0, "file_id": ""}
NO_STICKER: Json = {
    "id": 0, "emoticon_unique": "", "text": "", "perm": 0, "url": "", "in_player_area": 0, "bulge_display": 0,
    "is_dynamic": 0, "height": 0, "width": 0,
}  # fmt: skip
NO_REPLY: Json = {
    "show_reply": True, "reply_mid": 0, "reply_uname": "", "reply_uname_color": "", "reply_is_mystery": False,
}  # fmt: skip


def _china_time(seconds: int) -> str:
    if not seconds:
        return NO_TIME
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def number(text: str) -> int:
    """The number in a query, 0 for what is none or fits no 64 bits: no room has that id."""
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _room(rooms: Rooms, request: web.Request, name: str) -> Room | None:
    return rooms.by_any_id(number(request.query.get(name, "")))


def _old_ok(data: object, message: str = "ok") -> Json:
    return {"code": 0, "msg": message, "message": message, "data": data}


def _flags(room: Room) -> Json:
    return {
        "room_id": room.room_id, "short_id": room.short_id, "uid": room.uid, "is_hidden": False,
        "is_locked": room.is_locked, "is_portrait": False, "live_status": room.live_status, "hidden_till": 0,
        "lock_till": room.lock_till, "encrypted": False, "pwd_verified": False,
        "live_time": room.live_time or NEVER, "room_shield": 1,
    }  # fmt: skip


def room_init(rooms: Rooms, request: web.Request) -> Json:
    """room_init: any id."""
    room = _room(rooms, request, "id")
    if room is None:
        return {"code": 60004, "msg": "直播间不存在", "message": "直播间不存在", "data": {}}
    return _old_ok({**_flags(room), "need_p2p": 0, "is_sp": 0, "special_type": 0})


def _pendant() -> Json:
    return {
        "name": "", "value": "", "position": 0, "desc": "", "area": 0, "area_old": 0, "bg_color": "",
        "bg_pic": "", "use_old_area": False,
    }  # fmt: skip


def get_info(rooms: Rooms, request: web.Request) -> Json:
    """get_info: any id."""
    room = _room(rooms, request, "room_id")
    if room is None:
        return {"code": 1, "msg": "未找到该房间", "message": "未找到该房间", "data": []}
    area_id, area, parent_id, parent = room.area
    badge: Json = {"name": "v_person", "position": 3, "value": "", "desc": ""}
    return _old_ok({
        "uid": room.uid, "room_id": room.room_id, "short_id": room.short_id, "attention": room.followers,
        "online": room.online, "is_portrait": False, "description": f"<p>{room.uname}的直播间</p>",
        "live_status": room.live_status, "area_id": area_id, "parent_area_id": parent_id,
        "parent_area_name": parent, "old_area_id": 6, "background": "", "title": room.title,
        "user_cover": room.cover, "keyframe": room.cover, "is_strict_room": False,
        "live_time": _china_time(room.live_time), "tags": "模拟,测试", "is_anchor": 0, "room_silent_type": "",
        "room_silent_level": 0, "room_silent_second": 0, "area_name": area, "pendants": "",
        "area_pendants": "", "hot_words": ["好耶", "冲冲冲"], "hot_words_status": 0, "verify": "",
        "new_pendants": {"frame": _pendant(), "badge": badge, "mobile_frame": _pendant(),
        "mobile_badge": None}, "up_session": room.live_key, "pk_status": 0, "pk_id": 0, "battle_id": 0,
        "allow_change_area_time": 0, "allow_upload_cover_time": 0, "studio_info": {"status": 0,
        "master_list": []},
    })  # fmt: skip


def _base_info(room: Room) -> Json:
    area_id, area, parent_id, parent = room.area
    live_id = int(room.live_key) if room.live_status == 1 else 0
    return {
        "room_id": room.room_id, "uid": room.uid, "area_id": area_id, "live_status": room.live_status,
        "live_url": f"https://live.bilibili.com/{room.room_id}", "parent_area_id": parent_id,
        "title": room.title, "parent_area_name": parent, "area_name": area,
        "live_time": _china_time(room.live_time), "description": f"<p>{room.uname}的直播间</p>",
        "tags": "模拟,测试", "attention": room.followers, "online": room.online, "short_id": room.short_id,
        "uname": room.uname, "cover": room.cover, "background": "", "join_slide": 1, "live_id": live_id,
        "live_id_str": str(live_id),
    }  # fmt: skip


def room_base_info(rooms: Rooms, request: web.Request) -> Json:
    """getRoomBaseInfo: several rooms or anchors at once; those that do not exist are left out."""
    asked, uids = (map(number, request.query.getall(name, [])) for name in ("room_ids", "uids"))
    found = [room for room in map(rooms.by_any_id, asked) if room]
    anchors = [room for room in map(rooms.by_uid, uids) if room]
    data: Json = {
        "by_uids": {str(room.uid): _base_info(room) for room in anchors},
        "by_room_ids": {str(room.room_id): _base_info(room) for room in found},
    }
    return {"code": 0, "message": "0", "ttl": 1, "data": data}


def _room_info(room: Room) -> Json:
    area_id, area, parent_id, parent = room.area
    return {
        "uid": room.uid, "room_id": room.room_id, "short_id": room.short_id, "title": room.title,
        "cover": room.cover, "tags": "模拟,测试", "background": "", "description": "",
        "live_status": room.live_status, "live_start_time": room.live_time, "live_screen_type": 0,
        "lock_status": int(room.is_locked), "lock_time": room.lock_till, "hidden_status": 0, "hidden_time": 0,
        "area_id": area_id, "area_name": area, "parent_area_id": parent_id, "parent_area_name": parent,
        "keyframe": room.face, "special_type": 0, "up_session": room.live_key, "pk_status": 0,
        "is_studio": False, "pendants": {"frame": {"name": "", "value": "", "desc": ""}}, "on_voice_join": 0,
        "online": room.online, "room_type": {"3-13": 0, "3-21": 0, "3-31": 0, "3-50": 1},
        "sub_session_key": room.sub_session_key, "live_id": int(room.live_key), "live_id_str": room.live_key,
        "official_room_id": 0, "official_room_info": None, "voice_background": "", "live_model": 0,
        "live_platform": "pc_link", "radio_background_type": 0,
    }  # fmt: skip


def _anchor_info(room: Room) -> Json:
    official: Json = {"role": 0, "title": "", "desc": "", "is_nft": 0, "nft_dmark": ""}
    live: Json = {
        "level": 30, "level_color": 0, "score": 0, "upgrade_score": 0, "current": None, "next": None,
        "rank": "",
    }  # fmt: skip
    return {
        "base_info": {"uname": room.uname, "face": room.face, "gender": "保密", "official_info": official},
        "live_info": live, "relation_info": {"attention": room.followers},
        "medal_info": {"medal_name": "模拟", "medal_id": room.room_id, "fansclub": room.followers // 50},
        "gift_info": {"price": 0, "price_update_time": 0},
    }  # fmt: skip


def info_by_room(rooms: Rooms, request: web.Request) -> Json:
    """getInfoByRoom: any id; the signature was checked before."""
    room = _room(rooms, request, "room_id")
    if room is None:
        return {"code": 19002000, "message": "获取初始化数据失败", "ttl": 1, "data": None}
    watched = short_number(room.watched)
    data: Json = {
        "room_info": _room_info(room), "anchor_info": _anchor_info(room),
        "news_info": {"uid": room.uid, "ctime": "2026-01-01 00:00:00", "content": ""},
        "silent_room_info": {"type": "", "level": 0, "second": 0, "expire_time": 0},
        "switch_info": {"close_guard": False, "close_gift": False, "close_online": False,
        "close_danmaku": False}, "super_chat_info": {"status": 1, "ranked_mark": 0, "message_list": [],
        "sc_manager": False}, "dm_brush_info": {"min_time": 700, "brush_count": 100, "slice_count": 2,
        "storage_time": 3000},
        "watched_show": {
            "switch": True, "num": room.watched, "text_small": watched, "text_large": f"{watched}人看过",
            "icon": "", "icon_location": 0, "icon_web": "",
        },
        "like_info_v3": {
            "total_likes": room.likes, "report_click_limit": 15, "report_time_min": 5, "report_time_max": 10,
        },
        "guard_info": {"count": room.guards, "anchor_guard_achieve_level": 0},
    }  # fmt: skip
    return {"code": 0, "message": "OK", "ttl": 1, "data": data}


def room_play_info(rooms: Rooms, request: web.Request) -> Json:
    """getRoomPlayInfo: any id. There is no stream to play."""
    room = _room(rooms, request, "room_id")
    if room is None:
        return {"code": 60004, "message": "直播间不存在", "ttl": 1, "data": None}
    data = {**_flags(room), "all_special_types": [], "playurl_info": None}
    return {"code": 0, "message": "0", "ttl": 1, "data": data}


def history(rooms: Rooms, request: web.Request) -> Json:
    """gethistory: ten lines of chat, in its own short form."""
    room = _room(rooms, request, "roomid")
    lines = [] if room is None else _history_lines(room)
    return {"code": 0, "data": {"admin": [], "room": lines}, "message": "", "msg": ""}


def _history_lines(room: Room) -> list[Json]:
    if room.lines:
        return [_history_line(chat, person) for chat, person in room.lines]
    random = Random(f"history {room.room_id}")
    crowd = Crowd(random, room.uid, room.uname, room.room_id)
    people = [crowd.somebody() for _ in range(10)]
    said = [
        danmaku.make_chat(
            random, person, f"{random.getrandbits(144):036x}", (room.live_time + 7 * index) * 1000
        )
        for index, person in enumerate(people)
    ]
    return [_history_line(chat, person) for chat, person in zip(said, people, strict=True)]


def _history_line(chat: danmaku.Chat, person: Person) -> Json:
    seconds = chat.sent_ms // 1000
    return {
        "text": chat.text, "dm_type": 0, "uid": person.uid, "nickname": person.name, "uname_color": "",
        "timeline": _china_time(seconds), "isadmin": int(person.is_admin), "vip": 0, "svip": 0,
        "medal": person.medal_list, "title": ["", ""], "user_level": [person.level, 0, 9868950, ">50000"],
        "rank": 10000, "teamid": 0, "rnd": str(seconds), "user_title": "", "guard_level": person.guard_level,
        "bubble": 0, "bubble_color": "", "lpl": 0, "yeah_space_url": "", "jump_to_url": "",
        "check_info": {"ts": seconds, "ct": f"{chat.ct:08X}"}, "emots": None, "id_str": chat.id_str,
        "wealth_level": person.wealth, "bubble_id_v2": 0, "group_medal": None, "user": person.uinfo,
        "voice_dm_info": NO_VOICE, "emoticon": NO_STICKER, "reply": NO_REPLY,
    }  # fmt: skip


def anchor(rooms: Rooms, request: web.Request) -> Json:
    """Master/info: by the anchor's uid."""
    room = rooms.by_uid(number(request.query.get("uid", "")))
    info: Json = {
        "uid": room.uid if room else 0, "uname": room.uname if room else "",
        "face": room.face if room else "", "official_verify": {"type": -1, "desc": ""}, "gender": -1,
    }  # fmt: skip
    level: Json = {"level": 30, "color": 10512625, "current": [100, 1000], "next": [200, 2000]}
    data: Json = {
        "info": info, "exp": {"master_level": level}, "follower_num": room.followers if room else 0,
        "room_id": room.room_id if room else 0, "medal_name": "模拟", "glory_count": 0, "pendant": "",
        "link_group_num": 0, "room_news": {"content": "", "ctime": "", "ctime_text": ""},
    }  # fmt: skip
    return {"code": 0, "msg": "", "message": "", "data": data}


def status_by_uids(rooms: Rooms, request: web.Request) -> Json:
    """get_status_info_by_uids.

    By GET, or by POST of {"uids": [...]}; a list when nobody matches, as on the site.
    """
    uids = [*request.query.getall("uids[]", []), *_posted_uids(request)]
    found = {str(room.uid): _status(room) for room in map(rooms.by_uid, map(number, uids)) if room}
    return _old_ok(found or [], "success")


def _posted_uids(request: web.Request) -> list[str]:
    try:
        posted = json.loads(request.get("body", b"{}"))
    except ValueError:
        return []
    uids = posted.get("uids") if isinstance(posted, dict) else None
    return [str(uid) for uid in uids] if isinstance(uids, list) else []


def _status(room: Room) -> Json:
    area_id, area, parent_id, parent = room.area
    return {
        "title": room.title, "room_id": room.room_id, "uid": room.uid, "online": room.online,
        "live_time": room.live_time, "live_status": room.live_status, "short_id": room.short_id, "area": 6,
        "area_name": "生活娱乐", "area_v2_id": area_id, "area_v2_name": area, "area_v2_parent_name": parent,
        "area_v2_parent_id": parent_id, "uname": room.uname, "face": room.face, "tag_name": "模拟",
        "tags": "", "cover_from_user": room.cover, "keyframe": room.cover,
        "lock_till": _china_time(room.lock_till), "hidden_till": NO_TIME, "broadcast_type": 0,
    }  # fmt: skip


def guard_list(rooms: Rooms, request: web.Request) -> Json:
    """guardTab/topListNew: by long id and anchor. Of the list itself only how long it is."""
    room = rooms.by_long_id(number(request.query.get("roomid", "")))
    if room is None or room.uid != number(request.query.get("ruid", "")):
        return {"code": -400, "message": "请求错误", "ttl": 1, "data": None}
    size = number(request.query.get("page_size", ""))
    pages = -(-room.guards // (size if 0 < size <= 30 else 10))
    info: Json = {
        "num": room.guards,
        "page": pages,
        "now": 1,
        "achievement_level": 1,
        "anchor_guard_achieve_level": 1,
    }
    data: Json = {"info": info, "list": [], "top3": [], "my_follow_info": None}
    return {"code": 0, "message": "0", "ttl": 1, "data": data}


def _shown(room: Room, now: int) -> list[Json]:
    shown = []
    for chat, person in room.super_chats:
        if listed := super_chat.listed(chat, person, now):
            shown.append(listed)
            room.told_super_chats[chat.number] = chat
    return shown


def super_chats(rooms: Rooms, request: web.Request) -> Json:
    """SuperChat/getMessageList: those shown at the moment; null when there are none."""
    room, now = _room(rooms, request, "room_id"), int(time.time())
    shown = [] if room is None else _shown(room, now)
    return {"code": 0, "message": "0", "ttl": 1, "data": {"list": shown or None}}


def answers(rooms: Rooms) -> dict[str, Callable[[web.Request], Json]]:
    """Answers by path, for these rooms."""
    functions: dict[str, Callable[[Rooms, web.Request], Json]] = {
        "/room/v1/Room/room_init": room_init,
        "/room/v1/Room/get_info": get_info,
        "/xlive/web-room/v1/index/getRoomBaseInfo": room_base_info,
        # bilibili-api-python still asks the first version.
        "/xlive/web-room/v1/index/getRoomPlayInfo": room_play_info,
        "/xlive/web-room/v2/index/getRoomPlayInfo": room_play_info,
        "/xlive/web-room/v1/dM/gethistory": history,
        "/live_user/v1/Master/info": anchor,
        "/room/v1/Room/get_status_info_by_uids": status_by_uids,
        "/xlive/app-room/v2/guardTab/topListNew": guard_list,
        "/av/v1/SuperChat/getMessageList": super_chats,
    }
    return {path: partial(function, rooms) for path, function in functions.items()}
