"""JSON messages read down to what their readers ask for; a third of the cost of parsing all of each.

Made from the shapes: what is parsed here fits its shape, so that nothing about it is news. Must not know what
a message means: that say the readers, which get it as ever.
"""

import re
from collections.abc import Callable
from types import UnionType
from typing import Any, NotRequired, TypedDict, Union, get_args, get_origin

import msgspec

from bilibili_live.protocol.fields import Fields, text
from bilibili_live.protocol.ignored import reason_for
from bilibili_live.protocol.message import Message, countable
from bilibili_live.protocol.shapes import SHAPES, Kind, maybe, shape
from bilibili_live.protocol.typed_gauges import FIGURES

_FRONT = b'{"cmd":"'
_NAME_AT = len(_FRONT)
_NAME_ENDS_BEFORE = 80
#: Of commands as they stand in messages: what to do with them. Nobody sends so many.
_MOST_COMMANDS = 1_000
#: The parser of all refuses a number of more than 4,300 digits, which here nobody would read. Any such has
#: digits at two places in a row of these.
_STEP = 2_000
_digits_in_a_row = re.compile(rb"[0-9][0-9]").search
#: What is read besides what a shape promises.
_MORE: dict[str, Kind] = {
    "GUARD_BUY": shape(data=shape(gift_name=maybe(str))),
    "INTERACT_WORD": shape(data=shape(privilege_type=maybe(int))),
    "LIKE_INFO_V3_CLICK": shape(
        live_time=maybe(int),
        send_time=maybe(int),
        data=shape(uinfo=maybe(shape(guard=maybe(shape(level=maybe(int)))))),
    ),
    "SEND_GIFT": shape(),
    "SUPER_CHAT_MESSAGE": (
        _SUPER_CHAT := shape(
            data=shape(time=maybe(int), uinfo=maybe(shape(base=maybe(shape(name=maybe(str)))))),
        )
    ),
    "SUPER_CHAT_MESSAGE_JPN": _SUPER_CHAT,
    "INTERACT_WORD_V2": shape(),
    "SEND_GIFT_V2": shape(),
    "USER_TOAST_MSG": shape(data=shape(source=maybe(int))),
    "USER_TOAST_MSG_V2": shape(),
}


#: Those whose ``pb`` a parser makes bytes of by the way.
_RECORDS = ("INTERACT_WORD_V2", "SEND_GIFT_V2")
_RECORD = shape(data=shape(pb=bytes))


def _parser(command: str) -> Callable[[bytes], Fields]:
    known = _RECORD if command in _RECORDS else SHAPES[command]
    kind = _pruned(shape(cmd=str), known, _MORE[command])
    return msgspec.json.Decoder(kind).decode


def _pruned(*shapes: Kind) -> Kind:
    """A dict of nothing but the fields of these shapes."""
    several: dict[str, list[Any]] = {}
    required: dict[str, bool] = {}
    for one in shapes:
        for field in msgspec.structs.fields(one):
            several.setdefault(field.name, []).append(field.type)
            required[field.name] = field.required or required.get(field.name, False)
    named = {
        name: kind if required[name] else NotRequired[kind]
        for name, kinds in several.items()
        for kind in [_plain(*kinds)]
    }
    return TypedDict("Object", named)  # type: ignore[operator]  # made at run time, from the shapes


def _plain(*kinds: Any) -> Any:
    if all(isinstance(kind, type) and issubclass(kind, msgspec.Struct) for kind in kinds):
        return _pruned(*kinds)
    (kind,) = kinds
    if get_origin(kind) in (Union, UnionType):
        return Union[tuple(_plain(part) for part in get_args(kind))]  # noqa: UP007  # made at run time
    return kind


#: Commands that can be read so.
PARSED = {command: _parser(command) for command in _MORE}


def open_pruned(command: str, body: bytes, room_id: int, received_at: int) -> Message | None:
    """With what its reader asks for; None where the message does not look as its reader knows it."""
    try:
        fields = PARSED[command](body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if len(body) > 2 * _STEP and _digits_in_a_row(body[::_STEP]):
        return None
    if text(fields.get("cmd")).partition(":")[0] != command:
        return None
    return Message(room_id, received_at, command, fields)


def command_in_front(body: bytes) -> tuple[str, bool] | None:
    """(the command, whether it is passed over on purpose) when open_pruned() or typed_gauges() can help with
    it or nothing has to be done; None for all others, and for a message that does not begin with its command.

    Of one that is passed over nothing else is looked at: it need not be JSON behind the command.
    """
    end = body.find(b'"', _NAME_AT, _NAME_ENDS_BEFORE)
    if end < 0 or not body.startswith(_FRONT):
        return None
    sent = body[_NAME_AT:end]
    try:
        return _known[sent]
    except KeyError:
        return _learn(sent)


_known: dict[bytes, tuple[str, bool] | None] = {}
forget_commands = _known.clear


def _learn(sent: bytes) -> tuple[str, bool] | None:
    if len(_known) >= _MOST_COMMANDS:
        _known.clear()
    command = sent.decode("ascii", "replace").partition(":")[0]
    is_ignored = countable(command) == command and reason_for(command) is not None
    is_known = is_ignored or command in PARSED or command in FIGURES
    found = _known[sent] = (command, is_ignored) if is_known else None
    return found
