"""A batch of events <-> the two fields of a log entry. Pure.

The header is apart from the events so that counting what is in flight reads no event. Structs are
arrays: a newer version appends fields with defaults and still reads entries that older code wrote.
"""

from collections.abc import Callable
from typing import Annotated, get_args

import msgspec

from bilibili_live.events import PARSER_VERSION, AnyEvent, News, Tally

SCHEMA = 1  #: raise it when entries can no longer be read by appending fields


class UnknownSchema(ValueError):
    """The entry was written by newer code than this."""


#: What SQL holds: the numbers and names of a header are stored whatever is in its events.
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[^\0]*$", max_length=200)]


class RoomCounts(msgspec.Struct, array_like=True, kw_only=True):
    """What one batch says of one room: received = events + ignored + rejected + repeated."""

    room_id: int
    received: _Count
    tally: Tally = msgspec.field(default_factory=Tally)


class Header(msgspec.Struct, array_like=True, kw_only=True):
    """What the sync must know of a batch before its events."""

    schema: int = SCHEMA
    parser_version: int = PARSER_VERSION
    collector: _Name
    #: The bytes of that collector's journal that the batch covers: [from, to), empty ones too.
    journal_from: _Count
    journal_to: _Count
    counts: list[RoomCounts] = []
    news: list[News] = []  #: of all rooms: what this version of the parser does not know

    @property
    def is_replay(self) -> bool:
        """Read again from a journal: it moves no position, and open pages do not show it as new."""
        return self.journal_to == 0


class Batch(msgspec.Struct, kw_only=True):
    header: Header
    events: list[AnyEvent] = []


_encode = msgspec.msgpack.Encoder().encode
_decode_header = msgspec.msgpack.Decoder(Header).decode
_decode_events = msgspec.msgpack.Decoder(list[AnyEvent]).decode
_decode_event: Callable[[bytes], AnyEvent] = msgspec.msgpack.Decoder(AnyEvent).decode
_decode_array = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_decode_arrays = msgspec.msgpack.Decoder(list[list[msgspec.Raw]]).decode
_TAGS = {each.__struct_config__.tag for each in get_args(AnyEvent)}


def encode(batch: Batch) -> dict[str, bytes]:
    return {"h": _encode(batch.header), "e": _encode(batch.events)}


def encode_event(event: AnyEvent) -> bytes:
    """One event by itself, for where it is kept apart from its log."""
    return _encode(event)


def decode_event(raw: bytes) -> AnyEvent:
    """Raises msgspec.DecodeError (also msgspec.ValidationError)."""
    return _decode_event(raw)


def decode_header(fields: dict[bytes, bytes]) -> Header:
    """Raises UnknownSchema, msgspec.DecodeError (also msgspec.ValidationError) or KeyError."""
    raw = fields[b"h"]
    schema = msgspec.msgpack.decode(_decode_array(raw)[0], type=int)
    if schema != SCHEMA:
        raise UnknownSchema(f"log entry of schema {schema}, this version reads {SCHEMA}")
    return _decode_header(raw)


def decode(fields: dict[bytes, bytes]) -> Batch:
    """Raises as decode_header() does; UnknownSchema also for an event of a type that is not known here."""
    header = decode_header(fields)
    try:
        return Batch(header=header, events=_decode_events(fields[b"e"]))
    except msgspec.ValidationError:
        _check_tags(fields[b"e"])
        raise


def _check_tags(raw: bytes) -> None:
    for event in _decode_arrays(raw):
        tag = msgspec.msgpack.decode(event[0], type=str) if event else ""
        if tag.isidentifier() and tag not in _TAGS:
            raise UnknownSchema(f"it has an event of type {tag[:40]!r}")
