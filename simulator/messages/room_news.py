"""What concerns the room and not one person: crowd figures, live state, banners and the site's own noise."""

import base64
from collections.abc import Sequence
from random import Random

from simulator.messages.gifts import base_fields
from simulator.people import Json, Person
from simulator.protobuf import Fields, encode
from simulator.rooms import Room

PICTURE = "https://i0.hdslb.com/bfs/live/{:040x}.png"
PAGE = "https://live.bilibili.com/p/html/live-app-hotrank/index.html?clientType={}&area_id={}"

LOG_IN_NOTICE: Json = {
    "cmd": "LOG_IN_NOTICE",
    "data": {
        "notice_msg": "为保护用户隐私，未登录无法查看他人昵称",
        "image_web": "http://i0.hdslb.com/bfs/dm/75e7c16b99208df259fe0a93354fd3440cbab412.png",
        "image_app": "http://i0.hdslb.com/bfs/dm/b632f7dcd3acf47deffb5f9ccc9546ae97a3415b.png",
    },
}


def short_number(number: int) -> str:
    """Ten thousands as the site abbreviates them, cut and not rounded."""
    return f"{number // 1000 / 10}万" if number >= 10_000 else str(number)


def online_count(room: Room) -> Json:
    """ONLINE_RANK_COUNT."""
    count, text = room.online, str(room.online)
    data = {"count": count, "count_text": text, "online_count": count, "online_count_text": text}
    return {"cmd": "ONLINE_RANK_COUNT", "data": data}


def watched(room: Room) -> Json:
    """WATCHED_CHANGE."""
    text = short_number(room.watched)
    return {
        "cmd": "WATCHED_CHANGE",
        "data": {"num": room.watched, "text_small": text, "text_large": f"{text}人看过"},
    }


def likes(room: Room) -> Json:
    """LIKE_INFO_V3_UPDATE."""
    return {"cmd": "LIKE_INFO_V3_UPDATE", "data": {"click_count": room.likes}}


def followers(room: Room) -> Json:
    """ROOM_REAL_TIME_MESSAGE_UPDATE."""
    data = {
        "roomid": room.room_id,
        "fans": room.followers,
        "red_notice": -1,
        "fans_club": room.followers // 50,
    }
    return {"cmd": "ROOM_REAL_TIME_MESSAGE_UPDATE", "data": data}


