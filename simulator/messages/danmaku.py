"""DANMU_MSG and its mirror, in the form of 2026: `info` of 18 entries, `extra` as JSON inside JSON."""

from dataclasses import dataclass
from random import Random

from simulator import words
from simulator.message import compact
from simulator.people import Json, Person

COLOURS = (16777215, 16777215, 16777215, 5566168, 14893055, 9920249, 65532)
BUBBLES = (
    "",
    "#33FFE99E,#40DCA731,#33FFE99E",
    "#19897EFF,#403F388E,#33897EFF",
    "#1453BAFF,#4C2263A2,#3353BAFF",
)
IMAGE = "http://i0.hdslb.com/bfs/live/{:040x}.png"


@dataclass(frozen=True, slots=True)
class Chat:
    """What was decided about one danmaku; `sent_ms` is its own time."""

    text: str
    id_str: str
    sent_ms: int
    rnd: int
    ct: int
    mode: int
    colour: int
    sticker: Json | None
    emotes: Json | None
    score: int
    mirrored: bool = False
    cmd: str = "DANMU_MSG"


def make_text(random: Random) -> str:
    """Something a viewer might type."""
    if random.random() < 0.55:
        text = random.choice(words.PHRASES) + random.choice(words.ENDINGS)
    else:
        opening = random.choice(words.OPENINGS) if random.random() < 0.6 else ""
        text = (
            opening
            + random.choice(words.TOPICS)
            + random.choice(words.OPINIONS)
            + random.choice(words.ENDINGS)
        )
    if random.random() < 0.04:
        text = text * random.randrange(2, 4)
    return text


def _emotes(random: Random, text: str) -> tuple[str, Json]:
    emotes: Json = {}
    for name, number in random.sample(words.EMOTES, random.randrange(1, 3)):
        count = random.randrange(1, 4)
        text += name * count
        emotes[name] = {
            "count": count, "descript": name, "emoji": name, "emoticon_id": number,
            "emoticon_unique": f"emoji_{number}", "height": 20, "url": IMAGE.format(number), "width": 20,
        }  # fmt: skip
    return text, emotes


def make_chat(random: Random, person: Person, id_str: str, sent_ms: int) -> Chat:
    """Decide on a danmaku of this person."""
    text, sticker, emotes = make_text(random), None, None
    kind = random.random()
    if kind < 0.08:
        text, unique = random.choice(words.STICKERS)
        sticker = {
            "bulge_display": 0, "emoticon_unique": unique, "height": 60, "in_player_area": 1, "is_dynamic": 0,
            "url": IMAGE.format(sum(unique.encode())), "width": 150,
        }  # fmt: skip
    elif kind < 0.18:
        text, emotes = _emotes(random, text)
    return Chat(
        text=text,
        id_str=id_str,
        sent_ms=sent_ms,
        rnd=sent_ms // 1000 - random.randrange(9000)
        if random.random() < 0.5
        else random.randrange(-(2**31), 2**31),
        ct=random.getrandbits(32),
        mode=4 if person.guard_level and random.random() < 0.05 else 1,
        colour=14893055 if person.guard_level else random.choice(COLOURS),
        sticker=sticker,
        emotes=emotes,
        score=random.randrange(11),
        cmd="DANMU_MSG:4:0:2:2:2:0" if random.random() < 0.02 else "DANMU_MSG",
    )


def _extra(chat: Chat, person: Person) -> str:
    unique = chat.sticker["emoticon_unique"] if chat.sticker else ""
    return compact({
        "send_from_me": False, "master_player_hidden": False, "mode": 0, "color": chat.colour,
        "dm_type": int(chat.sticker is not None), "font_size": 25, "player_mode": chat.mode,
        "show_player_type": 0, "content": chat.text, "user_hash": str(int(person.crc, 16)),
        "emoticon_unique": unique, "bulge_display": 0, "recommend_score": chat.score, "dm_score": 0,
        "chronos_force_display": 0, "main_state_dm_color": "", "objective_state_dm_color": "", "direction": 0,
        "pk_direction": 0, "quartet_direction": 0, "anniversary_crowd": 0, "yeah_space_type": "",
        "yeah_space_url": "", "jump_to_url": "", "space_type": "", "space_url": "", "animation": {},
        "emots": chat.emotes, "is_audited": False, "id_str": chat.id_str, "icon": None, "show_reply": True,
        "reply_mid": 0, "reply_uname": "", "reply_uname_color": "", "reply_is_mystery": False,
        "reply_type_enum": 0, "hit_combo": 0, "esports_jump_url": "", "is_mirror": chat.mirrored,
        "is_collaboration_member": False,
        "card": {
            "card_type": 0, "oid_str": "", "oid_str_1": "", "origin_oid_str": "", "share_id": "",
            "share_origin": "", "from": "", "card_content": None,
        },
        "voice": None, "background_type": 0,
    })  # fmt: skip


def render(chat: Chat, person: Person) -> Json:
    """The danmaku as this view of its sender shows it."""
    guard = person.guard_level
    head = [
        0, chat.mode, 25, chat.colour, chat.sent_ms, chat.rnd, 0, person.crc, 0, 0, (0, 1, 2, 5)[guard],
        BUBBLES[guard],
        int(chat.sticker is not None), chat.sticker or "{}", "{}",
        {"extra": _extra(chat, person), "mode": 0, "show_player_type": 0, "user": person.uinfo},
        {"activity_identity": "", "activity_source": 0, "not_show": 0}, 0,
    ]  # fmt: skip
    colour = words.NAME_COLOURS[guard]
    user = [person.uid, person.name, int(person.is_admin), 0, 0, 10000, 1, colour]
    level = [person.level, 0, 9868950, ">50000", 0]
    checked = {"ct": f"{chat.ct:X}", "ts": chat.sent_ms // 1000}
    tail = [["", ""], 0, guard, None, checked, 0, 0, None, None, 0, 100 + chat.score, [person.wealth], None]
    return {"cmd": chat.cmd, "dm_v2": "", "info": [head, chat.text, user, person.medal_list, level, *tail]}
