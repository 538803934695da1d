"""Packets of the live socket: the 16-byte header, plain, zlib and brotli frames, and the broken ones.

Bytes only: knows neither connections nor what the messages mean. The format is in docs/protocol.md.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import brotli

HEADER = struct.Struct(">IHHII")

PLAIN = 0
CONTROL = 1
ZLIB = 2
BROTLI = 3

HEARTBEAT = 2
HEARTBEAT_REPLY = 3
MESSAGE = 5
AUTH = 7
AUTH_REPLY = 8

# What one compressed frame of the real site holds at most.
PACKETS_PER_FRAME = 32


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as received: version and operation of the header, and the body."""

    version: int
    operation: int
    body: bytes


def packet(body: bytes, operation: int, version: int = PLAIN, sequence: int = 0) -> bytes:
    """One packet with a correct header."""
    return HEADER.pack(HEADER.size + len(body), HEADER.size, version, operation, sequence) + body


def auth_reply(code: int) -> bytes:
    """The answer to an auth packet: code 0, or -101 for a bad token."""
    return packet(b'{"code":%d}' % code, AUTH_REPLY, CONTROL, 1)


def heartbeat_reply(popularity: int, echo: bytes) -> bytes:
    """The heartbeat's answer. Its declared length leaves out the echoed body, as the real server's does."""
    return packet(struct.pack(">I", popularity), HEARTBEAT_REPLY, CONTROL) + echo


def compress(packets: bytes, protover: int) -> bytes:
    """One frame around complete packets, compressed as `protover` (2 zlib, 3 brotli) asks."""
    if protover == BROTLI:
        # Quality 1: a load test should cost the client, not the player. The real site shrinks
        # about 4.7 times.
        return packet(brotli.compress(packets, quality=1), MESSAGE, BROTLI)
    return packet(zlib.compress(packets, 1), MESSAGE, ZLIB)


def message_frames(bodies: Sequence[bytes], protover: int, plain: bool = False) -> Iterator[bytes]:
    """WebSocket messages that carry the JSON bodies in order, at most 32 packets each.

    With `plain` (and with protover 0 and 1) the packets stand uncompressed one after another.
    """
    for start in range(0, len(bodies), PACKETS_PER_FRAME):
        inner = b"".join(packet(body, MESSAGE) for body in bodies[start : start + PACKETS_PER_FRAME])
        yield inner if plain or protover not in (ZLIB, BROTLI) else compress(inner, protover)


def split(data: bytes) -> Iterator[Packet]:
    """The packets of one WebSocket message, compressed ones left as they are.

    Raises ValueError at a header that cannot be.
    """
    position = 0
    while position < len(data):
        if len(data) - position < HEADER.size:
            raise ValueError(f"{len(data) - position} bytes are no packet header")
        length, header_length, version, operation, _ = HEADER.unpack_from(data, position)
        if header_length < HEADER.size or length < header_length or position + length > len(data):
            raise ValueError(f"packet of {length} bytes with header {header_length} in {len(data)} bytes")
        yield Packet(version, operation, data[position + header_length : position + length])
        position += length


def decompress(received: Packet) -> bytes:
    """The bytes inside a zlib or brotli packet."""
    if received.version == BROTLI:
        return bytes(brotli.decompress(received.body))
    return zlib.decompress(received.body)
