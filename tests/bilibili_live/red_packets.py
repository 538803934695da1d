"""Synthetic messages about red packets, with the shapes of real ones."""

from typing import Any

from tests.bilibili_live.messages import SENT_S

LOT = 27867696


def sent(form: int = 1, **changed: object) -> dict[str, Any]:
    data = {
        "lot_id": LOT,
        "start_time": SENT_S,
        "current_time": SENT_S,
        "wait_num": 0,
        "uname": "小明",
        "uid": 3493286400494454,
        "action": "送出",
        "num": 1,
        "gift_name": "红包",
        "gift_id": 13000,
        "price": 20,
        "medal_info": {"medal_name": "勋章", "medal_level": 22},
    }
    return _message("NEW", form, data | changed)


def started(form: int = 1, **changed: object) -> dict[str, Any]:
    awards = [("打call", 2), ("牛哇", 3)]
    data = {
        "lot_id": LOT,
        "sender_uid": 3493286400494454,
        "sender_name": "小明",
        "join_requirement": 1,
        "danmu": "点点红包抽礼物",
        "current_time": SENT_S + 1,
        "start_time": SENT_S,
        "end_time": SENT_S + 180,
        "last_time": 180,
        "lot_status": 1,
        "awards": [
            {"gift_id": 31212 + place, "gift_name": name, "num": num}
            for place, (name, num) in enumerate(awards)
        ],
        "total_price": 1600,
        "wait_num": 0,
    }
    return _message("START", form, data | changed)


def drawn(form: int = 1, **changed: object) -> dict[str, Any]:
    data = {
        "lot_id": LOT,
        "total_num": 5,
        "award_num": 4,
        "winner_info": [[353034971, "小红", 14357970, 31212]],
        "awards": {"31212": {"award_type": 1, "award_name": "打call", "award_price": 500}},
        "version": 1,
        "timestamp": SENT_S + 181,
    }
    return _message("WINNER_LIST", form, data | changed)


def _message(what: str, form: int, data: dict[str, Any]) -> dict[str, Any]:
    return {"cmd": f"POPULARITY_RED_POCKET_{'V2_' if form == 2 else ''}{what}", "data": data}
