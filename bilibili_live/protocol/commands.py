"""From packets to typed events: which command is read by which function.

Never raises on bytes from outside. Whatever is no event is counted: unknown commands by name,
messages that could not be read by reason, packets by what was wrong with them.
"""

import logging
from collections.abc import Callable, Iterable

import msgspec

from bilibili_live.events import AnyEvent, Danmaku, Decoded, Oddity, begun_id
from bilibili_live.protocol import connections, contests, drift, moderation, red_packets
from bilibili_live.protocol.danmaku import danmaku, danmaku_mirror
from bilibili_live.protocol.extra_in_place import forget_extras
from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.gifts import send_gift, send_gift_v2
from bilibili_live.protocol.guards import guard_buy, user_toast, user_toast_v2
from bilibili_live.protocol.interactions import interact_word, interact_word_v2, like
from bilibili_live.protocol.message import Message, Outcome, countable, open_message
from bilibili_live.protocol.packets import CONTROL, MESSAGE, Messages, Part, open_frame
from bilibili_live.protocol.pruned import command_in_front, forget_commands, open_pruned
from bilibili_live.protocol.room_states import (
    followers,
    likes,
    live,
    login_notice,
    online_rank_count,
    preparing,
    room_change,
    watched_change,
)
from bilibili_live.protocol.super_chats import super_chat, super_chat_deletion
from bilibili_live.protocol.typed_danmaku import DANMAKU, typed_danmaku
from bilibili_live.protocol.typed_gauges import FIGURES, typed_gauges

log = logging.getLogger(__name__)

#: Bytes of one message. Real ones have up to about 15 kB.
MAX_MESSAGE = 256 * 1024
_SAMPLES = 20  # of one frame
#: Of one frame. Real ones have some hundred messages, and where the site changed something one for each.
_MOST_ODDITIES = 5_000
#: What reading an unforeseen shape raises. A message read again would fail again: it is counted.
_SHAPE_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

#: Compared exactly: RECALL_DANMU_MSG contains DANMU_MSG and is something else.
COMMANDS: dict[str, Callable[[Message], Outcome]] = {
    "ANCHOR_ECOLOGY_LIVING_DIALOG": moderation.violation,
    "ANCHOR_LOT_AWARD": contests.lottery_award,
    "ANCHOR_LOT_CHECKSTATUS": contests.lottery_check,
    "ANCHOR_LOT_END": contests.lottery_end,
    "ANCHOR_LOT_START": contests.lottery_start,
    "CUT_OFF": moderation.cut_off,
    "CUT_OFF_V2": moderation.cut_off_v2,
    "DANMU_MSG": danmaku,
    "DANMU_MSG_MIRROR": danmaku_mirror,
    "GUARD_BUY": guard_buy,
    "INTERACT_WORD": interact_word,
    "INTERACT_WORD_V2": interact_word_v2,
    "LIKE_INFO_V3_CLICK": like,
    "LIKE_INFO_V3_UPDATE": likes,
    "LIVE": live,
    "LIVE_ROOM_TOAST_MESSAGE": moderation.toast,
    "LOG_IN_NOTICE": login_notice,
    "ONLINE_RANK_COUNT": online_rank_count,
    "PK_BATTLE_END": contests.pk,
    "PK_BATTLE_FINAL_PROCESS": contests.pk,
    "PK_BATTLE_PRE": contests.pk,
    "PK_BATTLE_PRE_NEW": contests.pk,
    "PK_BATTLE_PUNISH_END": contests.pk,
    "PK_BATTLE_SETTLE": contests.pk,
    "PK_BATTLE_SETTLE_NEW": contests.pk,
    "PK_BATTLE_SETTLE_USER": contests.pk,
    "PK_BATTLE_SETTLE_V2": contests.pk,
    "PK_BATTLE_START": contests.pk,
    "PK_BATTLE_START_NEW": contests.pk,
    "PK_INFO": contests.pk_info,
    "POPULARITY_RED_POCKET_NEW": red_packets.sent(1),
    "POPULARITY_RED_POCKET_START": red_packets.started(1),
    "POPULARITY_RED_POCKET_V2_NEW": red_packets.sent(2),
    "POPULARITY_RED_POCKET_V2_START": red_packets.started(2),
    "POPULARITY_RED_POCKET_V2_WINNER_LIST": red_packets.drawn(2),
    "POPULARITY_RED_POCKET_WINNER_LIST": red_packets.drawn(1),
    "PREPARING": preparing,
    "RECALL_DANMU_MSG": moderation.recall,
    "ROOM_ADMINS": moderation.room_admins,
    "ROOM_ADMIN_REVOKE": moderation.admin_revoked,
    "ROOM_BLOCK_MSG": moderation.room_block,
    "ROOM_CHANGE": room_change,
    "ROOM_LOCK": moderation.room_lock,
    "ROOM_REAL_TIME_MESSAGE_UPDATE": followers,
    "ROOM_SILENT_OFF": moderation.room_silent_off,
    "ROOM_SILENT_ON": moderation.room_silent_on,
    "SEND_GIFT": send_gift,
    "SEND_GIFT_V2": send_gift_v2,
    "SUPER_CHAT_MESSAGE": super_chat,
    "SUPER_CHAT_MESSAGE_DELETE": super_chat_deletion,
    "SUPER_CHAT_MESSAGE_JPN": super_chat,
    "USER_TOAST_MSG": user_toast,
    "USER_TOAST_MSG_V2": user_toast_v2,
    "VIDEO_CONNECTION_JOIN_END": connections.video_end,
    "VIDEO_CONNECTION_JOIN_START": connections.video_start,
    "VOICE_JOIN_STATUS": connections.voice_status,
    "WARNING": moderation.warning,
    "WATCHED_CHANGE": watched_change,
    "room_admin_entrance": moderation.admin_added,
}


