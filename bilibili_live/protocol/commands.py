"""From packets to typed events: which command is read by which function.

Never raises on bytes from outside. Whatever is no event is counted: unknown commands by name,
messages that could not be read by reason, packets by what was wrong with them.
"""

import logging
from collections.abc import Callable, Iterable

from bilibili_live.events import Decoded
from bilibili_live.protocol.danmaku import danmaku, danmaku_mirror
from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.gifts import send_gift, send_gift_v2
from bilibili_live.protocol.guards import guard_buy, user_toast, user_toast_v2
from bilibili_live.protocol.interactions import interact_word, interact_word_v2
from bilibili_live.protocol.message import Message, Outcome, countable, open_message
from bilibili_live.protocol.packets import CONTROL, MESSAGE, Packet, unpack
from bilibili_live.protocol.room_states import (
    live,
    login_notice,
    online_rank_count,
    preparing,
    room_change,
    watched_change,
)
from bilibili_live.protocol.super_chats import super_chat, super_chat_deletion

log = logging.getLogger(__name__)

#: What reading an unforeseen shape raises. A message read again would fail again: it is counted.
_SHAPE_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

#: Compared exactly: RECALL_DANMU_MSG contains DANMU_MSG and is something else.
COMMANDS: dict[str, Callable[[Message], Outcome]] = {
    "DANMU_MSG": danmaku,
    "DANMU_MSG_MIRROR": danmaku_mirror,
    "GUARD_BUY": guard_buy,
    "INTERACT_WORD": interact_word,
    "INTERACT_WORD_V2": interact_word_v2,
    "LIVE": live,
    "LOG_IN_NOTICE": login_notice,
    "ONLINE_RANK_COUNT": online_rank_count,
    "PREPARING": preparing,
    "ROOM_CHANGE": room_change,
    "SEND_GIFT": send_gift,
    "SEND_GIFT_V2": send_gift_v2,
    "SUPER_CHAT_MESSAGE": super_chat,
    "SUPER_CHAT_MESSAGE_DELETE": super_chat_deletion,
    "SUPER_CHAT_MESSAGE_JPN": super_chat,
    "USER_TOAST_MSG": user_toast,
    "USER_TOAST_MSG_V2": user_toast_v2,
    "WATCHED_CHANGE": watched_change,
}


def decode_frame(frame: bytes, room_id: int, received_at: int) -> Decoded:
    """One WebSocket message as it stands in the journal. ``received_at`` in ms."""
    packets, faults = unpack(frame)
    decoded = decode_packets(packets, room_id, received_at)
    for reason, times in faults.items():
        _add(decoded.tally.undecodable, reason, times)
    return decoded


def decode_packets(packets: Iterable[Packet], room_id: int, received_at: int) -> Decoded:
    decoded = Decoded()
    for packet in packets:
        if packet.operation == MESSAGE:
            _decode(decoded, packet.body, room_id, received_at)
        elif packet.operation not in CONTROL:
            _add(decoded.tally.undecodable, "unknown operation")
    return decoded


def decode_message(body: bytes, room_id: int, received_at: int) -> Decoded:
    """The body of one message packet: a JSON object with a ``cmd``."""
    decoded = Decoded()
    _decode(decoded, body, room_id, received_at)
    return decoded


def _decode(decoded: Decoded, body: bytes, room_id: int, received_at: int) -> None:
    try:
        message = open_message(body, room_id, received_at)
        read = COMMANDS.get(message.command)
        outcome: Outcome = read(message) if read else []
    except Rejected as reason:
        _add(decoded.tally.rejected, str(reason))
        return
    except RecursionError:  # what the parser could still nest, the writing of a nested text may not
        _add(decoded.tally.rejected, "nested too deep")
        return
    except _SHAPE_ERRORS:  # a bug of ours: it costs this message, which the journal has, and not the room
        log.exception("a message could not be decoded")
        _add(decoded.tally.rejected, "decoder failed")
        return
    if read is None:
        _add(decoded.tally.ignored, countable(message.command))
    _sort(decoded, outcome)


def _sort(decoded: Decoded, outcome: Outcome) -> None:
    for part in outcome:
        if isinstance(part, Rejected):
            _add(decoded.tally.rejected, str(part))
        else:
            decoded.events.append(part)


def _add(counts: dict[str, int], name: str, times: int = 1) -> None:
    counts[name] = counts.get(name, 0) + times
