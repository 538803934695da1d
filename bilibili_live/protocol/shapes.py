"""What each command that is read looks like, as far as its reader relies on it. Data; reads nothing itself.

Fields that are not named may be anything. Types are those of captures (2020 to 2026-10): the readers
take more than that, so what does not fit here is not lost, it is news.
"""

from types import GenericAlias
from typing import Any, NamedTuple, TypeAlias

import msgspec

#: What msgspec calls a type: a class, a union of classes, or a struct made here.
Kind: TypeAlias = Any
_Id: Kind = int | str


class _Maybe(NamedTuple):
    kind: Kind


def maybe(kind: Kind) -> _Maybe:
    """It may be missing or null."""
    return _Maybe(kind)


def _field(name: str, kind: Kind) -> tuple[str, Kind] | tuple[str, Kind, None]:
    return (name, kind.kind | None, None) if isinstance(kind, _Maybe) else (name, kind)


def shape(**fields: Kind) -> Kind:
    """An object with at least these fields."""
    named = [_field(name, kind) for name, kind in fields.items()]
    return msgspec.defstruct("Object", named, kw_only=True)


def places(*kinds: Kind) -> Kind:
    """An array whose first places mean something; from the first maybe() on all may be missing."""
    named = [_field(f"place_{index}", kind) for index, kind in enumerate(kinds)]
    return msgspec.defstruct("Array", named, array_like=True)


def several(kind: Kind) -> Kind:
    """An array of any length."""
    return GenericAlias(list, (kind,))


def _data(**fields: Kind) -> Kind:
    return shape(data=shape(**fields))


_ANY = maybe(Any)
_MEDAL = shape(medal_name=maybe(str), medal_level=maybe(int))
_GUARD_INFO = shape(guard_level=int, start_time=int, op_type=maybe(int), role_name=maybe(str))
_PAY_INFO = shape(payflow_id=str, price=int, num=int, unit=str)

_LOOK = places(
    Any, maybe(int), _ANY, maybe(int), maybe(int), _ANY, _ANY, _ANY, _ANY, _ANY, _ANY, _ANY, maybe(int), _ANY,
    _ANY, maybe(shape(extra=maybe(str))),
)  # fmt: skip
_SENDER = places(int, maybe(str), maybe(int), maybe(int), maybe(int))
_DANMAKU = shape(
    info=places(
        _LOOK, str | list, _SENDER, maybe(places(maybe(int), maybe(str))), maybe(places(maybe(int))), _ANY,
        _ANY, maybe(int), _ANY, maybe(shape(ct=maybe(str))), _ANY, _ANY, _ANY, _ANY, _ANY, _ANY,
        maybe(places(maybe(int))),
    )
)  # fmt: skip
_GIFT = _data(
    timestamp=int, tid=str, uid=maybe(int), uname=str, giftId=int, giftName=str, num=int, price=int,
    total_coin=int, coin_type=str, guard_level=maybe(int), wealth_level=maybe(int), batch_combo_id=maybe(str),
    bag_gift=maybe(dict), medal_info=maybe(_MEDAL), receive_user_info=maybe(shape(uid=int, uname=str)),
    blind_gift=maybe(shape(original_gift_id=int, original_gift_name=str, original_gift_price=maybe(int))),
)  # fmt: skip
_SUPER_CHAT = _data(
    id=_Id, uid=maybe(_Id), price=int, message=str, start_time=int, end_time=int, message_trans=maybe(str),
    message_jpn=maybe(str), medal_info=maybe(_MEDAL), background_color=maybe(str),
    user_info=maybe(shape(guard_level=maybe(int), uname=str)),
)  # fmt: skip
_VISIT = _data(
    uid=maybe(int), uname=str, msg_type=int, timestamp=maybe(int), trigger_time=maybe(int),
    fans_medal=maybe(_MEDAL),
)  # fmt: skip
_TOAST = shape(
    data=shape(
        uid=int, username=str, guard_level=int, start_time=int, payflow_id=str, price=int, num=int, unit=str,
        op_type=maybe(int), role_name=maybe(str),
    )
)  # fmt: skip
_TOAST_V2 = _data(
    sender_uinfo=shape(uid=int, base=shape(name=str)), guard_info=_GUARD_INFO, pay_info=_PAY_INFO,
    option=shape(source=int),
)  # fmt: skip
_PB = _data(pb=str)
_SIDE = maybe(shape(room_id=int, votes=maybe(int)))
_PK = shape(
    pk_id=maybe(_Id),
    pk_status=maybe(int),
    timestamp=maybe(int),
    data=maybe(shape(pk_id=maybe(_Id), pk_status=maybe(int), init_info=_SIDE, match_info=_SIDE)),
)
_PACKET_SENT = _data(lot_id=int, start_time=int, price=int, num=maybe(int), uid=maybe(int), uname=str)
_PACKET_STARTED = _data(
    lot_id=int, start_time=int, sender_uid=maybe(int), sender_name=str, total_price=maybe(int),
    end_time=maybe(int), awards=several(shape(gift_name=str, num=maybe(int))),
)  # fmt: skip
_PACKET_DRAWN = _data(lot_id=int, total_num=maybe(int), award_num=maybe(int), timestamp=maybe(int))
_LINE = shape(label=maybe(str), content=str)

