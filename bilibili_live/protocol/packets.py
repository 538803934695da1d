"""Packets: the 16-byte header, and the compressed packets inside packets.

Must not know what a message means. Reading never raises on bytes from outside: what is broken is
counted under a stable reason, and what stands before and after it is kept where it can be found.
"""

import struct
import zlib
from typing import NamedTuple

import brotli

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

#: Decompressed bytes of one frame, all its packets together.
MAX_DECOMPRESSED = 16 * 1024 * 1024
#: Packets of one frame. Real ones hold up to about 40.
MAX_PACKETS = 10_000
#: Compressed packets inside compressed packets. Real ones nest once.
MAX_DEPTH = 2

_HEADER = struct.Struct(">IHHII")  # total length, header length, version, operation, sequence


class Packet(NamedTuple):
    operation: int
    version: int
    body: bytes


class Unpacked(NamedTuple):
    packets: list[Packet]
    faults: dict[str, int]  #: stable reason -> count


def pack(operation: int, body: bytes, version: int = INTEGER) -> bytes:
    """One packet as clients send it: sequence 1, nothing compressed by us."""
    return _HEADER.pack(_HEADER.size + len(body), _HEADER.size, version, operation, 1) + body


def unpack(frame: bytes) -> Unpacked:
    """All packets of one WebSocket message, the compressed ones opened. Never raises."""
    reading = _Reading()
    reading.walk(memoryview(frame), depth=0)
    return Unpacked(reading.packets, reading.faults)


class _Reading:
    """The state of one frame's reading: what was found, and what may still be spent on it."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.faults: dict[str, int] = {}
        self.budget = MAX_DECOMPRESSED
        self.left = MAX_PACKETS

    def fault(self, reason: str) -> None:
        self.faults[reason] = self.faults.get(reason, 0) + 1

    def walk(self, buffer: memoryview, depth: int) -> None:
        offset = 0
        while offset < len(buffer):
            if self.left == 0:
                # Said once a frame, not once for each of the million packets that were not read.
                self.faults["too many packets"] = 1
                return
            length = self._one(buffer[offset:], depth)
            if not length:
                return
            offset += length

    def _one(self, buffer: memoryview, depth: int) -> int:
        """Take the packet at the start of the buffer; its length, or 0 when no next one can be found."""
        if len(buffer) < _HEADER.size:
            self.fault("truncated packet")
            return 0
        total, start, version, operation, _sequence = _HEADER.unpack_from(buffer)
        if operation == HEARTBEAT_REPLY:
            return self._heartbeat_reply(buffer, start, version)
        if start < _HEADER.size or total < start:
            self.fault("bad header")
            return 0
        if total > len(buffer):
            self.fault("truncated packet")
            return 0
        self.left -= 1
        self._open(operation, version, buffer[start:total], depth)
        return int(total)

    def _heartbeat_reply(self, buffer: memoryview, start: int, version: int) -> int:
        # Its declared length leaves out the echo of our body that follows: take the four bytes and
        # drop the rest of the frame, instead of reading the echo as a header (protocol.md 3.4).
        body = bytes(buffer[start : start + 4])
        if start < _HEADER.size:
            self.fault("bad header")
        elif len(body) < 4:
            self.fault("truncated packet")
        else:
            self.left -= 1
            self.packets.append(Packet(HEARTBEAT_REPLY, version, body))
        return 0

    def _open(self, operation: int, version: int, body: memoryview, depth: int) -> None:
        if version in (PLAIN, INTEGER):
            self.packets.append(Packet(operation, version, bytes(body)))
        elif version not in (ZLIB, BROTLI):
            self.fault("unknown version")
        elif depth == MAX_DEPTH:
            self.fault("nested too deep")
        else:
            self.walk(memoryview(self._decompress(version, body)), depth + 1)

    def _decompress(self, version: int, body: memoryview) -> bytes:
        """What could be read of the body: nothing of a bomb, the beginning of a truncated stream."""
        try:
            plain, complete = (_inflate if version == ZLIB else _unbrotli)(body, self.budget + 1)
        except (zlib.error, brotli.error):
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


def _inflate(body: memoryview, limit: int) -> tuple[bytes, bool]:
    stream = zlib.decompressobj()
    plain = stream.decompress(body, limit)
    return plain, stream.eof


def _unbrotli(body: memoryview, limit: int) -> tuple[bytes, bool]:
    """The limit is brotli's block size too coarse: a little more than ``limit`` may come back."""
    stream = brotli.Decompressor()
    plain = stream.process(body, output_buffer_limit=limit)
    return plain, stream.is_finished()
