"""Synthetic messages with the shapes of real ones, and a protobuf writer, for the tests of this package."""

import base64
import json
import struct
from typing import Any

from bilibili_live.events import Decoded
from bilibili_live.protocol.commands import decode_message

ROOM = 90001
RECEIVED = 1_775_751_630_000
SENT_MS = 1_775_751_629_449
SENT_S = 1_775_751_629


def decode(message: object, received_at: int = RECEIVED) -> Decoded:
    return decode_message(json.dumps(message).encode(), ROOM, received_at)


def only(message: object, received_at: int = RECEIVED) -> Any:
    """The one event that a message becomes."""
    decoded = decode(message, received_at)
    assert decoded.tally.rejected == {}
    (event,) = decoded.events
    return event


def reason(message: object) -> str:
    """Why a message is rejected."""
    decoded = decode(message)
    assert decoded.events == []
    ((why, count),) = decoded.tally.rejected.items()
    assert count == 1
    return why


def danmaku(**extra: object) -> dict[str, Any]:
    inner = {"id_str": "abc123", "emots": None, "is_mirror": False, **extra}
    look = [0, 4, 25, 0xFF8800, SENT_MS, 1, 0, "70d2585a", 0, 0, 5, "", 0, "{}", "{}"]
    look.append({"extra": json.dumps(inner), "mode": 0, "user": {}})
    return {
        "cmd": "DANMU_MSG",
        "info": [
            look,
            "晚上好",
            [3493286400494454, "小明", 1, 0, 1, 10000, 1, ""],
            [21, "勋章", "主播", 123, 0, "", 0, 0, 0, 0, 3, 1, 456],
            [39, 0, 10512625, 42523, 2],
            ["", ""],
            0,
            3,
            None,
            {"ct": "5814F6B", "ts": SENT_S},
            0,
            0,
            None,
            None,
            0,
            208,
            [24],
            None,
        ],
        "send_time": SENT_MS + 900,
    }


def gift(**changed: object) -> dict[str, Any]:
    data = {
        "giftId": 31036,
        "giftName": "小花花",
        "num": 2,
        "price": 100,
        "discount_price": 100,
        "total_coin": 200,
        "coin_type": "gold",
        "tid": "4760043420746102272",
        "timestamp": SENT_S,
        "uid": 3493286400494454,
        "uname": "小明",
        "guard_level": 3,
        "wealth_level": 24,
        "batch_combo_id": "combo-1",
        "combo_total_coin": 999_999,
        "blind_gift": None,
        "bag_gift": None,
        "receive_user_info": {"uid": 99, "uname": "主播"},
        "medal_info": {"medal_name": "勋章", "medal_level": 27},
    }
    return {"cmd": "SEND_GIFT", "data": data | changed, "send_time": SENT_MS + 5000}


def super_chat(cmd: str = "SUPER_CHAT_MESSAGE", **changed: object) -> dict[str, Any]:
    data = {
        "id": 15164370,
        "uid": 102581857,
        "price": 30,
        "rate": 1000,
        "message": "点歌",
        "message_trans": "",
        "start_time": SENT_S,
        "end_time": SENT_S + 60,
        "time": 60,
        "ts": SENT_S,
        "background_color": "#EDF5FF",
        "user_info": {"uname": "小明", "guard_level": 3},
        "medal_info": {"medal_name": "勋章", "medal_level": 15},
    }
    return {"cmd": cmd, "data": data | changed}


def guard_buy(**changed: object) -> dict[str, Any]:
    data = {
        "uid": 14225357,
        "username": "小明",
        "guard_level": 3,
        "num": 2,
        "price": 198000,
        "gift_id": 10003,
        "gift_name": "舰长",
        "start_time": SENT_S,
        "end_time": SENT_S,
    }
    return {"cmd": "GUARD_BUY", "data": data | changed}


def toast(**changed: object) -> dict[str, Any]:
    data = {
        "uid": 14225357,
        "username": "小明",
        "guard_level": 3,
        "num": 1,
        "unit": "月",
        "price": 138000,
        "op_type": 2,
        "payflow_id": "2312150304155852173446521",
        "role_name": "舰长",
        "start_time": SENT_S,
        "end_time": SENT_S,
        "source": 0,
    }
    return {"cmd": "USER_TOAST_MSG", "data": data | changed}


def toast_v2(source: int = 0, **pay: object) -> dict[str, Any]:
    return {
        "cmd": "USER_TOAST_MSG_V2",
        "data": {
            "sender_uinfo": {"uid": 14225357, "base": {"name": "小明"}},
            "guard_info": {
                "guard_level": 3,
                "op_type": 2,
                "role_name": "舰长",
                "start_time": SENT_S,
                "end_time": SENT_S,
            },
            "pay_info": {"payflow_id": "2312150304155852173446521", "price": 138000, "num": 1, "unit": "月"}
            | pay,
            "option": {"source": source},
        },
    }


def interact(**changed: object) -> dict[str, Any]:
    data = {
        "uid": 335979315,
        "uname": "小明",
        "msg_type": 2,
        "timestamp": SENT_S,
        "trigger_time": SENT_MS * 1_000_000 + 42,
        "privilege_type": 3,
        "fans_medal": {"medal_name": "勋章", "medal_level": 5},
    }
    return {"cmd": "INTERACT_WORD", "data": data | changed}


def in_protobuf(cmd: str, body: bytes) -> dict[str, Any]:
    return {"cmd": cmd, "data": {"dmscore": 1, "pb": base64.b64encode(body).decode()}}


def gift_v2(*items: bytes, uid: int = 3493286400494454, box: bytes = b"") -> dict[str, Any]:
    body = (
        field(2, "小明") + field(5, 3) + field(8, field(5, 27) + field(6, "勋章")) + field(13, field(1, 24))
    )
    body += field(1, uid) if uid else b""
    body += field(9, box) if box else b""
    return in_protobuf("SEND_GIFT_V2", body + b"".join(field(10, item) for item in items))


def gift_item(tid: str = "48165970", total: int = 200, price: int = 100, num: int = 2) -> bytes:
    return b"".join(
        [
            field(1, 31036),
            field(2, "小花花"),
            field(3, num),
            field(5, price),
            field(7, total) if total else b"",
            field(8, "gold"),
            field(9, tid),
            field(10, SENT_S),
            field(12, "combo-1"),
            fixed(16, 1.0),
            field(29, field(1, "主播") + field(2, 99)),
        ]
    )


def interact_v2(**numbers: int) -> dict[str, Any]:
    said = {
        "uid": 335979315,
        "msg_type": 2,
        "timestamp": SENT_S,
        "trigger": SENT_MS * 1_000_000 + 42,
    } | numbers
    at = {"uid": 1, "msg_type": 5, "timestamp": 7, "trigger": 15}
    body = b"".join(field(at[name], value) for name, value in said.items() if value)
    body += field(2, "小明") + field(9, field(2, 5) + field(3, "勋章")) + field(16, 3)
    return in_protobuf("INTERACT_WORD_V2", body)


def varint(number: int) -> bytes:
    number &= 2**64 - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number: int, value: int | str | bytes) -> bytes:
    """One field on the wire: a varint, or something with a length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    body = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(body)) + body


def fixed(number: int, value: float | int) -> bytes:
    """One field of fixed size on the wire: a float32, or an integer of 64 bits."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    return varint(number << 3 | 1) + struct.pack("<q", value)
