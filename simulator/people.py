"""The people of a room: regulars with medals and guard levels, and strangers. Synthetic throughout.

Knows what a person looks like in messages; does not decide what they do.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from simulator import words

FACE = "https://i0.hdslb.com/bfs/face/{:040x}.jpg"
NO_FACE = "https://i0.hdslb.com/bfs/face/member/noface.jpg"
REGULARS = 240

Json = dict[str, object]


@dataclass(frozen=True)
class Medal:
    """A fan medal as worn: of one anchor, with a level and perhaps a guard's border."""

    name: str
    level: int
    anchor_uid: int
    anchor_name: str
    anchor_room: int
    guard_level: int
    lit: bool
    score: int

    @cached_property
    def colours(self) -> tuple[int, int, int]:
        """Start, end and border, decimal RGB."""
        start, end, border = words.MEDAL_COLOURS[min(self.level - 1, 31) // 4]
        return start, end, words.GUARD_BORDERS[self.guard_level] or border

    def as_list(self) -> list[object]:
        """As `info[3]` of a danmaku."""
        start, end, border = self.colours
        shown = (start, "", 0, border, start, end, self.guard_level, int(self.lit), self.anchor_uid)
        return [self.level, self.name, self.anchor_name, self.anchor_room, *shown]

    def as_info(self) -> Json:
        """As `medal_info` of gifts and super chats (the name of the room it belongs to is left
        out, as it is there)."""
        start, end, border = self.colours
        return {
            "anchor_roomid": 0, "anchor_uname": "", "guard_level": self.guard_level, "icon_id": 0,
            "is_lighted": int(self.lit), "medal_color": start, "medal_color_border": border,
            "medal_color_end": end, "medal_color_start": start, "medal_level": self.level,
            "medal_name": self.name, "special": "", "target_id": self.anchor_uid,
        }  # fmt: skip

    def as_uinfo(self) -> Json:
        """As `medal` of a `uinfo`."""
        start, end, border = self.colours
        icon = FACE.format(self.guard_level) if self.guard_level else ""
        return {
            "color": start, "color_border": border, "color_end": end, "color_start": start,
            "guard_icon": icon, "guard_level": self.guard_level, "honor_icon": "", "id": 0,
            "is_light": int(self.lit), "level": self.level, "name": self.name, "ruid": self.anchor_uid,
            "score": self.score, "typ": 0, "user_receive_count": 0,
            "v2_medal_color_border": f"#{border:06X}99", "v2_medal_color_end": f"#{end:06X}99",
            "v2_medal_color_level": f"#{start:06X}E6", "v2_medal_color_start": f"#{start:06X}99",
            "v2_medal_color_text": "#FFFFFF",
        }  # fmt: skip


NO_MEDAL_INFO: Json = {
    "anchor_roomid": 0, "anchor_uname": "", "guard_level": 0, "icon_id": 0, "is_lighted": 0, "medal_color": 0,
    "medal_color_border": 0, "medal_color_end": 0, "medal_color_start": 0, "medal_level": 0, "medal_name": "",
    "special": "", "target_id": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody in the room. `uid` 0 and a name of `x***` is how a guest is shown them."""

    uid: int
    name: str
    face: str
    crc: str
    medal: Medal | None
    guard_level: int
    is_admin: bool
    wealth: int
    level: int

    @cached_property
    def masked(self) -> "Person":
        """The same person as a guest's connection is told of them; the medal stays visible."""
        return replace(self, uid=0, name=f"{self.name[:1]}***", face=NO_FACE)

    @cached_property
    def base(self) -> Json:
        """`uinfo.base`."""
        return {
            "face": self.face, "is_mystery": False, "name": self.name, "name_color": 0, "name_color_str": "",
            "official_info": {"desc": "", "role": 0, "title": "", "type": -1},
            "origin_info": {"face": self.face, "name": self.name}, "risk_ctrl_info": None,
        }  # fmt: skip

    @cached_property
    def uinfo(self) -> Json:
        """`uinfo`, `sender_uinfo` and `user`: the newest common form."""
        guard = (
            {"expired_str": "2099-12-31 23:59:59", "level": self.guard_level} if self.guard_level else None
        )
        return {
            "base": self.base, "guard": guard, "guard_leader": {"is_guard_leader": False},
            "medal": self.medal.as_uinfo() if self.medal else None,
            "title": {"old_title_css_id": "", "title_css_id": ""}, "uhead_frame": None, "uid": self.uid,
            "wealth": {"dm_icon_key": "", "level": self.wealth},
        }  # fmt: skip

    @cached_property
    def medal_list(self) -> list[object]:
        """`info[3]` of a danmaku."""
        return self.medal.as_list() if self.medal else []

    @cached_property
    def medal_info(self) -> Json:
        """`medal_info` and `fans_medal`, all zeros for nobody's fan."""
        return self.medal.as_info() if self.medal else NO_MEDAL_INFO


def make_name(random: Random) -> str:
    """A user name, mostly Chinese."""
    if random.random() < 0.15:
        return (
            random.choice(words.LATIN_STARTS)
            + random.choice(words.LATIN_ENDS)
            + random.choice(words.NAME_TAILS)
        )
    return random.choice(words.NAME_STARTS) + random.choice(words.NAME_ENDS) + random.choice(words.NAME_TAILS)


def make_uid(random: Random) -> int:
    """A uid: old ones have up to 9 digits, new ones 16."""
    return (
        3_461_560_000_000_000 + random.randrange(10**14)
        if random.random() < 0.4
        else random.randrange(10**4, 10**9)
    )


class Crowd:
    """Who is in one room. Some talk a lot, most hardly ever; now and then somebody new comes."""

    def __init__(self, random: Random, anchor_uid: int, anchor_name: str, room_id: int) -> None:
        self._random = random
        self._anchor = (anchor_uid, anchor_name, room_id)
        self.medal_name = random.choice(words.MEDALS)
        self._regulars = [self.newcomer(regular=True) for _ in range(REGULARS)]

    def somebody(self) -> Person:
        """Whoever acts next."""
        if self._random.random() < 0.08:
            return self.newcomer()
        return self._regulars[int(len(self._regulars) * self._random.random() ** 2)]

    def newcomer(self, regular: bool = False) -> Person:
        """Somebody nobody has seen here."""
        random = self._random
        guard_level = random.choices((0, 3, 2, 1), (90, 8, 1.7, 0.3))[0] if regular else 0
        return Person(
            uid=make_uid(random),
            name=make_name(random),
            face=FACE.format(random.getrandbits(160)),
            crc=f"{random.getrandbits(32):08x}",
            medal=self._medal(guard_level)
            if guard_level or random.random() < (0.7 if regular else 0.2)
            else None,
            guard_level=guard_level,
            is_admin=regular and random.random() < 0.03,
            wealth=random.randrange(40),
            level=random.randrange(50),
        )

    def _medal(self, guard_level: int) -> Medal:
        random = self._random
        level = random.randrange(21, 31) if guard_level else random.randrange(1, 25)
        if guard_level or random.random() < 0.7:
            uid, name, room_id = self._anchor
            medal = self.medal_name
        else:
            # Worn from another room: the danmaku says whose, and readers must not take it for this room's.
            uid, name, room_id = (
                random.randrange(10**6, 10**9),
                random.choice(words.ANCHORS),
                random.randrange(10**5),
            )
            medal = random.choice(words.MEDALS)
        return Medal(
            medal, level, uid, name, room_id, guard_level, random.random() < 0.9, random.randrange(1, 10**6)
        )
