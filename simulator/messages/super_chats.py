"""Super chats: SUPER_CHAT_MESSAGE, its second push, the _JPN copy and the deletion."""

from dataclasses import dataclass

from simulator.people import Json, Person

# CNY -> (seconds shown, background, bottom, price colours).
TIERS = {
    30: (60, "#EDF5FF", "#2A60B2", "#7497CD"),
    50: (120, "#DBFFFD", "#427D9E", "#7DA4BD"),
    100: (300, "#FFF1C5", "#E2B52B", "#ECCF75"),
    500: (1800, "#FFF1C5", "#E09443", "#F4B478"),
    1000: (3600, "#FFD8D8", "#E54D4D", "#FF8C8C"),
    2000: (7200, "#FFD8D8", "#AB1A32", "#D54F66"),
}


@dataclass(frozen=True, slots=True)
class SuperChat:
    """One super chat; `price` in whole CNY, times in seconds."""

    number: int
    price: int
    text: str
    japanese: str
    start_time: int
    room_id: int
    token: str


def _medal(person: Person) -> Json | None:
    """Here the medal's colour is a string, and it does say whose it is."""
    medal = person.medal
    if medal is None:
        return None
    named: Json = {"anchor_roomid": medal.anchor_room, "anchor_uname": medal.anchor_name}
    return {**person.medal_info, **named, "medal_color": f"#{medal.colours[0]:06x}"}


def _user(person: Person) -> Json:
    return {
        "face": person.face, "face_frame": "", "guard_level": person.guard_level, "is_main_vip": 1,
        "is_svip": 0, "is_vip": 0, "level_color": "#61c05a", "manager": int(person.is_admin),
        "name_color": "#666666", "title": "", "uname": person.name, "user_level": person.level,
    }  # fmt: skip


def _data(chat: SuperChat, person: Person, age: int) -> Json:
    seconds, background, bottom, price_colour = TIERS[chat.price]
    return {
        "background_bottom_color": bottom, "background_color": background, "background_icon": "",
        "background_image": "", "background_price_color": price_colour, "end_time": chat.start_time + seconds,
        "gift": {"gift_id": 12000, "gift_name": "醒目留言", "num": 1},
        "group_medal": {"is_lighted": 0, "medal_id": 0, "name": ""}, "id": chat.number, "is_mystery": False,
        "is_ranked": 0, "medal_info": _medal(person), "message": chat.text, "price": chat.price, "rate": 1000,
        "start_time": chat.start_time, "time": seconds - age, "token": chat.token,
        "ts": chat.start_time + age, "uid": person.uid, "uinfo": person.uinfo, "user_info": _user(person),
    }  # fmt: skip


def listed(chat: SuperChat, person: Person, now: int) -> Json | None:
    """As getMessageList has it; None when it is not shown any more."""
    seconds = TIERS[chat.price][0]
    age = max(0, now - chat.start_time)
    return _data(chat, person, age) if age < seconds else None


def render(chat: SuperChat, age: int, outer: Json, person: Person) -> Json:
    """SUPER_CHAT_MESSAGE, `age` seconds after it was bought: a second push has another `ts` and `time`."""
    data = _data(chat, person, age)
    data |= {
        "background_color_end": "#405D85", "background_color_start": "#3171D2", "color_point": 0.7,
        "dmscore": 448, "is_send_audit": 0, "message_font_color": "#A3F6FF", "message_trans": "",
        "trans_mark": 0,
    }  # fmt: skip
    return {"cmd": "SUPER_CHAT_MESSAGE", "data": data, "is_report": True, "roomid": chat.room_id, **outer}


def render_japanese(chat: SuperChat, as_text: bool, person: Person) -> Json:
    """SUPER_CHAT_MESSAGE_JPN; its older form (`as_text`) has id, uid and room as strings."""
    data = _data(chat, person, 1)
    data["message_jpn"] = chat.japanese
    if not as_text:
        return {"cmd": "SUPER_CHAT_MESSAGE_JPN", "data": data}
    data |= {"id": str(chat.number), "uid": str(person.uid)}
    return {"cmd": "SUPER_CHAT_MESSAGE_JPN", "data": data, "roomid": str(chat.room_id)}


def deletion(chat: SuperChat) -> Json:
    """SUPER_CHAT_MESSAGE_DELETE."""
    return {"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": [chat.number]}, "roomid": chat.room_id}
