"""A small reader of the protobuf wire format, for the commands that carry a base64 ``pb``.

Our own, because a generated one is strict: here unknown fields are passed over, a field of an
unexpected type counts as absent, and the site may change either any day. Must not know any command.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64

from bilibili_live.protocol.fields import Json, Rejected, clean

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # 3 and 4 are groups: obsolete, refused
_FIXED_SIZE = {_FIXED64: 8, _FIXED32: 4}
_LONGEST_VARINT = 10
#: Of one message. Real ones have some dozens; a body of megabytes must not stop the event loop.
_MOST_FIELDS = 10_000


class Record:
    """The fields of one protobuf message by number. Reading costs one pass; nested ones are lazy."""

    def __init__(self, body: bytes) -> None:
        """Raises Rejected("invalid protobuf") unless the whole body is well-formed."""
        self._fields: dict[int, list[int | bytes]] = {}
        position = count = 0
        while position < len(body):
            if (count := count + 1) > _MOST_FIELDS:
                raise Rejected("invalid protobuf")
            number, value, position = _field(body, position)
            self._fields.setdefault(number, []).append(value)

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def integer(self, number: int) -> int:
        """The last value, as proto3 says: 0 when absent. Negative as int64 is."""
        found = [value for value in self._fields.get(number, ()) if isinstance(value, int)]
        value = found[-1] if found else 0
        return value - 2**64 if value >= 2**63 else value

    def text(self, number: int) -> str:
        found = [value for value in self._fields.get(number, ()) if isinstance(value, bytes)]
        return clean(found[-1].decode("utf-8", "replace")) if found else ""

    def blobs(self, number: int) -> list[bytes]:
        """All values of a repeated field of messages, each to be read as a Record of its own."""
        return [value for value in self._fields.get(number, ()) if isinstance(value, bytes)]

    def record(self, number: int) -> "Record":
        """The nested message; an empty one when it is absent or unreadable."""
        try:
            return Record(b"".join(self.blobs(number)[-1:]))
        except Rejected:
            return Record(b"")


def read_base64(pb: Json) -> Record:
    """The record in a ``pb`` field."""
    if not isinstance(pb, str):
        raise Rejected("missing pb")
    if not pb:
        raise Rejected("empty protobuf")
    try:
        return Record(a2b_base64(pb, strict_mode=True))
    except (Base64Error, ValueError):
        raise Rejected("invalid protobuf") from None


def _field(body: bytes, position: int) -> tuple[int, int | bytes, int]:
    """(number, value, where the next field begins)"""
    tag, position = _varint(body, position)
    number, kind = tag >> 3, tag & 7
    if number == 0:
        raise Rejected("invalid protobuf")
    if kind == _VARINT:
        value, position = _varint(body, position)
        return number, value, position
    if kind == _BYTES:
        size, position = _varint(body, position)
        return number, *_take(body, position, size)
    if kind in _FIXED_SIZE:
        raw, position = _take(body, position, _FIXED_SIZE[kind])
        return number, int.from_bytes(raw, "little"), position
    raise Rejected("invalid protobuf")


def _take(body: bytes, position: int, size: int) -> tuple[bytes, int]:
    end = position + size
    if end > len(body):
        raise Rejected("invalid protobuf")
    return body[position:end], end


def _varint(body: bytes, position: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(body[position : position + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position + index + 1
    raise Rejected("invalid protobuf")