SHAPES: dict[str, Kind] = {
    "ANCHOR_ECOLOGY_LIVING_DIALOG": _data(
        dialog_title=str, dialog_message_list=several(_LINE), timestamp=maybe(int)
    ),
    "ANCHOR_LOT_AWARD": _data(id=int, award_name=str, award_users=several(dict)),
    "ANCHOR_LOT_CHECKSTATUS": _data(id=int, status=int, reject_reason=maybe(str)),
    "ANCHOR_LOT_END": _data(id=int),
    "ANCHOR_LOT_START": _data(
        id=int, award_name=str, award_num=int, current_time=int, max_time=int, time=int
    ),
    "CUT_OFF": shape(msg=str),
    "CUT_OFF_V2": _data(
        timestamp=int, cut_off_data=shape(cut_off_title=str, cut_off_message_list=several(_LINE))
    ),
    "DANMU_MSG": _DANMAKU,
    "DANMU_MSG_MIRROR": _DANMAKU,
    "GUARD_BUY": _data(uid=int, username=str, guard_level=int, num=int, price=int, start_time=int),
    "INTERACT_WORD": _VISIT,
    "INTERACT_WORD_V2": _PB,
    "LIKE_INFO_V3_CLICK": _data(uid=maybe(int), uname=str, msg_type=int, fans_medal=maybe(_MEDAL)),
    "LIKE_INFO_V3_UPDATE": _data(click_count=int),
    "LIVE": shape(live_key=str, live_time=maybe(int)),
    "LIVE_ROOM_TOAST_MESSAGE": _data(message=str, timestamp=maybe(int)),
    "LOG_IN_NOTICE": _data(notice_msg=str),
    "ONLINE_RANK_COUNT": _data(count=int, online_count=maybe(int)),
    "PK_BATTLE_END": _PK,
    "PK_BATTLE_FINAL_PROCESS": _PK,
    "PK_BATTLE_PRE": _PK,
    "PK_BATTLE_PRE_NEW": _PK,
    "PK_BATTLE_PUNISH_END": _PK,
    "PK_BATTLE_SETTLE": _PK,
    "PK_BATTLE_SETTLE_NEW": _PK,
    "PK_BATTLE_SETTLE_USER": _PK,
    "PK_BATTLE_SETTLE_V2": _PK,
    "PK_BATTLE_START": _PK,
    "PK_BATTLE_START_NEW": _PK,
    "PK_INFO": _data(
        members=several(shape(room_id=int, votes=int)),
        pk_basic=shape(pk_id=int, status=int, start_time=int, end_time=int, punish_end_time=int),
    ),
    "POPULARITY_RED_POCKET_NEW": _PACKET_SENT,
    "POPULARITY_RED_POCKET_START": _PACKET_STARTED,
    "POPULARITY_RED_POCKET_V2_NEW": _PACKET_SENT,
    "POPULARITY_RED_POCKET_V2_START": _PACKET_STARTED,
    "POPULARITY_RED_POCKET_V2_WINNER_LIST": _PACKET_DRAWN,
    "POPULARITY_RED_POCKET_WINNER_LIST": _PACKET_DRAWN,
    "PREPARING": shape(round=maybe(_Id)),
    "RECALL_DANMU_MSG": _data(recall_type=int, target_id=_Id),
    "ROOM_ADMINS": shape(uids=several(int)),
    "ROOM_ADMIN_REVOKE": shape(uid=int),
    "ROOM_BLOCK_MSG": _data(uid=int, uname=str, operator=int),
    "ROOM_CHANGE": _data(title=str, area_id=int, area_name=str, parent_area_id=int, parent_area_name=str),
    "ROOM_LOCK": shape(expire=str),
    "ROOM_REAL_TIME_MESSAGE_UPDATE": _data(fans=int, fans_club=maybe(int)),
    "ROOM_SILENT_OFF": shape(),
    "ROOM_SILENT_ON": _data(type=str, level=int, second=int),
    "SEND_GIFT": _GIFT,
    "SEND_GIFT_V2": _PB,
    "SUPER_CHAT_MESSAGE": _SUPER_CHAT,
    "SUPER_CHAT_MESSAGE_DELETE": _data(ids=several(int)),
    "SUPER_CHAT_MESSAGE_JPN": _SUPER_CHAT,
    "USER_TOAST_MSG": _TOAST,
    "USER_TOAST_MSG_V2": _TOAST_V2,
    "VIDEO_CONNECTION_JOIN_END": _data(channel_id=str, start_at=int, toast=str),
    "VIDEO_CONNECTION_JOIN_START": _data(channel_id=str, start_at=int, invited_uid=int, invited_uname=str),
    "VOICE_JOIN_STATUS": _data(status=int, uid=int, user_name=str, start_at=int, current_time=int),
    "WARNING": shape(msg=str),
    "WATCHED_CHANGE": _data(num=int),
    "room_admin_entrance": shape(uid=int),
}