def decode_frame(frame: bytes, room_id: int, received_at: int) -> Decoded:
    """One WebSocket message as it stands in the journal. ``received_at`` in ms."""
    parts, faults = open_frame(frame)
    decoded = decode_packets(parts, room_id, received_at)
    for reason, times in faults.items():
        _add(decoded.tally.undecodable, reason, times)
    return decoded


def decode_packets(packets: Iterable[Part], room_id: int, received_at: int) -> Decoded:
    decoded = Decoded()
    for packet in packets:
        if isinstance(packet, Messages):
            _decode_messages(decoded, packet, room_id, received_at)
        elif packet.operation == MESSAGE:
            _decode_messages(decoded, _only(packet.body), room_id, received_at)
        elif packet.operation not in CONTROL:
            _add(decoded.tally.undecodable, "unknown operation")
    return decoded


def decode_message(body: bytes, room_id: int, received_at: int) -> Decoded:
    """The body of one message packet: a JSON object with a ``cmd``."""
    return decode_packets([_only(body)], room_id, received_at)


def _only(body: bytes) -> Messages:
    return Messages(body, [(0, len(body))])


def _decode_messages(decoded: Decoded, messages: Messages, room_id: int, received_at: int) -> None:
    buffer, events = messages.buffer, decoded.events
    begun = begun_id(room_id, Danmaku.kind)
    for number, place in enumerate(messages.places):
        if buffer.startswith(DANMAKU, place[0]) and (
            event := typed_danmaku(buffer, place, begun, room_id, received_at)
        ):
            events.append(event)
            continue
        if len(decoded.oddities) > _MOST_ODDITIES:
            _add(decoded.tally.undecodable, "too much is wrong in one frame", len(messages.places) - number)
            return
        body = buffer[place[0] : place[1]]
        if not _decode_quickly(decoded, body, room_id, received_at):
            _decode_leniently(decoded, body, room_id, received_at)


def forget() -> None:
    """All that earlier messages taught: it makes later ones of the kind cheaper and changes nothing else."""
    forget_extras()
    forget_commands()


def _decode_quickly(decoded: Decoded, body: bytes, room_id: int, received_at: int) -> bool:
    """Of commands that are sent a lot, what is as ever: as _decode_leniently, or False and nothing."""
    found = command_in_front(body)
    if found is None:
        return False
    command, is_ignored = found
    if is_ignored:
        _add(decoded.tally.ignored, command)
        return True
    if command in FIGURES:
        decoded.events += (gauges := typed_gauges(command, body, room_id, received_at))
        return bool(gauges)
    decoded.events += (events := _read_pruned(command, body, room_id, received_at))
    return bool(events)


def _read_pruned(command: str, body: bytes, room_id: int, received_at: int) -> list[AnyEvent]:
    """All events of the message; none when the lenient reader has to look at it."""
    message = open_pruned(command, body, room_id, received_at)
    if message is None:
        return []
    try:
        outcome = COMMANDS[command](message)
    except (Rejected, *_SHAPE_ERRORS):
        return []
    events = [part for part in outcome if not isinstance(part, Rejected)]
    return [] if message.surprises or len(events) < len(outcome) else events


def _decode_leniently(decoded: Decoded, body: bytes, room_id: int, received_at: int) -> None:
    message: Message | None = None
    if len(body) > MAX_MESSAGE:
        _reject(decoded, "message too long", received_at, message)
        return
    try:
        message = open_message(body, room_id, received_at)
        read = COMMANDS.get(message.command)
        outcome: Outcome = read(message) if read else []
    except Rejected as reason:
        _reject(decoded, str(reason), received_at, message)
        return
    except RecursionError:  # what the parser could still nest, the writing of a nested text may not
        _reject(decoded, "nested too deep", received_at, message)
        return
    except _SHAPE_ERRORS:  # a bug of ours: it costs this message, which the journal has, and not the room
        log.exception("a message could not be decoded")
        _reject(decoded, "decoder failed", received_at, message)
        return
    if read is None:
        _add(decoded.tally.ignored, countable(message.command))
        _tell(decoded, drift.unknown(message))
        return
    _sort(decoded, outcome, message)
    _tell(decoded, drift.changed(message))


def _sort(decoded: Decoded, outcome: Outcome, message: Message) -> None:
    for part in outcome:
        if isinstance(part, Rejected):
            _count_rejected(decoded, str(part), message.received_at, message)
        else:
            decoded.events.append(part)


def _reject(decoded: Decoded, reason: str, received_at: int, message: Message | None) -> None:
    _count_rejected(decoded, reason, received_at, message)
    if message is not None:
        _tell(decoded, drift.changed(message))


def _count_rejected(decoded: Decoded, reason: str, received_at: int, message: Message | None) -> None:
    _add(decoded.tally.rejected, reason)
    _tell(decoded, [drift.rejected(reason, received_at, message)])


def _tell(decoded: Decoded, oddities: Iterable[Oddity]) -> None:
    """Of one frame few messages are held as samples: parsed, they take much more than their bytes."""
    for each in oddities:
        is_held = len(decoded.oddities) < _SAMPLES
        decoded.oddities.append(each if is_held else msgspec.structs.replace(each, said=None))


def _add(counts: dict[str, int], name: str, times: int = 1) -> None:
    counts[name] = counts.get(name, 0) + times
