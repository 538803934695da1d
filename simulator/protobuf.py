"""A small protobuf encoder, enough for SEND_GIFT_V2, INTERACT_WORD_V2 and ONLINE_RANK_V3.

Knows the wire format only. A message is a sequence of (field number, value); a value is an int, a str,
bytes, a float (written as float32), a nested message, or a tuple of ints (packed). As in proto3, 0
and "" are left out.
"""

import struct
from collections.abc import Sequence

Value = int | str | bytes | float | tuple[int, ...] | Sequence[tuple[int, "Value"]]
Fields = Sequence[tuple[int, Value]]

VARINT = 0
LENGTH_DELIMITED = 2
FIXED32 = 5
_SHORT = [bytes([number]) for number in range(0x80)]


def varint(number: int) -> bytes:
    """A base-128 varint; a negative number takes ten bytes, as int64 does."""
    if 0 <= number < 0x80:  # tags, lengths, and most numbers
        return _SHORT[number]
    number &= (1 << 64) - 1
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _delimited(field: int, payload: bytes) -> bytes:
    return varint(field << 3 | LENGTH_DELIMITED) + varint(len(payload)) + payload


def encode_field(field: int, value: Value) -> bytes:
    """One field; empty bytes for a default value, except that an empty nested message is written."""
    if isinstance(value, int):
        return varint(field << 3 | VARINT) + varint(value) if value else b""
    if isinstance(value, float):
        return varint(field << 3 | FIXED32) + struct.pack("<f", value) if value else b""
    if isinstance(value, str):
        return _delimited(field, value.encode()) if value else b""
    if isinstance(value, bytes):
        return _delimited(field, value) if value else b""
    if isinstance(value, tuple):
        return _delimited(field, b"".join(varint(_int(number)) for number in value)) if value else b""
    return _delimited(field, encode(value))


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"packed fields hold integers, not {type(value).__name__}")
    return value


def encode(fields: Fields) -> bytes:
    """The message of these fields, in the order given."""
    return b"".join(encode_field(field, value) for field, value in fields)
