"""The record format. Pure.

A segment is the magic, then records. A record is a head (length of the body, CRC-32 of the body) and a
body: kind, receive time, room, connection, payload. All numbers are big-endian. A *position* counts the
record bytes of all segments since the journal began; a segment is named by the position of its first.
"""

import struct
from typing import NamedTuple
from zlib import crc32

MAGIC = b"BLMJRNL1"

_HEAD = struct.Struct(">II")
_BODY = struct.Struct(">BqqI")

HEAD_SIZE = _HEAD.size
_TIME_BEGINS = (1 << 40).to_bytes(8, "big")[:3]
#: A frame is at most 16 MiB: what claims to be longer is damage.
MAX_BODY = _BODY.size + (16 << 20) + 1024


class Record(NamedTuple):
    kind: int  #: what the payload is; its writer's business, 0 to 255
    received_at: int  #: ms, UTC
    room_id: int  #: 0 = none
    connection: int  #: which of the collector's connections brought it; 0 = none
    payload: bytes


class DamagedRecord(ValueError):
    """The checksum does not fit the body."""


def encode(record: Record) -> bytes:
    body = (
        _BODY.pack(record.kind, record.received_at, record.room_id, record.connection & 0xFFFF_FFFF)
        + record.payload
    )
    return _HEAD.pack(len(body), crc32(body)) + body


def body_length(head: bytes) -> int:
    """Raises DamagedRecord for a length that no record has."""
    if len(head) < HEAD_SIZE:
        raise DamagedRecord("the head is cut off")
    length = int(_HEAD.unpack(head)[0])
    if not _BODY.size <= length <= MAX_BODY:
        raise DamagedRecord(f"a record of {length} bytes")
    return length


def decode(head: bytes, body: bytes) -> Record:
    """Raises DamagedRecord."""
    if crc32(body) != _HEAD.unpack(head)[1]:
        raise DamagedRecord("the checksum does not fit")
    kind, received_at, room_id, connection = _BODY.unpack_from(body)
    return Record(kind, received_at, room_id, connection, body[_BODY.size :])


def next_record(data: bytes) -> int:
    """Where the next intact record begins behind damage at the beginning of ``data``; its end if none.

    Looks for receive times between 2004 and 2039, which all begin with the same three bytes, and takes
    the first whose checksum fits.
    """
    at = data.find(_TIME_BEGINS, HEAD_SIZE + 2)
    while at >= 0:
        begin = at - HEAD_SIZE - 1
        head = data[begin : begin + HEAD_SIZE]
        try:
            decode(head, data[begin + HEAD_SIZE :][: body_length(head)])
        except DamagedRecord:
            at = data.find(_TIME_BEGINS, at + 1)
        else:
            return begin
    return len(data)
