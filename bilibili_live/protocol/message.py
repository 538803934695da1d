"""One op 5 message, opened so far that its command can be looked at. Must not know any command."""

import re
from typing import TypeAlias

import msgspec

from bilibili_live.events import AnyEvent
from bilibili_live.protocol.fields import Fields, Json, Rejected, integer, is_moment, load, mapping

#: What a message became: events, and the reasons of parts that could not become one.
Outcome: TypeAlias = list[AnyEvent | Rejected]

_COMMAND = re.compile(r"[A-Za-z0-9_]+\Z")
_LONGEST_COMMAND = 64


class Message(msgspec.Struct, frozen=True, gc=False):
    room_id: int
    received_at: int  #: ms
    command: str  #: without its suffix
    fields: Fields  #: the whole message
    #: What its reader met that it does not know, in words that repeat: how the shape has changed.
    surprises: list[str] = []

    @property
    def data(self) -> Fields:
        """Where most commands keep everything; an empty object is as good as none."""
        found = mapping(self.fields.get("data"))
        if not found:
            raise Rejected("missing data")
        return found

    @property
    def said_at(self) -> int:
        """ms, for messages without a time of their own (design.md 4)."""
        return said_at(self.fields.get("live_time"), self.fields.get("send_time"), self.received_at)


def said_at(live_time: Json, send_time: Json, received_at: int) -> int:
    """ms: live_time (s), else send_time (ms), else when it was received."""
    for value, unit in ((live_time, 1000), (send_time, 1)):
        if value is None:
            continue
        number = integer(value)
        if number is not None and is_moment(number * unit):
            return number * unit
    return received_at


def open_message(body: bytes, room_id: int, received_at: int) -> Message:
    """Raises Rejected when there is no message in it."""
    fields = mapping(load(body))
    if "cmd" not in fields:
        fields = mapping(fields.get("msg"))  # a few frames wrap the message once
    return Message(room_id, received_at, _command(fields.get("cmd")), fields)


def _command(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise Rejected("no command")
    # "DANMU_MSG:4:0:2:2:2:0": what follows the colon changes nothing for us.
    return value.partition(":")[0]


def countable(command: str) -> str:
    """A command as it may stand in a table of counts, which strangers must not be able to fill."""
    return command[:_LONGEST_COMMAND] if _COMMAND.match(command) else "(unnamed)"
