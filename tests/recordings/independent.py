"""A second reading of the recordings that shares no code with bilibili_live."""

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import brotli

from tests.recordings.folder import RECORDINGS

Wire = dict[int, list[Any]]


def messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """(name for a test, the recorded line)"""
    for path in sorted((RECORDINGS / "messages").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield f"{path.stem}-{number}", json.loads(line)


def busy_room() -> list[bytes]:
    """The WebSocket messages of the busy room."""
    data, frames = (RECORDINGS / "frames" / "busy_room_brotli_first15.bin").read_bytes(), []
    while data:
        size = int.from_bytes(data[:4], "big")
        frames.append(data[4 : 4 + size])
        data = data[4 + size :]
    return frames


def guest_session() -> list[bytes]:
    """The WebSocket messages that the guest received."""
    with (RECORDINGS / "frames" / "guest_session_zlib.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [base64.b64decode(record["b64"]) for record in records if record["dir"] == "in"]


def inside(frame: bytes) -> list[dict[str, Any]]:
    """The op 5 messages of a frame, as plain JSON."""
    found = []
    while frame:
        total, header, version, operation = struct.unpack(">IHHI", frame[:12])
        body = frame[header:total]
        if operation == 3:
            break
        if version == 3:
            found += inside(brotli.decompress(body))
        elif version == 2:
            found += inside(zlib.decompress(body))
        elif operation == 5:
            found.append(json.loads(body))
        frame = frame[total:]
    return found


def wire(body: bytes) -> Wire:
    """A protobuf message as number -> values; nested messages stay bytes."""
    fields: Wire = {}
    stream = iter(body)

    def varint() -> int:
        value = shift = 0
        for byte in stream:
            value += (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
        raise EOFError

    for first in stream:
        tag = first
        if first > 127:
            tag = (first & 127) + (varint() << 7)
        match tag & 7:
            case 0:
                value: Any = varint()
            case 2:
                value = bytes(next(stream) for _ in range(varint()))
            case 5:
                value = bytes(next(stream) for _ in range(4))
            case other:
                raise ValueError(f"wire type {other}")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def pb(message: dict[str, Any]) -> Wire:
    return wire(base64.b64decode(message["data"]["pb"]))


def one(fields: Wire, number: int, otherwise: Any = None) -> Any:
    return fields.get(number, [otherwise])[-1]
