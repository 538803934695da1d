"""Guard purchases.

GUARD_BUY, USER_TOAST_MSG and USER_TOAST_MSG_V2, of which one to three report each purchase.
"""

from dataclasses import dataclass

from simulator.messages.catalogue import GUARDS
from simulator.messages.gifts import Receiver
from simulator.people import Json, Person
from simulator.words import GUARD_NAMES, NAME_COLOURS


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase. `price` is what the toasts say was paid, all of it; the list price is GUARD_BUY's."""

    level: int
    num: int
    price: int
    payflow_id: str
    start_time: int
    days: int
    op_type: int
    guard_count: int
    anchor: Receiver

    @property
    def list_price(self) -> int:
        """Per unit, as in GUARD_BUY."""
        return GUARDS[self.level][1]

    @property
    def role(self) -> str:
        """The rank's name."""
        return GUARD_NAMES[self.level]

    @property
    def gift_id(self) -> int:
        """The rank as a gift id."""
        return GUARDS[self.level][0]

    def text(self, name: str) -> str:
        """What the room is told."""
        verb = ("", "开通了", "续费了", "自动续费了")[self.op_type]
        return (
            f"<%{name}%> 在主播{self.anchor.name}的直播间{verb}{self.role}，今天是TA陪伴主播的第{self.days}天"
        )


def render_buy(purchase: Purchase, person: Person) -> Json:
    """GUARD_BUY: no unit, no order number, the list price."""
    data: Json = {
        "uid": person.uid, "username": person.name, "guard_level": purchase.level, "num": purchase.num,
        "price": purchase.list_price, "gift_id": purchase.gift_id, "gift_name": purchase.role,
        "start_time": purchase.start_time, "end_time": purchase.start_time,
    }  # fmt: skip
    return {"cmd": "GUARD_BUY", "data": data}


def render_toast(purchase: Purchase, person: Person) -> Json:
    """USER_TOAST_MSG."""
    data: Json = {
        "anchor_show": True, "color": NAME_COLOURS[purchase.level], "dmscore": 90, "effect_id": 397,
        "end_time": purchase.start_time, "face_effect_id": 44, "gift_id": purchase.gift_id, "group_name": "",
        "group_op_type": 0, "group_role_name": "", "guard_level": purchase.level, "is_group": 0, "is_show": 0,
        "num": purchase.num, "op_type": purchase.op_type, "payflow_id": purchase.payflow_id,
        "price": purchase.price, "role_name": purchase.role, "room_effect_id": 590,
        "room_group_effect_id": 1337, "source": 0, "start_time": purchase.start_time, "svga_block": 0,
        "target_guard_count": purchase.guard_count, "toast_msg": purchase.text(person.name),
        "uid": person.uid, "unit": "月", "user_show": True, "username": person.name,
    }  # fmt: skip
    return {"cmd": "USER_TOAST_MSG", "data": data}


def render_toast_v2(purchase: Purchase, source: int, outer: Json, person: Person) -> Json:
    """USER_TOAST_MSG_V2; `source` 2 is a second copy that the official chat ignores."""
    anchor = purchase.anchor
    data: Json = {
        "effect_info": {
            "effect_id": 397, "face_effect_id": 44, "room_effect_id": 590, "room_gift_effect_id": 0,
            "room_group_effect_id": 1337, "ship_effect_id": 590,
        },
        "gift_info": {"gift_id": purchase.gift_id}, "group_guard_info": None,
        "guard_info": {
            "end_time": purchase.start_time, "guard_level": purchase.level, "op_type": purchase.op_type,
            "role_name": purchase.role, "room_guard_count": purchase.guard_count,
            "start_time": purchase.start_time,
        },
        "option": {
            "anchor_show": True, "color": NAME_COLOURS[purchase.level], "is_group": 0, "is_show": 0,
            "source": source, "svga_block": 0, "user_show": True,
        },
        "pay_info": {
            "num": purchase.num, "payflow_id": purchase.payflow_id, "price": purchase.price, "unit": "月",
        },
        "receiver_uinfo": {"base": {"face": anchor.face, "name": anchor.name}, "uid": anchor.uid},
        "sender_uinfo": {"base": {"face": person.face, "name": person.name}, "uid": person.uid},
        "toast_msg": purchase.text(person.name),
    }  # fmt: skip
    return {"cmd": "USER_TOAST_MSG_V2", "data": data, **outer}
