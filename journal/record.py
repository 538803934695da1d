"""The record format. Pure.

A segment is the magic, then records. A record is a head (length of the body, CRC-32 of the body) and a
body: kind, receive time, room, connection, payload. All numbers are big-endian. A *position* counts the
record bytes of all segments since the journal began; a segment is named by the position of its first.
"""

import struct
from typing import NamedTuple
from zlib import crc32

from journal.errors import RecordTooLong

MAGIC = b"BLMJRNL1"

_HEAD = struct.Struct(">II")
_BODY = struct.Struct(">BqqI")

HEAD_SIZE = _HEAD.size
TIME_AT = HEAD_SIZE + 1  #: offset of the receive time in a record
_TIME_BEGINS = (1 << 40).to_bytes(8, "big")[:3]
#: A frame is at most 16 MiB: what claims to be longer is damage.
MAX_BODY = _BODY.size + (16 << 20) + 1024


class Record(NamedTuple):
    kind: int  #: what the payload is; its writer's business, 0 to 255
    received_at: int  #: ms, UTC
    room_id: int  #: 0 = none
    connection: int  #: which of the collector's connections brought it; 0 = none
    payload: bytes


def encode(record: Record) -> bytes:
    """Raises RecordTooLong."""
    if (length := _BODY.size + len(record.payload)) > MAX_BODY:
        raise RecordTooLong(f"a record of kind {record.kind} has {length} bytes: {MAX_BODY} are the most")
    body = (
        _BODY.pack(record.kind, record.received_at, record.room_id, record.connection & 0xFFFF_FFFF)
        + record.payload
    )
    return _HEAD.pack(len(body), crc32(body)) + body


def claimed_size(data: bytes, at: int = 0) -> int:
    """Bytes of the record that begins there, by its head; 0 for what no record has, or a head cut off."""
    if at + HEAD_SIZE > len(data):
        return 0
    length = int(_HEAD.unpack_from(data, at)[0])
    return HEAD_SIZE + length if _BODY.size <= length <= MAX_BODY else 0


def decode(data: bytes, at: int, size: int) -> Record | None:
    """The record in these bytes; None when its checksum does not fit, or they are cut off."""
    end = at + size
    checksum = _HEAD.unpack_from(data, at)[1] if end <= len(data) else None
    if checksum is None or crc32(memoryview(data)[at + HEAD_SIZE : end]) != checksum:
        return None
    kind, received_at, room_id, connection = _BODY.unpack_from(data, at + HEAD_SIZE)
    return Record(kind, received_at, room_id, connection, data[at + HEAD_SIZE + _BODY.size : end])


def next_candidate(data: bytes, begin: int) -> int:
    """Where a record may begin in ``data``, from ``begin`` on; -1 if nowhere. Its checksum decides.

    Found by receive times between 2004 and 2039, which all begin with the same three bytes.
    """
    at = data.find(_TIME_BEGINS, begin + TIME_AT)
    return at - TIME_AT if at >= 0 else -1
