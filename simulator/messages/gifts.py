"""Gifts.

SEND_GIFT (JSON), SEND_GIFT_V2 (protobuf, several items) and the COMBO_SEND summary that is never money.
"""

import base64
from dataclasses import dataclass

from simulator.messages.catalogue import BlindBox, GiftKind
from simulator.people import Json, Person
from simulator.protobuf import Fields, encode
from simulator.words import NAME_COLOURS


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a gift is for: the anchor, or a guest of a room with several."""

    uid: int
    name: str
    face: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a giving. `total_coin` is what was paid for the line; `kind` is the gift as revealed."""

    kind: GiftKind
    num: int
    total_coin: int
    tid: str


@dataclass(frozen=True, slots=True)
class Giving:
    """One act of giving; `timestamp` in whole seconds. SEND_GIFT carries only a giving of one item."""

    items: tuple[Item, ...]
    timestamp: int
    receiver: Receiver
    combo_time: str
    from_backpack: bool
    box: BlindBox | None
    serial: int

    def combo_id(self, person: Person) -> str:
        """`combo_id`; to guests it shows a digest in place of the giver's uid."""
        giver = str(person.uid) if person.uid else f"{int(person.crc, 16):032x}"
        return f"gift:combo_id:{giver}:{self.receiver.uid}:{self.items[0].kind.gift_id}:{self.combo_time}"

    def batch_combo_id(self, person: Person) -> str:
        """`batch_combo_id`, the one that later messages join by."""
        return f"batch:{self.combo_id(person)}"

    @property
    def coin_type(self) -> str:
        """Gold is money, silver is not."""
        return "silver" if self.items[0].kind.silver else "gold"


def _box_json(box: BlindBox | None, item: Item) -> Json | None:
    if box is None:
        return None
    return {
        "blind_gift_config_id": box.config_id, "from": 0, "gift_action": "爆出",
        "gift_tip_price": item.kind.price, "original_gift_id": box.gift_id, "original_gift_name": box.name,
        "original_gift_price": box.price,
    }  # fmt: skip


def _combos(giving: Giving, item: Item, person: Person) -> tuple[Json, Json]:
    """`batch_combo_send` and `combo_send`, which repeat the gift inside itself."""
    same: Json = {
        "action": "投喂", "gift_id": item.kind.gift_id, "gift_name": item.kind.name, "gift_num": item.num,
        "send_master": None, "uid": person.uid, "uname": person.name,
    }  # fmt: skip
    blind = _box_json(giving.box, item)
    batch = {
        **same,
        "batch_combo_id": giving.batch_combo_id(person),
        "batch_combo_num": 1,
        "blind_gift": blind,
    }
    return batch, {**same, "combo_id": giving.combo_id(person), "combo_num": 1}


def receiver_uinfo(receiver: Receiver) -> Json:
    """`receiver_uinfo`: the short form."""
    return {"base": {"face": receiver.face, "name": receiver.name, "name_color_str": ""}, "uid": receiver.uid}


def _full_uinfo(receiver: Receiver) -> Json:
    """`receiver_uinfo` of a combo: the long form."""
    anchor = Person(receiver.uid, receiver.name, receiver.face, "", None, 0, False, 0, 0)
    return {**anchor.uinfo, "guard_leader": None, "title": None, "wealth": None}


def render_v1(giving: Giving, outer: Json, person: Person) -> Json:
    """SEND_GIFT."""
    item = giving.items[0]
    kind = item.kind
    batch, combo = _combos(giving, item, person)
    price_shown = {"price_for_show": kind.price, "show_price": 1} if giving.from_backpack else None
    data: Json = {
        "action": "投喂", "bag_gift": price_shown, "batch_combo_id": giving.batch_combo_id(person),
        "batch_combo_send": batch, "beatId": "0", "benefits": None, "biz_source": "Live",
        "blind_gift": _box_json(giving.box, item), "broadcast_id": 0, "coin_type": giving.coin_type,
        "combo_resources_id": 1, "combo_send": combo, "combo_stay_time": 5,
        "combo_total_coin": kind.price * item.num, "crit_prob": 0, "demarcation": 1,
        "discount_price": kind.price, "dmscore": 140, "draw": 0, "effect": 0, "effect_block": 0,
        "effect_config": None, "face": person.face, "face_effect": {}, "face_effect_id": 0,
        "face_effect_type": 0, "face_effect_v2": {"id": 0, "type": 0}, "float_sc_resource_id": 0,
        "giftId": kind.gift_id, "giftName": kind.name, "giftType": 5 if kind.silver else 0,
        "gift_info": kind.images, "gift_tag": [], "gold": 0, "group_medal": None,
        "guard_level": person.guard_level, "is_first": True, "is_join_receiver": False, "is_naming": False,
        "is_special_batch": 0, "magnification": 1, "medal_info": person.medal_info,
        "name_color": NAME_COLOURS[person.guard_level], "num": item.num, "original_gift_name": "",
        "price": kind.price, "rcost": giving.serial, "receive_user_info": {"uid": giving.receiver.uid,
        "uname": giving.receiver.name}, "receiver_uinfo": receiver_uinfo(giving.receiver), "remain": 0,
        "rnd": item.tid, "send_master": None, "sender_uinfo": person.uinfo, "silver": 0, "super": 0,
        "super_batch_gift_num": 1, "super_gift_num": 1, "svga_block": 0, "switch": True, "tag_image": "",
        "tid": item.tid, "timestamp": giving.timestamp, "top_list": None, "total_coin": item.total_coin,
        "uid": person.uid, "uname": person.name, "wealth_level": person.wealth,
    }  # fmt: skip
    return {"cmd": "SEND_GIFT", "danmu": {"area": 0}, "data": data, **outer}


