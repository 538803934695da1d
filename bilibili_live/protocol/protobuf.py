"""A small reader of the protobuf wire format, for the commands that carry a base64 ``pb``.

Our own, because a generated one is strict: here unknown fields are passed over, a field of an
unexpected type counts as absent, and the site may change either any day. Must not know any command.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64
from functools import lru_cache
from typing import TypeAlias

from bilibili_live.protocol.fields import Rejected, clean

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # 3 and 4 are groups: obsolete, refused
_FIXED_SIZE = {_FIXED64: 8, _FIXED32: 4}
_LONGEST_VARINT = 10
#: Of one message. Real ones have some dozens; a body of megabytes must not stop the event loop.
_FIELDS = range(10_000)
_LARGEST_NAMED = 99
_WORDS = {_BYTES: "bytes", _VARINT: "a number", _FIXED32: "a float"}
#: Of nested messages that are kept read: bytes of one, and how many.
_LARGEST_KEPT, _MOST_KEPT = 200, 2_000


#: The tags that a message is known to have.
KnownFields: TypeAlias = frozenset[int]


def known(
    numbers: tuple[int, ...], blobs: tuple[int, ...], both: tuple[int, ...], floats: tuple[int, ...] = ()
) -> KnownFields:
    """By field numbers; ``both``: those that occur as a number or as bytes; ``floats``: of 32 bits."""
    return frozenset(
        [number << 3 | _VARINT for number in numbers + both]
        + [number << 3 | _BYTES for number in blobs + both]
        + [number << 3 | _FIXED32 for number in floats]
    )


class Record:
    """The fields of one protobuf message by number. Reading costs one pass; nested ones are lazy."""

    __slots__ = ("_found", "_repeated")

    def __init__(self, body: bytes) -> None:
        """Raises Rejected("invalid protobuf") unless the whole body is well-formed."""
        #: By tag: field number << 3 | wire type. A number of several bytes stays as it came: most are never
        #: asked for. What is fixed may be a float, an integer or a signed one, which the wire does not say:
        #: it is kept as bits and read as nothing.
        self._found: dict[int, int | bytes] = {}
        self._repeated: dict[int, list[bytes]] = {}
        try:
            self._read(body)
        except IndexError:
            raise Rejected("invalid protobuf") from None

    def _read(self, body: bytes) -> None:
        """Raises IndexError where a number is cut off. All in one: a message has dozens of fields."""
        found = self._found
        position, size = 0, len(body)
        for _ in _FIELDS:
            if position >= size:
                break
            tag, begin = body[position], position + 1
            if tag >= 0x80:
                tag, begin = _varint(body, position)
            if (kind := tag & 7) == _BYTES:
                length = body[begin]
                begin += 1
                if length >= 0x80:
                    length, begin = _varint(body, begin - 1)
                position = begin + length
                if tag in found:
                    self._repeat(tag, body[begin:position])
                found[tag] = body[begin:position]
            elif kind != _VARINT:
                found[tag], position = _fixed(body, begin, tag)
            elif (value := body[begin]) < 0x80:
                found[tag] = value
                position = begin + 1
            else:
                position = _end(body, begin)
                found[tag] = body[begin:position]
        # Too many fields, a length beyond the end, or a field without a number.
        if position != size or _VARINT in found or _BYTES in found:
            raise Rejected("invalid protobuf")

    def _repeat(self, tag: int, value: bytes) -> None:
        self._repeated.setdefault(tag, [self._blob(tag)]).append(value)

    def _blob(self, tag: int) -> bytes:
        found = self._found.get(tag)
        return found if isinstance(found, bytes) else b""

    def is_said(self, number: int) -> bool:
        """Whether there is a message (an empty one too) or a text, or any number but 0."""
        found, tag = self._found, number << 3
        if tag | _BYTES in found or found.get(tag | _FIXED32) or found.get(tag | _FIXED64):
            return True
        return tag in found and self.integer(number) != 0

    def surprises(self, known: KnownFields) -> list[str]:
        """In words: the fields that are not known, and those of another type than is known."""
        strange = self._found.keys() - known
        return [_surprise(tag, known) for tag in self._found if tag in strange] if strange else []

    def integer(self, number: int) -> int:
        """The last value, as proto3 says: 0 when absent. Negative as int64 is."""
        value = self._found.get(number << 3, 0)
        if type(value) is int:
            return value if value < 2**63 else value - 2**64
        return self._long(number, value)

    def _long(self, number: int, raw: int | bytes) -> int:
        """Of a number of several bytes, which is remembered."""
        value = _number(raw) if isinstance(raw, bytes) else raw
        if value >= 2**63:
            value -= 2**64
        self._found[number << 3] = value
        return value

    def zero(self, number: int, name: str) -> int:
        """0, after integer() has said so: Rejected("bad <name>") when something is there that is no number.

        For what must not be guessed: ``record.integer(7) or record.zero(7, "total_coin")``.
        """
        found, tag = self._found, number << 3
        if tag | _BYTES in found or tag | _FIXED32 in found or tag | _FIXED64 in found:
            raise Rejected(f"bad {name}")
        return 0

    def text(self, number: int) -> str:
        found = self._found.get(number << 3 | _BYTES)
        if not isinstance(found, bytes):
            return ""
        told = found.decode("utf-8", "replace")
        return told if told.isprintable() else clean(told)

    def blobs(self, number: int) -> list[bytes]:
        """All values of a repeated field of messages, each to be read as a Record of its own."""
        tag = number << 3 | _BYTES
        if tag in self._repeated:
            return self._repeated[tag]
        return [self._blob(tag)] if tag in self._found else []

    def record(self, number: int) -> "Record":
        """The nested message; an empty one when it is absent or unreadable."""
        found = self._found.get(number << 3 | _BYTES)
        if not isinstance(found, bytes) or not found:
            return _NOTHING
        return _nested(found) if len(found) < _LARGEST_KEPT else _read_nested(found)


_NOTHING = Record(b"")


def _read_nested(body: bytes) -> Record:
    try:
        return Record(body)
    except Rejected:
        return _NOTHING


#: The same medals, ranks and receivers come again and again.
_nested = lru_cache(_MOST_KEPT)(_read_nested)
forget_nested = _nested.cache_clear


def _surprise(tag: int, known: KnownFields) -> str:
    """Strangers choose field numbers: beyond the plausible ones they share a name."""
    number = tag >> 3
    if number > _LARGEST_NAMED:
        return f"unknown field above {_LARGEST_NAMED}"
    for kind, word in _WORDS.items():
        if number << 3 | kind in known:
            return f"field {number} is not {word}"
    return f"unknown field {number}"


def read_base64(pb: object) -> Record:
    """The record in a ``pb`` field, or in what has been made of that already."""
    if isinstance(pb, bytes) and pb:
        return Record(pb)
    if not isinstance(pb, str):
        raise Rejected("missing pb")
    if not pb:
        raise Rejected("empty protobuf")
    try:
        return Record(a2b_base64(pb, strict_mode=True))
    except (Base64Error, ValueError):
        raise Rejected("invalid protobuf") from None


def _fixed(body: bytes, position: int, tag: int) -> tuple[int, int]:
    """(bits, where they end). Refuses groups, and a field without a number."""
    end = position + _FIXED_SIZE.get(tag & 7, len(body))
    if end > len(body) or not tag >> 3:
        raise Rejected("invalid protobuf")
    return int.from_bytes(body[position:end], "little"), end


def _varint(body: bytes, position: int) -> tuple[int, int]:
    """(value, where it ends). Raises IndexError when it does not end."""
    if (second := body[position + 1]) < 0x80 <= body[position]:
        return body[position] & 0x7F | second << 7, position + 2
    end = _end(body, position)
    return _number(body[position:end]), end


def _end(body: bytes, position: int) -> int:
    end = position
    while body[end] >= 0x80:
        end += 1
    if end - position >= _LONGEST_VARINT:
        raise IndexError
    return end + 1


def _number(raw: bytes) -> int:
    value = 0
    for byte in reversed(raw):
        value = (value << 7) + byte
    return value - _MARKS[len(raw)] & 0xFFFF_FFFF_FFFF_FFFF


#: What the uppermost bits of all bytes but the last add up to, by the number of bytes.
_MARKS = [sum(0x80 << 7 * place for place in range(size - 1)) for size in range(_LONGEST_VARINT + 1)]
