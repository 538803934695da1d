"""Fights against other rooms (PK_*) and lotteries of the streamer (ANCHOR_LOT_*): protocol.md 4.9.

Votes are scores and prizes are promises: no money is in here.
"""

from bilibili_live.events import RoomState
from bilibili_live.protocol.fields import (
    Fields,
    Json,
    Rejected,
    count,
    integer,
    is_moment,
    mapping,
    sequence,
    text,
    whole,
    word,
)
from bilibili_live.protocol.message import Message, Outcome
from bilibili_live.protocol.room_states import room_state

_MOST_SIDES = 20


def pk(message: Message) -> Outcome:
    """PK_BATTLE_*: once for each fight and ``pk_status``; the running scores between are passed over.

    The old and the new form both come, some several times: ``timestamp`` (s), the same in all of them,
    is the time, so that they are one event.
    """
    data = mapping(message.fields.get("data"))
    outer = message.fields if "pk_id" in message.fields else data  # SETTLE_NEW has it in either place
    number, status = whole(outer, "pk_id"), whole(outer, "pk_status")
    sides = [data.get("init_info"), data.get("match_info")]
    detail = _scores(sides, "room_id") or text(data.get("uname"))
    return [_pk(message, number, status, outer.get("timestamp"), detail)]


#: PK_INFO ``status`` -> which of its times it is about; the preparing one and all others: the beginning.
_TIMES = {301: "end_time", 401: "end_time", 601: "end_time", 1001: "punish_end_time"}


def pk_info(message: Message) -> Outcome:
    """PK_INFO: the newest form, for any number of rooms, repeated with each change of the votes.

    Without the step's own time each repetition would be another event: it has none then.
    """
    data = message.data
    basic = mapping(data.get("pk_basic"))
    number, status = whole(basic, "pk_id"), whole(basic, "status")
    key = _TIMES.get(status, "start_time")
    at = whole(basic, key)
    if not is_moment(at * 1000):
        raise Rejected(f"missing {key}")
    return [_pk(message, number, status, at, _scores(sequence(data.get("members")), "room_id"))]


def _pk(message: Message, number: int, status: int, at: Json, detail: str) -> RoomState:
    return room_state(message, "pk", f"{number}:{status}", own_time=at, detail=detail)


def _scores(sides: list[Json], key: str) -> str:
    """ "27559004: 6, 1964690546: 170", by room; empty when nobody has votes yet."""
    told = [mapping(side) for side in sides[:_MOST_SIDES]]
    counted = [side for side in told if integer(side.get("votes")) is not None]
    return ", ".join(f"{text(side.get(key))}: {text(side.get('votes'))}" for side in counted)


def lottery_start(message: Message) -> Outcome:
    """ANCHOR_LOT_START: repeated while it runs; its beginning follows from the ``time`` (s) that is left."""
    data = message.data
    now, whole_time, left = (integer(data.get(key)) for key in ("current_time", "max_time", "time"))
    began = now
    if now is not None and whole_time is not None and left is not None:
        began = now - (whole_time - left)
    return [_lottery(message, "lottery_start", data, own_time=began, detail=_prize(data))]


def lottery_check(message: Message) -> Outcome:
    """ANCHOR_LOT_CHECKSTATUS: the site let it pass, or says why not."""
    data = message.data
    value = f"{whole(data, 'id')}:{text(data.get('status'))}"
    return [room_state(message, "lottery_check", value, detail=text(data.get("reject_reason")))]


def lottery_end(message: Message) -> Outcome:
    return [_lottery(message, "lottery_end", message.data)]


def lottery_award(message: Message) -> Outcome:
    """ANCHOR_LOT_AWARD: the prize and how many won it; who they are is not kept."""
    data = message.data
    winners = len(sequence(data.get("award_users")))
    return [_lottery(message, "lottery_award", data, detail=f"{word(data, 'award_name')} ×{winners}")]


def _prize(data: Fields) -> str:
    return f"{word(data, 'award_name')} ×{count(data.get('award_num'))}"


def _lottery(
    message: Message, what: str, data: Fields, *, own_time: Json = None, detail: str = ""
) -> RoomState:
    return room_state(message, what, str(whole(data, "id")), own_time=own_time, detail=detail)