def base_fields(person: Person) -> Fields:
    """`uinfo.base`, as far as it is sent. Field 7.4 is the official type, -1 for ordinary people."""
    names = [(1, person.name), (2, person.face)]
    return [*names, (6, names), (7, [(4, -1)])]


def medal_fields(person: Person) -> Fields:
    """`uinfo.medal`: of this room."""
    medal = person.medal
    if medal is None:
        return []
    start, end, border = medal.colours
    return [
        (1, medal.name), (2, medal.level), (3, start), (4, end), (5, border), (6, start), (9, int(medal.lit)),
        (10, medal.anchor_uid), (11, medal.guard_level), (12, medal.score), (15, f"#{start:06X}99"),
        (16, f"#{end:06X}99"), (17, f"#{border:06X}99"), (18, "#FFFFFF"), (19, f"#{start:06X}E6"),
    ]  # fmt: skip


def _worn_fields(person: Person) -> Fields:
    medal = person.medal
    if medal is None:
        return []
    start, end, border = medal.colours
    return [
        (1, medal.anchor_uid), (5, medal.level), (6, medal.name), (7, start), (8, start), (9, end), (10,
        border), (11, int(medal.lit)), (12, medal.guard_level),
    ]  # fmt: skip


def _item_fields(giving: Giving, item: Item, person: Person) -> Fields:
    kind, receiver = item.kind, giving.receiver
    picture = kind.images
    names = [(1, receiver.name), (2, receiver.face)]
    return [
        (1, kind.gift_id), (2, kind.name), (3, item.num), (4, 1), (5, kind.price), (6, kind.price),
        (7, item.total_coin), (8, giving.coin_type), (9, item.tid), (10, giving.timestamp), (11, 1),
        (12, giving.batch_combo_id(person)), (13, 10), (14, kind.price * item.num), (15, 5), (16, 1.0), (17,
        1), (18, "投喂"), (24, giving.serial), (29, [(1, receiver.name), (2, receiver.uid)]),
        *([(31, [(1, 1), (2, kind.price)])] if giving.from_backpack else []),
        (33, [(1, receiver.uid), (2, [*names, (6, names)])]),
        (35, [(1, str(picture["img_basic"])), (2, str(picture["webp"])), (5, str(picture["gif"]))]),
    ]  # fmt: skip


def _box_fields(giving: Giving) -> Fields:
    box = giving.box
    if box is None:
        return []
    revealed = giving.items[0].kind.price
    return [
        (1, box.config_id), (2, box.gift_id), (3, box.name), (5, "爆出"), (6, box.price), (7, revealed),
    ]  # fmt: skip


def protobuf_v2(giving: Giving, person: Person) -> bytes:
    """The body of SEND_GIFT_V2, all items."""
    box = _box_fields(giving)
    medal = medal_fields(person)
    sender: Fields = [(1, person.uid), (2, base_fields(person)), *([(3, medal)] if medal else [])]
    return encode([
        (1, person.uid), (2, person.name), (3, person.face), (4, NAME_COLOURS[person.guard_level]),
        (5, person.guard_level), (8, _worn_fields(person)), *([(9, box)] if box else []),
        *((10, _item_fields(giving, item, person)) for item in giving.items), (11, 1), (13, [(1,
        person.wealth)]), (15, sender),
    ])  # fmt: skip


def render_v2(giving: Giving, area: int, person: Person) -> Json:
    """SEND_GIFT_V2."""
    body = base64.b64encode(protobuf_v2(giving, person)).decode()
    return {"cmd": "SEND_GIFT_V2", "danmu": {"area": area}, "data": {"dmscore": 140, "pb": body}}


def render_combo(giving: Giving, person: Person) -> Json:
    """COMBO_SEND: what was already reported, once more, about five seconds later."""
    item = giving.items[0]
    receiver = giving.receiver
    data: Json = {
        "action": "投喂", "batch_combo_id": giving.batch_combo_id(person), "batch_combo_num": item.num,
        "coin_type": giving.coin_type, "combo_id": giving.combo_id(person), "combo_num": item.num,
        "combo_total_coin": item.kind.price * item.num, "dmscore": 140, "gift_id": item.kind.gift_id,
        "gift_info": item.kind.images, "gift_name": item.kind.name, "gift_num": 0, "group_medal": None,
        "is_join_receiver": False, "is_naming": False, "is_show": 1, "medal_info": person.medal_info,
        "name_color": NAME_COLOURS[person.guard_level], "r_uname": receiver.name,
        "receive_user_info": {"uid": receiver.uid, "uname": receiver.name},
        "receiver_uinfo": _full_uinfo(receiver), "ruid": receiver.uid, "send_master": None,
        "sender_uinfo": person.uinfo, "total_num": item.num, "uid": person.uid, "uname": person.name,
        "wealth_level": person.wealth,
    }  # fmt: skip
    return {"cmd": "COMBO_SEND", "data": data}
