"""A message before it is sent: rendered lazily, once as it is and once masked for guests.

Knows JSON and what it reports to the ledger; the shapes are made in `simulator.messages`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from simulator.ledger import Report
from simulator.people import Json, Person

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_dumps_escaped = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode

# How a message looks to someone: the sender as they see them -> the whole message.
Render = Callable[[Person], Json]


def compact(value: object) -> str:
    """JSON as the site nests it inside strings."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return _dumps(value)


def to_bytes(value: object) -> bytes:
    """JSON as the site sends it: UTF-8, nothing escaped that need not be."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form: only an escape can carry it.
        return _dumps_escaped(value).encode()


@dataclass(slots=True)
class Message:
    """One message of one room.

    `is_chat` messages are withheld from guests nine times out of ten; `thinned` is that decision, taken once.
    """

    render: Render
    person: Person
    reports: tuple[Report, ...] = ()
    is_chat: bool = False
    thinned: bool = False
    _open: bytes | None = field(default=None, init=False)
    _masked: bytes | None = field(default=None, init=False)

    def body(self, masked: bool) -> bytes:
        """The JSON to send."""
        if masked:
            if self._masked is None:
                self._masked = to_bytes(self.render(self.person.masked))
            return self._masked
        if self._open is None:
            self._open = to_bytes(self.render(self.person))
        return self._open


_NOBODY = Person(0, "", "", "", None, 0, False, 0, 0)


def plain(value: Json) -> Message:
    """A message that is the same to everyone and reports nothing."""
    return Message(lambda _: value, _NOBODY)