def rank(people: Sequence[Person]) -> Json:
    """ONLINE_RANK_V2."""
    items = [
        {
            "uid": person.uid, "face": person.face, "score": str(1000 // place), "uname": person.name,
            "rank": place, "guard_level": person.guard_level,
        }
        for place, person in enumerate(people, start=1)
    ]  # fmt: skip
    return {"cmd": "ONLINE_RANK_V2", "data": {"list": items, "rank_type": "gold-rank"}}


def rank_v3(people: Sequence[Person]) -> Json:
    """ONLINE_RANK_V3."""
    items: Fields = [
        (3, [
            (1, person.uid), (2, person.face), (3, str(1000 // place)), (4, person.name), (5, place),
            (6, person.guard_level), (8, [(1, person.uid), (2, base_fields(person))]),
        ])
        for place, person in enumerate(people, start=1)
    ]  # fmt: skip
    body = encode([(1, "online_rank"), *items])
    return {"cmd": "ONLINE_RANK_V3", "data": {"pb": base64.b64encode(body).decode()}}


def top_three(person: Person) -> Json:
    """ONLINE_RANK_TOP3."""
    line = {"msg": f"恭喜 <%{person.name}%> 成为高能用户", "rank": 1}
    return {"cmd": "ONLINE_RANK_TOP3", "data": {"dmscore": 112, "list": [line]}}


def live(room: Room, is_first: bool) -> Json:
    """LIVE. Of the two or three copies only the first, at the press of the button, tells `live_time`."""
    started: Json = {"live_time": room.live_time} if is_first else {}
    return {
        "cmd": "LIVE", "live_key": room.live_key, "voice_background": "",
        "sub_session_key": room.sub_session_key, "live_platform": "pc_link", "live_model": 0,
        "roomid": room.room_id, **started, "special_types": [],
    }  # fmt: skip


def preparing(room: Room, outer: Json) -> Json:
    """PREPARING: the room as a string, mostly without `round`."""
    return {"cmd": "PREPARING", "roomid": str(room.room_id), **outer}


def room_change(room: Room) -> Json:
    """ROOM_CHANGE."""
    area_id, area, parent_id, parent = room.area
    data: Json = {
        "title": room.title, "area_id": area_id, "parent_area_id": parent_id, "area_name": area,
        "parent_area_name": parent, "live_key": room.live_key, "sub_session_key": room.sub_session_key,
    }  # fmt: skip
    return {"cmd": "ROOM_CHANGE", "data": data}


def notice(random: Random, giver: Person, room: Room) -> Json:
    """NOTICE_MSG: a banner all over the site."""
    bar: Json = {
        "background": "#FFE6BD",
        "color": "#9D5412",
        "highlight": "#FF6933",
        "head_icon": PICTURE.format(1),
    }
    wide: Json = {
        **bar, "tail_icon": PICTURE.format(2), "head_icon_fa": PICTURE.format(3),
        "tail_icon_fa": PICTURE.format(4), "head_icon_fan": 1, "tail_icon_fan": 4, "time": 20,
    }  # fmt: skip
    text = f"<%{giver.name}%>投喂<%{room.uname}%>1个银河列车，点击前往TA的房间吧！"
    elsewhere = random.randrange(10**6, 10**8)
    return {
        "cmd": "NOTICE_MSG", "id": 804, "name": "全站广播", "full": wide,
        "half": {**bar, "tail_icon": PICTURE.format(2), "time": 15}, "side": {**bar, "border": ""},
        "roomid": elsewhere, "real_roomid": elsewhere, "msg_common": text, "msg_self": text,
        "link_url": f"https://live.bilibili.com/{elsewhere}?broadcast_type=0&is_room_feed=1", "msg_type": 2,
        "shield_uid": -1, "business_id": "30907", "scatter": {"min": 0, "max": 0}, "marquee_id": "",
        "notice_type": 0,
    }  # fmt: skip


def stopped_rooms(random: Random) -> Json:
    """STOP_LIVE_ROOM_LIST: rooms anywhere that just ended."""
    ended = [random.randrange(10**5, 10**8) for _ in range(random.randrange(3, 200))]
    return {"cmd": "STOP_LIVE_ROOM_LIST", "data": {"room_id_list": ended}}


def banner(random: Random, room: Room, now: int) -> Json:
    """WIDGET_BANNER."""
    widget: Json = {
        "id": 308, "title": "限时任务", "cover": "", "web_cover": "", "tip_text": "限时任务",
        "tip_text_color": "", "tip_bottom_color": "", "jump_url": PAGE.format(1, room.area[2]), "url": "",
        "stay_time": 5, "site": 1, "platform_in": ["live", "blink", "live_link", "web", "pc_link"], "type": 1,
        "band_id": 1000 + room.room_id % 7, "sub_key": "",
        "sub_data": f"%7B%22current_val%22%3A{random.randrange(1200)}%7D", "is_add": True,
    }  # fmt: skip
    return {"cmd": "WIDGET_BANNER", "data": {"timestamp": now, "widget_list": {"308": widget}}}


def hot_rank(random: Random, room: Room, now: int, cmd: str) -> Json:
    """HOT_RANK_CHANGED and its V2."""
    area_id, area, parent_id, _ = room.area
    pages = {
        name: PAGE.format(name, parent_id) for name in ("web_url", "live_url", "blink_url", "live_link_url")
    }
    data: Json = {
        "rank": random.randrange(50), "trend": random.randrange(3), "countdown": 1440, "timestamp": now,
        **pages, "pc_link_url": PAGE.format(4, area_id), "icon": PICTURE.format(5), "area_name": area,
        "rank_desc": "",
    }  # fmt: skip
    return {"cmd": cmd, "data": data}


def game(text: str, name: str) -> Json:
    """LIVE_INTERACTIVE_GAME repeats a danmaku: noise, never a second danmaku."""
    data: Json = {"gift_name": "", "gift_num": 0, "msg": text, "price": 0, "type": 2, "uname": name}
    return {"cmd": "LIVE_INTERACTIVE_GAME", "data": data}


def brand_new(person: Person) -> Json:
    """A command that came with this simulator and nobody has read yet."""
    data: Json = {
        "uid": person.uid, "uname": person.name, "lantern": {"level": 7, "wish": "万事如意"},
        "list": [{"id": 1, "text": "灯"}],
    }  # fmt: skip
    return {"cmd": "SKY_LANTERN_RELEASED", "data": data}


def other(cmd: str, room: Room, now: int) -> Json:
    """Any command that readers only count by name."""
    return {"cmd": cmd, "data": {"room_id": room.room_id, "timestamp": now}, "roomid": room.room_id}


def wrapped(message: Json) -> Json:
    """A few messages come inside another object."""
    return {"msg": message}
