"""Seeded mutation: whatever arrives, reading counts it and goes on."""

import json
import random
import zlib

import brotli
import pytest

from bilibili_live.events import Decoded
from bilibili_live.protocol.commands import decode_frame, decode_message
from bilibili_live.protocol.packets import MESSAGE, pack
from tests.bilibili_live.messages import (
    RECEIVED,
    ROOM,
    danmaku,
    gift,
    gift_item,
    gift_v2,
    guard_buy,
    interact,
    interact_v2,
    super_chat,
    toast,
    toast_v2,
)

MESSAGES = [
    danmaku(),
    gift(),
    gift_v2(gift_item("1"), gift_item("2")),
    guard_buy(),
    toast(),
    toast_v2(),
    super_chat(),
    interact(),
    interact_v2(),
    {"cmd": "LIVE", "live_key": "1", "live_time": 5},
    {"cmd": "ROOM_CHANGE", "data": {"title": "x"}},
    {"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": [1]}},
    {"cmd": "ONLINE_RANK_COUNT", "data": {"count": 1, "online_count": 2}},
]
JUNK: list[object] = [
    None,
    True,
    -1,
    0,
    2**63,
    2**64,
    2**80,
    1e300,
    0.5,
    "",
    "x",
    "\x00\ud800",
    "9" * 29,
    [],
    {},
    [[]],
    {"a": 1},
]


def outcomes(decoded: Decoded) -> int:
    tally = decoded.tally
    counts = [*tally.rejected.values(), *tally.ignored.values(), *tally.undecodable.values()]
    return len(decoded.events) + sum(counts)


def replaced(chance: random.Random, value: object) -> object:
    """The same structure with one part of it, anywhere, replaced by junk."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        return {**value, key: replaced(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.9:
        index = chance.randrange(len(value))
        return [*value[:index], replaced(chance, value[index]), *value[index + 1 :]]
    return chance.choice(JUNK)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message["cmd"]))
def test_a_message_with_junk_anywhere_becomes_an_event_or_a_counted_rejection(
    message: dict[str, object],
) -> None:
    chance = random.Random(7)
    for _ in range(250):
        body = json.dumps({**message, **_changed(chance, message)}).encode()
        assert outcomes(decode_message(body, ROOM, RECEIVED)) >= 1


def _changed(chance: random.Random, message: dict[str, object]) -> dict[str, object]:
    key = chance.choice([key for key in message if key != "cmd"])
    return {key: replaced(chance, message[key])}


def test_frames_with_damaged_bytes_never_raise() -> None:
    chance = random.Random(11)
    plain = b"".join(pack(MESSAGE, json.dumps(message).encode(), 0) for message in MESSAGES)
    frames = [
        plain,
        pack(MESSAGE, zlib.compress(plain), 2),
        pack(MESSAGE, brotli.compress(plain, quality=3), 3),
    ]
    for _ in range(600):
        damaged = bytearray(chance.choice(frames))
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        del damaged[chance.randrange(len(damaged) // 2, len(damaged) + 1) :]
        assert outcomes(decode_frame(bytes(damaged), ROOM, RECEIVED)) >= 1


def test_random_bytes_never_raise() -> None:
    chance = random.Random(13)
    for _ in range(500):
        frame = chance.randbytes(chance.randrange(1, 200))
        assert outcomes(decode_frame(frame, ROOM, RECEIVED)) <= len(frame)
        assert outcomes(decode_message(frame, ROOM, RECEIVED)) == 1
