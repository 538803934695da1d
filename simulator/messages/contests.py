"""A fight against another room (PK_BATTLE_*), and a lottery of the streamer (ANCHOR_LOT_*), told in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from simulator.messages.room_news import PAGE, PICTURE
from simulator.people import Json, Person
from simulator.rooms import Room

VOTES = "乱斗值"
#: s of a played fight or lottery: real ones last minutes.
LASTS = 8
PRIZES = ("情书", "手绘头像", "键盘", "5.2元红包")


@dataclass(frozen=True, slots=True)
class Battle:
    """One fight; `began` in epoch seconds."""

    number: int
    room: Room
    rival: Person
    rival_room: int
    began: int
    our_votes: int
    their_votes: int

    def told(self) -> Iterator[tuple[float, Json]]:
        """(seconds from now, message): the old and the new form side by side, the score several times."""
        for cmd in ("PK_BATTLE_PRE", "PK_BATTLE_PRE_NEW"):
            yield 0, self._outer(cmd, 101, 0, self._announced(), roomid=self.room.room_id)
        for cmd in ("PK_BATTLE_START", "PK_BATTLE_START_NEW"):
            yield 1, self._outer(cmd, 201, 1, self._begun())
        for second in (2, 4):
            for cmd in ("PK_BATTLE_PROCESS", "PK_BATTLE_PROCESS_NEW"):
                yield second, self._outer(cmd, 201, second, self._score(second / LASTS))
        frozen: Json = {"battle_type": 1, "pk_frozen_time": self.began + LASTS}
        yield 5, self._outer("PK_BATTLE_FINAL_PROCESS", 301, 5, frozen)
        yield LASTS, self._outer("PK_BATTLE_END", 401, LASTS, self._score(1, "winner_type") | {"timer": 10})
        yield LASTS + 0.1, self._settled()
        punished: Json = {"battle_type": 1}
        yield LASTS + 2, self._outer("PK_BATTLE_PUNISH_END", 1001, LASTS + 2, punished, status_msg="")

    def _outer(self, cmd: str, status: int, second: int, data: Json, **more: object) -> Json:
        timestamp = self.began + second
        return {
            "cmd": cmd, "pk_id": self.number, "pk_status": status, "timestamp": timestamp, "data": data,
            **more,
        }  # fmt: skip

    def _announced(self) -> Json:
        return {
            "battle_type": 1, "uname": self.rival.name, "face": self.rival.face, "uid": self.rival.uid,
            "room_id": self.rival_room, "season_id": 30, "pre_timer": 10, "pk_votes_name": VOTES,
            "end_win_task": None, "match_type": 1,
        }  # fmt: skip

    def _begun(self) -> Json:
        start, end = self.began + 1, self.began + LASTS
        return {
            "battle_type": 1, "final_hit_votes": 0, "pk_start_time": start, "pk_frozen_time": end - 1,
            "pk_end_time": end, "pk_votes_type": 0, "pk_votes_add": 0, "pk_votes_name": VOTES,
        }  # fmt: skip

    def _score(self, share: float, winner: str = "") -> Json:
        """`winner_type` 2 = won, -1 = lost."""
        ours: Json = {
            "room_id": self.room.room_id, "votes": int(self.our_votes * share), "best_uname": "",
        }  # fmt: skip
        theirs: Json = {
            "room_id": self.rival_room, "votes": int(self.their_votes * share), "best_uname": self.rival.name,
        }  # fmt: skip
        if winner:
            ours[winner] = 2 if self.our_votes >= self.their_votes else -1
            theirs[winner] = 2 if self.our_votes < self.their_votes else -1
        return {"battle_type": 1, "init_info": ours, "match_info": theirs}

    def _settled(self) -> Json:
        """PK_BATTLE_SETTLE_NEW: number, status and time only inside `data`."""
        score = self._score(1, "result_type")
        sides = {side: {**_object(score[side]), "assist_info": []} for side in ("init_info", "match_info")}
        data: Json = {
            "pk_id": self.number, "pk_status": 401, "settle_status": 1, "battle_type": 1, **sides,
            "punish_end_time": self.began + LASTS + 2, "timestamp": self.began + LASTS,
            "dm_conf": {"font_color": "#FFE10B", "bg_color": "#72C5E2"},
        }  # fmt: skip
        return {"cmd": "PK_BATTLE_SETTLE_NEW", "data": data}


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def lottery(
    random: Random, room: Room, number: int, winner: Person, now: int
) -> Iterator[tuple[float, Json]]:
    """ANCHOR_LOT_*: looked at by the site, begun and told again, drawn, closed."""
    prize, page = random.choice(PRIZES), PAGE.format(2, number)
    yield 0, _lot("CHECKSTATUS", {"id": number, "status": 4, "uid": room.uid})
    begun: Json = {
        "asset_icon": PICTURE.format(6), "award_image": "", "award_name": prize, "award_num": 1,
        "cur_gift_num": 0, "current_time": now, "danmu": "关注主播，参与天选时刻啦！", "gift_id": 0,
        "gift_name": "", "gift_num": 0, "gift_price": 0, "goaway_time": 180, "goods_id": -99998, "id": number,
        "is_broadcast": 1, "join_type": 0, "lot_status": 0, "max_time": LASTS, "require_text": "关注主播",
        "require_type": 1, "require_value": 0, "room_id": room.room_id, "send_gift_ensure": 0,
        "show_panel": 1, "start_dont_popup": 0, "status": 1, "time": LASTS, "url": page, "web_url": page,
    }  # fmt: skip
    yield 0.2, _lot("START", begun)
    yield 4, _lot("START", begun | {"current_time": now + 4, "time": LASTS - 4})
    won: Json = {
        "uid": winner.uid, "uname": winner.name, "face": winner.face, "level": 20, "color": 5805790, "num": 1,
    }  # fmt: skip
    drawn: Json = {
        "award_dont_popup": 1, "award_image": "", "award_name": prize, "award_num": 1, "award_users": [won],
        "id": number, "lot_status": 2, "url": page, "web_url": page,
    }  # fmt: skip
    yield LASTS, _lot("AWARD", drawn)
    yield LASTS + 1, _lot("END", {"id": number})


def _lot(which: str, data: Json) -> Json:
    return {"cmd": f"ANCHOR_LOT_{which}", "data": data}
