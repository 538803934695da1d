"""Packets: the 16-byte header, and the compressed packets inside packets.

Must not know what a message means. Reading never raises on bytes from outside: what is broken is
counted under a stable reason, and what stands before and after it is kept where it can be found.
"""

import struct
import zlib
from typing import NamedTuple, TypeAlias

import brotli
import msgspec

HEARTBEAT = 2
HEARTBEAT_REPLY = 3
MESSAGE = 5
AUTH = 7
AUTH_REPLY = 8
ACKNOWLEDGEMENT = 24
#: Packets of the connection itself, which carry no message.
CONTROL = frozenset({HEARTBEAT, HEARTBEAT_REPLY, AUTH, AUTH_REPLY, ACKNOWLEDGEMENT})

PLAIN = 0
INTEGER = 1
ZLIB = 2
BROTLI = 3

#: Decompressed bytes of one frame, all its packets together. Real ones have up to about 200 kB.
MAX_DECOMPRESSED = 4 * 1024 * 1024
#: What a stream that breaks is counted as: how much it yielded before is not told.
_BROKEN = MAX_DECOMPRESSED // 16
#: Packets of one frame. Real ones hold up to about 40.
MAX_PACKETS = 10_000
#: Compressed packets inside compressed packets. Real ones nest once.
MAX_DEPTH = 2

_HEADER = struct.Struct(">IHHII")  # total length, header length, version, operation, sequence
_read_header = _HEADER.unpack_from
#: The total length, and what else of a header tells a packet's kind, as one number.
_read_two = struct.Struct(">IQ").unpack_from
_HEADER_SIZE = _HEADER.size
_PLAIN_MESSAGE = _HEADER_SIZE << 48 | PLAIN << 32 | MESSAGE
_BROTLI_MESSAGES = _HEADER_SIZE << 48 | BROTLI << 32 | MESSAGE


class Packet(msgspec.Struct, frozen=True, gc=False):
    operation: int
    version: int
    body: bytes


class Messages(msgspec.Struct, frozen=True, gc=False):
    """The bodies of plain messages, where they stand: most are read without a copy of each."""

    buffer: bytes
    places: list[tuple[int, int]]  #: where each begins and ends

    def bodies(self) -> list[bytes]:
        return [self.buffer[begin:end] for begin, end in self.places]


#: Plain messages that stand one behind the other, or a packet of another kind.
Part: TypeAlias = Messages | Packet


class Unpacked(NamedTuple):
    packets: list[Packet]
    faults: dict[str, int]  #: stable reason -> count


def pack(operation: int, body: bytes, version: int = INTEGER) -> bytes:
    """One packet as clients send it: sequence 1, nothing compressed by us."""
    return _HEADER.pack(_HEADER.size + len(body), _HEADER.size, version, operation, 1) + body


def unpack(frame: bytes) -> Unpacked:
    """All packets of one WebSocket message, the compressed ones opened. Never raises."""
    parts, faults = open_frame(frame)
    packets: list[Packet] = []
    for part in parts:
        if isinstance(part, Messages):
            packets += [Packet(MESSAGE, PLAIN, body) for body in part.bodies()]
        else:
            packets.append(part)
    return Unpacked(packets, faults)


def open_frame(frame: bytes) -> tuple[list[Part], dict[str, int]]:
    """As unpack(), less what costs time: of the plain messages, nearly all there is, only the places."""
    if (messages := _open_usual(frame)) is not None:
        return [messages], {}
    reading = _Reading()
    reading.walk(frame, depth=0)
    return reading.found, reading.faults


def _open_usual(frame: bytes) -> Messages | None:
    """What nearly all frames are: one brotli packet with nothing but plain messages, all of it sound.

    None where it is not: then it is opened once more, from the beginning, by who counts what is wrong.
    """
    size = len(frame)
    if size < _HEADER_SIZE or _read_two(frame, 0) != (size, _BROTLI_MESSAGES):
        return None
    try:
        plain, complete = _unbrotli(frame[_HEADER_SIZE:], MAX_DECOMPRESSED + 1)
    except brotli.error:
        return None
    if not complete or len(plain) > MAX_DECOMPRESSED:
        return None
    places, end = _plain_messages(plain, 0, MAX_PACKETS - 1)
    return Messages(plain, places) if end == len(plain) and places else None


