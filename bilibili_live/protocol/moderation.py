"""What the site, the streamer and the room's admins do to keep order (protocol.md 4.1, 4.8).

Most of these messages keep everything at the top level, and have no time of their own.
"""

from bilibili_live.events import RoomState
from bilibili_live.protocol.fields import Fields, Rejected, integer, mapping, sequence, small, text, uid, word
from bilibili_live.protocol.message import Message, Outcome
from bilibili_live.protocol.room_states import room_state

_MOST_ADMINS = 500
_MOST_LINES = 20
_BY_ADMIN = 1  #: ``operator``; 2 = the streamer
_ONE_PERSON = 2  #: ``recall_type``; 1 = one message, 3 = all


def warning(message: Message) -> Outcome:
    """WARNING: ``msg`` says what is wrong."""
    return [room_state(message, "warning", word(message.fields, "msg"))]


def cut_off(message: Message) -> Outcome:
    """CUT_OFF: the site ended the stream."""
    return [room_state(message, "cut_off", word(message.fields, "msg"))]


def cut_off_v2(message: Message) -> Outcome:
    """CUT_OFF_V2: the same as a dialogue of labelled lines, with its own ``timestamp``."""
    data = message.data
    said = _lines(mapping(data.get("cut_off_data")), "cut_off_title", "cut_off_message_list")
    return [room_state(message, "cut_off", said, own_time=data.get("timestamp"))]


def violation(message: Message) -> Outcome:
    """ANCHOR_ECOLOGY_LIVING_DIALOG: what the streamer is told of a punishment; shaped as CUT_OFF_V2."""
    data = message.data
    said = _lines(data, "dialog_title", "dialog_message_list")
    return [room_state(message, "violation", said, own_time=data.get("timestamp"))]


def _lines(dialogue: Fields, title: str, lines: str) -> str:
    """ "title; label: content; label: content" """
    told = [mapping(line) for line in sequence(dialogue.get(lines))[:_MOST_LINES]]
    parts = [": ".join(filter(None, (text(line.get("label")), text(line.get("content"))))) for line in told]
    said = "; ".join(filter(None, (text(dialogue.get(title)), *parts)))
    if not said:
        raise Rejected(f"missing {title}")
    return said


def room_lock(message: Message) -> Outcome:
    """ROOM_LOCK: ``expire`` is textual China time."""
    return [room_state(message, "lock", word(message.fields, "expire"))]


def room_block(message: Message) -> Outcome:
    """ROOM_BLOCK_MSG: somebody may not speak here any more; by the streamer, or by an admin."""
    data = mapping(message.fields.get("data")) or message.fields
    who, shown = uid(data.get("uid")), text(data.get("uname"))
    if who is None and not shown:
        raise Rejected("missing uid")
    what = "block_by_admin" if small(data.get("operator")) == _BY_ADMIN else "block"
    return [room_state(message, what, str(who or shown), detail=shown, uid=who)]


def room_silent_on(message: Message) -> Outcome:
    """ROOM_SILENT_ON: until ``second`` (an instant; -1 = for ever) only those above a level may speak."""
    data = message.data
    value = ":".join(text(data.get(key)) for key in ("type", "level", "second"))
    return [room_state(message, "silent_on", value)]


def room_silent_off(message: Message) -> Outcome:
    return [room_state(message, "silent_off", "")]


def room_admins(message: Message) -> Outcome:
    """ROOM_ADMINS: all there are now, after one came or went."""
    found = {number for each in sequence(message.fields.get("uids")) if (number := integer(each))}
    value = ",".join(str(number) for number in sorted(found)[:_MOST_ADMINS])
    return [room_state(message, "admins", value, detail=str(len(found)))]


def admin_added(message: Message) -> Outcome:
    """room_admin_entrance."""
    return [_admin(message, "admin_added")]


def admin_revoked(message: Message) -> Outcome:
    """ROOM_ADMIN_REVOKE."""
    return [_admin(message, "admin_revoked")]


def _admin(message: Message, what: str) -> RoomState:
    who = uid(message.fields.get("uid"))
    if who is None:
        raise Rejected("missing uid")
    return room_state(message, what, str(who), uid=who)


def recall(message: Message) -> Outcome:
    """RECALL_DANMU_MSG: lines of one person, or one line, or all, are taken off the screens.

    Stored lines stay: which of them are meant is not said.
    """
    data = message.data
    kind, target = small(data.get("recall_type")), text(data.get("target_id"))
    who = uid(target) if kind == _ONE_PERSON else None
    return [room_state(message, "recall", f"{kind}:{target}", uid=who)]


def toast(message: Message) -> Outcome:
    """LIVE_ROOM_TOAST_MESSAGE: a line of the site to everyone in the room."""
    data = message.data
    return [room_state(message, "toast", word(data, "message"), own_time=data.get("timestamp"))]
