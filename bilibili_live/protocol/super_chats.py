"""SUPER_CHAT_MESSAGE, its Japanese copy (same id), and deletions (protocol.md 4.6)."""

from bilibili_live.events import SuperChat, SuperChatDeletion, event_id
from bilibili_live.protocol.fields import (
    MAX_GOLD,
    Fields,
    Rejected,
    amount,
    bounded,
    integer,
    is_moment,
    mapping,
    name,
    seconds,
    sequence,
    small,
    text,
    uid,
    whole,
)
from bilibili_live.protocol.message import Message, Outcome

_SEEDS_PER_YUAN = 1000
_MOST_DELETIONS = 1000


def super_chat(message: Message) -> Outcome:
    data = message.data
    at, number = seconds(data, "start_time"), whole(data, "id")
    user, medal = mapping(data.get("user_info")), mapping(data.get("medal_info"))
    said = SuperChat(
        event_id=event_id(at, message.room_id, SuperChat.kind, number),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        super_chat_id=number,
        uid=uid(data.get("uid")),
        username=text(user.get("uname")) or _name_in(data),
        message=text(data.get("message")),
        price=_price(data),
        end_at=_end(data, at),
        message_trans=text(data.get("message_trans")) or text(data.get("message_jpn")),
        medal_name=name(medal.get("medal_name")),
        medal_level=small(medal.get("medal_level")),
        guard_level=small(user.get("guard_level")),
        background_color=text(data.get("background_color")),
    )
    return [said]


def _name_in(data: Fields) -> str:
    """Some messages have only the newer ``uinfo``."""
    return text(mapping(mapping(data.get("uinfo")).get("base")).get("name"))


def _price(data: Fields) -> int:
    price = amount(data, "price")
    if price * _SEEDS_PER_YUAN > MAX_GOLD:
        raise Rejected("number out of range")
    return price


def _end(data: Fields, at: int) -> int:
    """When it stops being shown; from the seconds shown when the end is not said."""
    end = integer(data.get("end_time"))
    if end is not None and is_moment(end * 1000):
        return end * 1000
    return at + 1000 * max(0, small(data.get("time")))


def super_chat_deletion(message: Message) -> Outcome:
    found = (integer(number) for number in sequence(message.data.get("ids"))[:_MOST_DELETIONS])
    ids = sorted({bounded(number) for number in found if number is not None})
    if not ids:
        raise Rejected("missing ids")
    at = message.said_at
    deletion = SuperChatDeletion(
        event_id=event_id(at, message.room_id, SuperChatDeletion.kind, [*ids]),
        room_id=message.room_id,
        at=at,
        received_at=message.received_at,
        super_chat_ids=ids,
    )
    return [deletion]
