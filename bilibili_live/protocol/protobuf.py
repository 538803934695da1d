"""Messages in protobuf, for the commands that carry a base64 ``pb``: forms of what is known of them.

The library reads them; strictness is left out here: the site may change any field any day. A field of another
type than is known counts as absent, unknown ones are news. Must not know any command.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from bilibili_live.protocol.fields import Rejected, clean

_VARINT, _BYTES, _FIXED32 = 0, 2, 5  # wire types
_WORDS = {_BYTES: "bytes", _VARINT: "a number", _FIXED32: "a float"}
_LARGEST_NAMED = 99
#: Bytes of one message, and what it may have of one repeated field or of unknown ones. Real ones have a
#: thousand and some dozens; a body of megabytes must not stop the event loop.
_LONGEST, _MOST = 1 << 16, 1_000

_Field = descriptor_pb2.FieldDescriptorProto
#: Texts too: what is no UTF-8 must not cost the message. What is fixed may be a float, an integer or a signed
#: one, which the wire does not say: it is read as bits, and by nobody.
_TYPES = {_VARINT: _Field.TYPE_INT64, _BYTES: _Field.TYPE_BYTES, _FIXED32: _Field.TYPE_FIXED32}


class Others:
    """The fields of one message that its form does not have, or has with another type."""

    __slots__ = ("_found",)

    def __init__(self, found: Iterable[Any]) -> None:
        self._found: dict[int, int | bytes] = {  # by tag: field number << 3 | wire type
            each.field_number << 3 | each.wire_type: each.data for each in found
        }

    def __iter__(self) -> Iterator[int]:
        return iter(self._found)

    def zero(self, number: int, name: str) -> int:
        """0, after the form has said so: Rejected("bad <name>") when something is there that is no number.

        For what must not be guessed: ``gift.total_coin or others.zero(7, "total_coin")``.
        """
        if any(tag >> 3 == number for tag in self._found):
            raise Rejected(f"bad {name}")
        return 0

    def is_said(self, number: int) -> bool:
        """Whether there is anything but the number 0."""
        return any(tag >> 3 == number and (value or tag & 7 == _BYTES) for tag, value in self._found.items())


_NO_OTHERS = Others(())


class Form:
    """What is known of one kind of message: the fields that are read, by name, and the others."""

    def __init__(
        self,
        numbers: Mapping[str, int],
        blobs: Mapping[str, int],
        repeated: Mapping[str, int] | None = None,
        *,
        also_numbers: Iterable[int] = (),
        also_blobs: Iterable[int] = (),
        also_floats: Iterable[int] = (),
        either: Iterable[int] = (),
    ) -> None:
        """Name -> field number. ``blobs`` are texts and messages; of ``repeated`` ones all are kept.

        ``also_...``: what is known to come, and not read. ``either``: of all of these, those that come as a
        number or as bytes; what they are declared as is more frequent.
        """
        repeated = repeated or {}
        kinds = dict.fromkeys((*numbers.values(), *also_numbers), _VARINT)
        kinds |= dict.fromkeys((*blobs.values(), *repeated.values(), *also_blobs), _BYTES)
        kinds |= dict.fromkeys(also_floats, _FIXED32)
        self._known = {number << 3 | kind for number, kind in kinds.items()}
        self._known |= {number << 3 | kind for number in either for kind in (_VARINT, _BYTES)}
        names = {number: name for name, number in {**numbers, **blobs, **repeated}.items()}
        self._parse = _parser(names, kinds, frozenset(repeated.values()))
        self._repeated = tuple(repeated)
        self._empty = self._parse(b"")

    def read(self, body: bytes) -> tuple[Any, Others]:
        """The message: of each name a number (0), bytes (empty), or a list of bytes; the last value, as
        proto3 says. Raises Rejected.
        """
        if len(body) > _LONGEST:
            raise Rejected("protobuf too long")
        try:
            message = self._parse(body)
        except DecodeError:
            raise Rejected("invalid protobuf") from None
        others = UnknownFieldSet(message)
        count = len(others)
        if count > _MOST or any(len(getattr(message, name)) > _MOST for name in self._repeated):
            raise Rejected("too many protobuf fields")
        return message, Others(others) if count else _NO_OTHERS

    def read_base64(self, pb: object) -> tuple[Any, Others]:
        """What is in a ``pb`` field, or in what has been made of that already. Raises Rejected."""
        if isinstance(pb, bytes) and pb:
            return self.read(pb)
        if not isinstance(pb, str):
            raise Rejected("missing pb")
        if not pb:
            raise Rejected("empty protobuf")
        try:
            body = a2b_base64(pb, strict_mode=True)
        except (Base64Error, ValueError):
            raise Rejected("invalid protobuf") from None
        return self.read(body)

    def nested(self, body: bytes) -> tuple[Any, Others]:
        """A message within another one; an empty one when it is absent or unreadable."""
        try:
            return self.read(body) if body else (self._empty, _NO_OTHERS)
        except Rejected:
            return self._empty, _NO_OTHERS

    def surprises(self, others: Others) -> list[str]:
        """In words: the fields that are not known, and those of another type than is known."""
        if others is _NO_OTHERS:
            return []
        return list(dict.fromkeys(self._surprise(tag) for tag in others if tag not in self._known))

    def _surprise(self, tag: int) -> str:
        """Strangers choose field numbers: beyond the plausible ones they share a name."""
        number = tag >> 3
        if number > _LARGEST_NAMED:
            return f"unknown field above {_LARGEST_NAMED}"
        for kind, word in _WORDS.items():
            if number << 3 | kind in self._known:
                return f"field {number} is not {word}"
        return f"unknown field {number}"


def utf8(value: bytes) -> str:
    told = value.decode("utf-8", "replace")
    return told if told.isprintable() else clean(told)


def _parser(names: Mapping[int, str], kinds: Mapping[int, int], repeated: frozenset[int]) -> Any:
    """``names`` and wire types by field number."""
    file = descriptor_pb2.FileDescriptorProto(name="form.proto", syntax="proto2")
    form = file.message_type.add(name="Form")
    for number, kind in kinds.items():
        form.field.add(
            name=names.get(number, f"field_{number}"),
            number=number,
            type=_TYPES[kind],
            label=_Field.LABEL_REPEATED if number in repeated else _Field.LABEL_OPTIONAL,
        )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Form")).FromString
