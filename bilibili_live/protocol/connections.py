"""Others in the picture or on the line: VIDEO_CONNECTION_JOIN_*, VOICE_JOIN_STATUS (protocol.md 4.8)."""

from bilibili_live.protocol.fields import integer, small, text, uid, word
from bilibili_live.protocol.message import Message, Outcome
from bilibili_live.protocol.room_states import room_state


def video_start(message: Message) -> Outcome:
    """VIDEO_CONNECTION_JOIN_START: ``channel_id`` names the connection."""
    data = message.data
    who, shown = uid(data.get("invited_uid")), text(data.get("invited_uname"))
    channel = word(data, "channel_id")
    return [room_state(message, "video_start", channel, own_time=data.get("start_at"), detail=shown, uid=who)]


def video_end(message: Message) -> Outcome:
    """VIDEO_CONNECTION_JOIN_END: ``start_at`` is when it ended (it is ``current_time``, as recorded)."""
    data = message.data
    channel, said = word(data, "channel_id"), text(data.get("toast"))
    return [room_state(message, "video_end", channel, own_time=data.get("start_at"), detail=said)]


def voice_status(message: Message) -> Outcome:
    """VOICE_JOIN_STATUS: 1 somebody is on the line since ``start_at``; else nobody any more."""
    data = message.data
    who, shown = uid(data.get("uid")), text(data.get("user_name"))
    if small(data.get("status")) != 1:
        return [room_state(message, "voice_end", "", own_time=data.get("current_time"))]
    at = integer(data.get("start_at")) or data.get("current_time")
    return [room_state(message, "voice_start", str(who or shown), own_time=at, detail=shown, uid=who)]
