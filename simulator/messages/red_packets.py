"""Red packets.

POPULARITY_RED_POCKET_NEW, _START (again and again) and _WINNER_LIST, each also in its V2 form.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.messages.catalogue import GIFTS, IMAGE
from simulator.people import Json, Person

DRAWN_AFTER_S = 180
GOLD_PER_BATTERY = 100
# Battery paid, by how often; four fifths of it become the gifts inside.
PRICES = {20: 70, 100: 25, 520: 5}
_SMALL, _LARGE = GIFTS[0], GIFTS[3]
_PAGE = "https://live.bilibili.com/p/html/live-app-red-envelope/popularity.html?lotteryId={}"


@dataclass(frozen=True, slots=True)
class RedPacket:
    """One red packet; `price` in battery, times in seconds. Behind others it starts later than was said."""

    lot_id: int
    price: int
    sent_at: int
    said_start: int
    start: int

    @property
    def gold_inside(self) -> int:
        """What the gifts inside are worth."""
        return self.price * GOLD_PER_BATTERY * 4 // 5

    @property
    def inside(self) -> list[tuple[int, str, int, int]]:
        """Gift, name, how many, gold of one."""
        large = self.gold_inside // 2 // _LARGE.price
        small = (self.gold_inside - large * _LARGE.price) // _SMALL.price
        return [
            (kind.gift_id, kind.name, num, kind.price)
            for kind, num in ((_LARGE, large), (_SMALL, small))
            if num
        ]


def command(name: str, form: int) -> str:
    """The V2 form of a command comes along with the first."""
    return f"POPULARITY_RED_POCKET_{'V2_' if form == 2 else ''}{name}"


def render_new(packet: RedPacket, form: int, person: Person) -> Json:
    """_NEW: it was paid for."""
    data: Json = {
        "lot_id": packet.lot_id, "start_time": packet.said_start, "current_time": packet.sent_at,
        "wait_num": int(packet.said_start > packet.sent_at), "uname": person.name, "uid": person.uid,
        "action": "送出", "num": 1, "gift_name": "红包", "gift_id": 13000, "price": packet.price,
        "name_color": "#00D1F1" if person.guard_level else "", "medal_info": person.medal_info,
        "wealth_level": person.wealth, "group_medal": None, "is_mystery": False,
        "sender_info": person.uinfo, "gift_icon": "", "rp_type": 0,
    }  # fmt: skip
    return {"cmd": command("NEW", form), "data": data}


def render_start(packet: RedPacket, form: int, age: int, person: Person) -> Json:
    """_START, `age` seconds after it began: the copies differ in `current_time` only."""
    end = packet.start + DRAWN_AFTER_S
    awards = [
        {"gift_id": number, "gift_name": name, "gift_pic": f"{IMAGE.format(number)}.png", "num": num}
        for number, name, num, _ in packet.inside
    ]
    data: Json = {
        "lot_id": packet.lot_id, "sender_uid": person.uid, "sender_name": person.name,
        "sender_face": person.face, "join_requirement": 1, "danmu": "老板大气！点点红包抽礼物",
        "current_time": packet.start + age, "start_time": packet.start, "end_time": end,
        "last_time": DRAWN_AFTER_S, "remove_time": end + 15, "replace_time": end + 10, "lot_status": 1,
        "h5_url": _PAGE.format(packet.lot_id), "user_status": 2, "awards": awards, "lot_config_id": 3,
        "total_price": packet.gold_inside, "wait_num": 0,
    }  # fmt: skip
    if form == 2:
        data |= {"anchor_h5_url": "", "is_mystery": False, "rp_type": 0, "sender_uinfo": person.uinfo}
        data |= {"rp_guard_info": None, "icon_url": "", "animation_icon_url": "", "wait_num_v2": 0}
    return {"cmd": command("START", form), "data": data}


def render_winners(packet: RedPacket, form: int, winners: Sequence[Person]) -> Json:
    """_WINNER_LIST: whoever won has the gift in the backpack from now on."""
    drawn = packet.start + DRAWN_AFTER_S + 2
    gifts = [number for number, _, num, _ in packet.inside for _ in range(num)]
    won: list[object] = [
        [winner.uid, winner.name, packet.lot_id + place, gift, False, None, drawn, place]
        for place, (winner, gift) in enumerate(zip(winners, gifts, strict=False), start=1)
    ]
    awards: Json = {
        str(number): {
            "award_type": 1, "award_name": name, "award_pic": f"{IMAGE.format(number)}.png",
            "award_big_pic": f"{IMAGE.format(number + 1)}.png", "award_price": price,
        }
        for number, name, _, price in packet.inside
    }  # fmt: skip
    data: Json = {
        "lot_id": packet.lot_id, "total_num": len(gifts), "award_num": len(won), "winner_info": won,
        "awards": awards, "version": 1, "rp_type": 0, "timestamp": drawn,
    }  # fmt: skip
    return {"cmd": command("WINNER_LIST", form), "data": data}
