"""People coming, following, liking: INTERACT_WORD(_V2), ENTRY_EFFECT, LIKE_INFO_V3_CLICK."""

import base64
from dataclasses import dataclass

from simulator.messages.gifts import base_fields, medal_fields
from simulator.people import Json, Person
from simulator.protobuf import Fields, encode

ENTER, FOLLOW, SHARE, SPECIAL_FOLLOW, MUTUAL_FOLLOW = range(1, 6)


@dataclass(frozen=True, slots=True)
class Visit:
    """One arrival or follow. `trigger_ns` is its own time, in nanoseconds, unlike any other's."""

    msg_type: int
    room_id: int
    anchor_uid: int
    trigger_ns: int

    @property
    def second(self) -> int:
        """The time in whole seconds."""
        return self.trigger_ns // 10**9


def render_word(visit: Visit, person: Person) -> Json:
    """INTERACT_WORD, mostly gone since 2025."""
    medal = {**person.medal_info, "score": person.medal.score if person.medal else 0}
    data: Json = {
        "contribution": {"grade": 0}, "dmscore": 4, "fans_medal": medal, "identities": [1], "is_spread": 0,
        "msg_type": visit.msg_type, "privilege_type": person.guard_level, "roomid": visit.room_id,
        "score": visit.trigger_ns // 10**6, "spread_desc": "", "spread_info": "", "tail_icon": 0,
        "timestamp": visit.second, "trigger_time": visit.trigger_ns, "uid": person.uid, "uname": person.name,
        "uname_color": "",
    }  # fmt: skip
    return {"cmd": "INTERACT_WORD", "data": data}


def protobuf_word(visit: Visit, person: Person) -> bytes:
    """The body of INTERACT_WORD_V2. Empty nested messages are sent as the site sends them."""
    medal = person.medal
    worn: Fields = []
    if medal:
        start, end, border = medal.colours
        worn = [
            (1, medal.anchor_uid), (2, medal.level), (3, medal.name), (4, start), (5, start), (6, end), (7,
            border), (8, int(medal.lit)), (9, medal.guard_level), (12, medal.anchor_room), (13, medal.score),
        ]  # fmt: skip
    nothing: Fields = []
    uinfo: Fields = [
        (1, person.uid), (2, base_fields(person)), *([(3, medal_fields(person))] if medal else []),
        (4, [(1, person.wealth)]), (6, nothing),
    ]  # fmt: skip
    return encode([
        (1, person.uid), (2, person.name), (4, (3, 1) if medal else (1,)), (5, visit.msg_type), (6,
        visit.room_id), (7, visit.second), (8, visit.trigger_ns // 10**6), *([(9, worn)] if worn else []),
        (12, nothing), (15, visit.trigger_ns), (16, person.guard_level), (19, nothing), (22, uinfo), (23,
        nothing), (24, nothing),
    ])  # fmt: skip


def render_word_v2(visit: Visit, person: Person) -> Json:
    """INTERACT_WORD_V2."""
    body = base64.b64encode(protobuf_word(visit, person)).decode()
    return {"cmd": "INTERACT_WORD_V2", "data": {"dmscore": 3, "pb": body}}


def render_effect(visit: Visit, person: Person) -> Json:
    """ENTRY_EFFECT: for guards and for people of wealth."""
    guard = person.guard_level
    writing = (
        f"欢迎{('', '总督', '提督', '舰长')[guard]} <%{person.name}%> 进入直播间"
        if guard
        else f"<%{person.name}%> 来了"
    )
    picture = f"https://i0.hdslb.com/bfs/live/mlive/{guard + 900:040x}.png"
    data: Json = {
        "id": guard or 380, "uid": person.uid, "target_id": visit.anchor_uid, "mock_effect": 0,
        "face": person.face, "privilege_type": guard, "copy_writing": writing, "copy_color": "#F7F7F7",
        "highlight_color": "#FFFFFF", "priority": 1, "basemap_url": "", "show_avatar": 0, "effective_time": 0,
        "web_basemap_url": picture, "web_effective_time": 4, "web_effect_close": 1, "web_close_time": 900,
        "business": 6, "copy_writing_v2": writing, "icon_list": [], "max_delay_time": 7,
        "trigger_time": visit.trigger_ns, "identities": 1, "effect_silent_time": 0, "effective_time_new": 0,
        "web_dynamic_url_webp": "", "web_dynamic_url_apng": "", "mobile_dynamic_url_webp": "",
        "wealthy_info": {
            "uid": 0, "level": person.wealth, "level_total_score": 0, "cur_score": 0, "upgrade_need_score": 0,
            "status": 0, "dm_icon_key": "",
        },
        "new_style": 1, "is_mystery": False, "uinfo": person.uinfo, "full_cartoon_id": 1802,
        "priority_level": 0, "wealth_style_info": {"url": picture},
    }  # fmt: skip
    return {"cmd": "ENTRY_EFFECT", "data": data}


def render_like(person: Person) -> Json:
    """LIKE_INFO_V3_CLICK."""
    medal = {**person.medal_info, "score": person.medal.score if person.medal else 0}
    data: Json = {
        "contribution_info": {"grade": 0}, "dmscore": 20, "fans_medal": medal, "group_medal": None,
        "identities": [1], "is_mystery": False, "like_icon": f"https://i0.hdslb.com/bfs/live/{6:040x}.png",
        "like_text": "为主播点赞了", "msg_type": 6, "show_area": 1, "uid": person.uid, "uinfo": person.uinfo,
        "uname": person.name, "uname_color": "",
    }  # fmt: skip
    return {"cmd": "LIKE_INFO_V3_CLICK", "data": data}
