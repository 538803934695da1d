"""Finds in a danmaku's bytes what is wanted of its ``extra``, and takes all the rest of it out unread.

It is half of the message. Must not know the rest of a danmaku.
"""

from functools import lru_cache
from typing import TypeAlias

import msgspec

from bilibili_live.protocol.danmaku_extra import read_emotes

#: What stands where the extra stood. No extra is this: it holds a character that JSON must escape.
TAKEN_OUT = "\x01"
_LEFT = msgspec.json.encode(TAKEN_OUT)
#: Between the extra and the first bracket behind it stands the sender's portrait, a third of the message,
#: which nobody reads: it goes too where it ends like this. No string has quotes like these in it, and no
#: bracket was passed: so it ends the portrait.
_PORTRAIT_ENDS = b'}},{"activity_identity":"","activity_source":0,"not_show":0},0]'
_LEFT_OF_BOTH = _LEFT + b"}]"

#: The message with TAKEN_OUT in place of its extra; the id, letters and digits; the emotes, name -> URL.
Taken: TypeAlias = tuple[bytes, bytes, dict[str, str]]

# As these stand in the message: JSON within a JSON string, each quote of the inner escaped.
_BEGIN = b'{"extra":"{'
_ID = rb",\"id_str\":\""
_EMOTES = rb",\"emots\":{"
_AUDITED = rb",\"is_audited\":false"
_NO_EMOTES = rb",\"emots\":null" + _AUDITED
_QUOTE = rb"\""
_NO_MIRROR = rb",\"is_mirror\":false,"
_END = b'}","mode":'
#: From where each begins to the value, or behind it.
_TO_VALUE, _TO_ID, _TO_EMOTES, _BEHIND = len('{"extra":'), len(_ID), len(_EMOTES) - 1, len('}"')
_BEFORE_ID = len(_NO_EMOTES)
_PORTRAIT_END = len(_PORTRAIT_ENDS)
#: Nothing of today's form begins earlier: the extra in the message, the id in the extra.
_EARLIEST, _EARLIEST_ID = 60, 600
#: Different ones are kept; 500 bytes each.
_MOST_EMOTES = 1_000


def take_out(buffer: bytes, begin: int, end: int) -> Taken | None:
    """Of the message that stands there, in today's form; None when it is of another, or a mirror's.

    That form: the emotes, ``is_audited``, the id one behind the other, ``is_mirror`` behind them, each said
    once. Whether the rest of the extra, and of the portrait behind it, is JSON is not looked at. What people
    wrote is never taken for a key: within the extra their quotes have three backslashes, those of keys one;
    elsewhere theirs have one and those of keys none, and behind what was found _END has yet to come.
    """
    extra = buffer.find(_BEGIN, begin + _EARLIEST, end)
    key = buffer.find(_ID, extra + _EARLIEST_ID, end)
    if extra < 0 or key < 0:
        return None
    number = key + _TO_ID
    behind_id = number + _usual.id_size
    id_str = buffer[number:behind_id]
    if id_str.isalnum() and buffer.startswith(_usual.ending, behind_id, end):
        after = behind_id + _usual.size
    elif after := _usual.learn(buffer, number, end):
        id_str = buffer[number : number + _usual.id_size]
    else:
        return None
    emotes: dict[str, str] = {}
    if buffer[key - _BEFORE_ID : key] != _NO_EMOTES:
        emotes = _find_emotes(buffer, extra, key)
        if not emotes:
            return None
    value, look = extra + _TO_VALUE, buffer.find(b"]", after, end) + 1
    if buffer[look - _PORTRAIT_END : look] == _PORTRAIT_ENDS:
        return buffer[begin:value] + _LEFT_OF_BOTH + buffer[look:end], id_str, emotes
    return buffer[begin:value] + _LEFT + buffer[after:end], id_str, emotes


class _Usual:
    """How the extra of the last message went on behind its id: that of most is the same to the last byte.

    Where it is, all that there is to find behind the id stands where it stood in that message.
    """

    __slots__ = ("ending", "id_size", "size")

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.id_size = 0  #: no id is of this size: nothing is as usual
        self.ending = b""  #: up to the end of _END
        self.size = 0  #: of the ending up to the end of the extra

    def learn(self, buffer: bytes, number: int, end: int) -> int:
        """From the message whose id begins at ``number``: where its extra ends; 0 when not of this form."""
        mirror = buffer.find(_NO_MIRROR, number, end)
        last = buffer.find(_END, mirror, end)
        behind_id = buffer.find(_QUOTE, number, end)
        if mirror < 0 or last < 0 or not buffer[number:behind_id].isalnum():
            return 0
        self.id_size = behind_id - number
        self.ending = buffer[behind_id : last + len(_END)]
        self.size = last + _BEHIND - behind_id
        return last + _BEHIND


_usual = _Usual()


def _find_emotes(buffer: bytes, extra: int, key: int) -> dict[str, str]:
    """Those that stand before the id's key; {} where there are none, or none of today's form."""
    begin = buffer.find(_EMOTES, extra, key)
    end = key - len(_AUDITED)
    if begin < 0 or not buffer.startswith(_AUDITED, end):
        return {}
    return _read_emotes(buffer[begin + _TO_EMOTES : end]).copy()


@lru_cache(_MOST_EMOTES)
def _read_emotes(told: bytes) -> dict[str, str]:
    """As they stand in the message."""
    value = told.replace(_QUOTE, b'"')
    if b"\\" in value or value.count(b'"') != len(told) - len(value):  # an escape, or a quote without one
        return {}
    return read_emotes(value)


def forget_extras() -> None:
    """What is read next is read as in a new process."""
    _usual.forget()
    _read_emotes.cache_clear()