def _plain_messages(buffer: bytes, offset: int, most: int) -> tuple[list[tuple[int, int]], int]:
    """The places of those that stand at the offset, and where something else begins, or nothing."""
    places: list[tuple[int, int]] = []
    read, header_size, size = _read_two, _HEADER_SIZE, len(buffer)
    for _ in range(most):
        begin = offset + header_size
        if begin > size:
            break
        total, kind = read(buffer, offset)
        end = offset + total
        if kind != _PLAIN_MESSAGE or not begin <= end <= size:
            break
        places.append((begin, end))
        offset = end
    return places, offset


class _Reading:
    """The state of one frame's reading: what was found, and what may still be spent on it."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.faults: dict[str, int] = {}
        self.budget = MAX_DECOMPRESSED
        #: How many may still be found; opening one counts as well.
        self.left = MAX_PACKETS

    def fault(self, reason: str) -> None:
        self.faults[reason] = self.faults.get(reason, 0) + 1

    def walk(self, buffer: bytes, depth: int) -> None:
        offset = self._plain_messages(buffer, 0)
        while offset < len(buffer):
            if self.left <= 0:
                # Said once a frame, not once for each of the million packets that were not read.
                self.faults["too many packets"] = 1
                return
            length = self._one(buffer, offset, len(buffer) - offset, depth)
            if not length:
                return
            offset = self._plain_messages(buffer, offset + length)

    def _plain_messages(self, buffer: bytes, offset: int) -> int:
        """Take those that stand at the offset; where something else begins, or nothing."""
        places, offset = _plain_messages(buffer, offset, self.left)
        if places:
            self.left -= len(places)
            self.found.append(Messages(buffer, places))
        return offset

    def _one(self, buffer: bytes, offset: int, room: int, depth: int) -> int:
        """Take the packet at the offset; its length, or 0 when no next one can be found."""
        if room < _HEADER.size:
            self.fault("truncated packet")
            return 0
        total, start, version, operation, _sequence = _read_header(buffer, offset)
        if operation == HEARTBEAT_REPLY:
            return self._heartbeat_reply(buffer[offset:], start, version)
        if not _HEADER.size <= start <= total:
            self.fault("bad header")
            return 0
        if total > room:
            self.fault("truncated packet")
            return 0
        body = buffer[offset + start : offset + total]
        if version <= INTEGER:
            self._keep(Packet(operation, version, body))
        else:
            self._open(version, body, depth)
        return int(total)

    def _heartbeat_reply(self, buffer: bytes, start: int, version: int) -> int:
        # Its declared length leaves out the echo of our body that follows: take the four bytes and
        # drop the rest of the frame, instead of reading the echo as a header (protocol.md 3.4).
        body = buffer[start : start + 4]
        if start < _HEADER.size:
            self.fault("bad header")
        elif len(body) < 4:
            self.fault("truncated packet")
        else:
            self._keep(Packet(HEARTBEAT_REPLY, version, body))
        return 0

    def _keep(self, packet: Packet) -> None:
        self.left -= 1
        self.found.append(packet)

    def _open(self, version: int, body: bytes, depth: int) -> None:
        self.left -= 1
        if version not in (ZLIB, BROTLI):
            self.fault("unknown version")
        elif depth == MAX_DEPTH:
            self.fault("nested too deep")
        else:
            self.walk(self._decompress(version, body), depth + 1)

    def _decompress(self, version: int, body: bytes) -> bytes:
        """What could be read of the body: nothing of a bomb, the beginning of a truncated stream."""
        if not self.budget:  # to find nothing costs time, too
            self.fault("decompression bomb")
            return b""
        try:
            plain, complete = (_inflate if version == ZLIB else _unbrotli)(body, self.budget + 1)
        except (zlib.error, brotli.error):
            self.budget = max(0, self.budget - _BROKEN)
            self.fault("broken compression")
            return b""
        if len(plain) > self.budget:
            self.budget = 0
            self.fault("decompression bomb")
            return b""
        self.budget -= len(plain)
        if not complete:
            self.fault("broken compression")
        return plain


def _inflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    stream = zlib.decompressobj()
    plain = stream.decompress(body, limit)
    return plain, stream.eof


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    """The limit is brotli's block size too coarse: a little more than ``limit`` may come back."""
    stream = brotli.Decompressor()
    plain = stream.process(body, output_buffer_limit=limit)
    return plain, stream.is_finished()
