"""Plays a recording: the op 5 frames of a file, verbatim, at their own pace, once.

It begins when the room's first connection is authenticated and goes on after a reconnect where it stopped.
"""

import asyncio
import base64
import binascii
import json
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator import packets
from simulator.decoding import Decoder
from simulator.ledger import Report
from simulator.stage import Stage

# The pace of a file that knows no times.
SECONDS_PER_FRAME = 0.1
# How often an unwatched room looks whether somebody has come.
IDLE_SECONDS = 0.02
LENGTH = struct.Struct(">I")


class UnreadableRecording(ValueError):
    """The file is no recording; the text says where."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One WebSocket message, and how long after the one before it came, in seconds."""

    data: bytes
    gap: float


def _carries_messages(data: bytes) -> bool:
    try:
        return any(packet.operation == packets.MESSAGE for packet in packets.split(data))
    except ValueError:
        # Damaged on purpose or by accident: sent as it is, if its own header says it is a message.
        return len(data) >= packets.HEADER.size and packets.HEADER.unpack_from(data)[3] == packets.MESSAGE


def _binary_frames(path: Path) -> Iterator[tuple[float | None, bytes]]:
    content = path.read_bytes()
    position = 0
    while position < len(content):
        end = position + LENGTH.size
        if end > len(content) or end + LENGTH.unpack_from(content, position)[0] > len(content):
            raise UnreadableRecording(f"{path}: cut off at byte {position}")
        end += LENGTH.unpack_from(content, position)[0]
        yield None, content[position + LENGTH.size : end]
        position = end


def _json_frames(path: Path) -> Iterator[tuple[float | None, bytes]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                data = base64.b64decode(entry["b64"], validate=True)
            except (ValueError, KeyError, TypeError, binascii.Error) as error:
                raise UnreadableRecording(f"{path}: line {number} is no frame") from error
            if entry.get("dir", "in") == "in":
                milliseconds = entry.get("t_ms")
                yield (None if milliseconds is None else milliseconds / 1000), data


def load(path: Path) -> list[Frame]:
    """The frames with messages. Raises UnreadableRecording."""
    read = _json_frames(path) if path.suffix == ".jsonl" else _binary_frames(path)
    frames: list[Frame] = []
    previous: float | None = None
    for seconds, data in read:
        if not _carries_messages(data):
            continue
        gap = SECONDS_PER_FRAME if seconds is None else seconds - previous if previous is not None else 0.0
        previous = seconds
        frames.append(Frame(data, max(0.0, gap)))
    if not frames:
        raise UnreadableRecording(f"{path}: no frames with messages")
    return frames


def anchor_uid(frames: list[Frame]) -> int:
    """Who is given most of the recorded gifts, 0 when nobody is: the file does not name the anchor."""
    decoder = Decoder()
    for frame in frames:
        decoder.reports(frame.data)
    return Counter(decoder.receivers).most_common(1)[0][0] if decoder.receivers else 0


class Replay:
    """The playing of one recording in one room."""

    def __init__(
        self, frames: list[Frame], stage: Stage, speed: float, anchor: int, is_playing: Callable[[], bool]
    ) -> None:
        self._frames = frames
        self._stage = stage
        self._speed = speed
        self._is_playing = is_playing
        self._decoder = Decoder()
        self._decoder.anchor_uid = anchor

    async def run(self) -> None:
        """Play to the end."""
        loop = asyncio.get_running_loop()
        due: float | None = None
        for frame in self._frames:
            reports = self._decoder.reports(frame.data)
            while True:
                if await self._watched():
                    due = None
                now = loop.time()
                due = max(due if due is not None else now, now - IDLE_SECONDS) + frame.gap / self._speed
                await asyncio.sleep(due - now)
                if await self._sent(frame, reports):
                    break

    async def _watched(self) -> bool:
        """Wait for a listener; whether that took a while, so that the pace begins anew."""
        waited = False
        while not self._stage.listeners or not self._is_playing():
            waited = True
            await asyncio.sleep(IDLE_SECONDS)
        return waited

    async def _sent(self, frame: Frame, reports: list[Report]) -> bool:
        """Whether somebody was sent the frame; if not, it is still to come."""
        listeners = self._stage.listeners if self._is_playing() else []
        for connection in listeners:
            connection.put(frame.data, reports)
        return any([await connection.drained() for connection in listeners])
