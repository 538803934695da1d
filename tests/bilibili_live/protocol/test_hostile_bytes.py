"""Whatever arrives: reading counts it and goes on. Nothing leaves the package but its own errors."""

import base64
import json
import zlib
from itertools import pairwise
from typing import Any

import brotli
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bilibili_live.errors import BilibiliError
from bilibili_live.events import Decoded
from bilibili_live.protocol.commands import COMMANDS, decode_frame, decode_message
from bilibili_live.protocol.connection import Connection, Credentials
from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.packets import (
    AUTH_REPLY,
    HEARTBEAT_REPLY,
    MAX_DECOMPRESSED,
    MAX_PACKETS,
    MESSAGE,
    Packet,
    pack,
    unpack,
)
from bilibili_live.protocol.protobuf import Form, utf8
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

FEWER = settings(derandomize=True, deadline=None, max_examples=60)
MANY = settings(derandomize=True, deadline=None, max_examples=250)

FORM = Form({"sum": 1}, {"name": 2}, {"items": 3})

#: A valid message of most commands: what is put wrong is one part of it.
MESSAGES: list[dict[str, Any]] = [
    danmaku(),
    {**danmaku(), "cmd": "DANMU_MSG_MIRROR"},
    gift(),
    gift_v2(gift_item("1"), gift_item("2")),
    guard_buy(),
    toast(),
    toast_v2(),
    super_chat(),
    {**super_chat(), "cmd": "SUPER_CHAT_MESSAGE_JPN"},
    interact(),
    interact_v2(),
    {"cmd": "LIVE", "live_key": "1", "live_time": 5},
    {"cmd": "ROOM_CHANGE", "data": {"title": "x"}},
    {"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": [1]}},
    {"cmd": "ONLINE_RANK_COUNT", "data": {"count": 1, "online_count": 2}},
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.sampled_from([0, -1, 2**31, 2**63, 2**64, 3493286400494454, 10**15 + 1]),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["\x00\ud800", "9" * 29, "9" * 5_000, "AAAA", "=", "7", "-7", '{"id_str":1}', "[", "[" * 2_000]
    ),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.binary(min_size=1, max_size=60)
PLAIN = st.builds(pack, st.just(MESSAGE), BODIES, st.sampled_from([0, 1]))


def wrapped(inner: bytes, version: int) -> bytes:
    return pack(MESSAGE, zlib.compress(inner) if version == 2 else brotli.compress(inner, quality=1), version)


FRAMES = st.recursive(
    st.lists(PLAIN, max_size=6).map(b"".join),
    lambda inner: st.builds(wrapped, inner, st.sampled_from([2, 3])) | st.tuples(inner, inner).map(b"".join),
    max_leaves=4,
)


def outcomes(decoded: Decoded) -> int:
    tally = decoded.tally
    counts = [*tally.rejected.values(), *tally.ignored.values(), *tally.undecodable.values()]
    return len(decoded.events) + sum(counts)


def replaced(data: st.DataObject, value: Any) -> Any:
    """The same structure with one part of it, anywhere, replaced by junk."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 9)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: replaced(data, value[key])}
    if isinstance(value, list) and value and data.draw(st.integers(0, 9)):
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], replaced(data, value[index]), *value[index + 1 :]]
    return data.draw(JUNK)


# Packets


@MANY
@given(st.binary(max_size=300))
@example(b"")
def test_any_bytes_are_unpacked_or_counted(frame: bytes) -> None:
    packets, faults = unpack(frame)
    assert bool(packets or faults) == bool(frame)
    assert sum(len(packet.body) for packet in packets) <= len(frame) + MAX_DECOMPRESSED


@MANY
@given(FRAMES, st.data())
def test_a_frame_with_damaged_bytes_is_read_within_bounds(frame: bytes, data: st.DataObject) -> None:
    damaged = bytearray(frame or b"\0")
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    packets, _ = unpack(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    assert len(packets) <= MAX_PACKETS
    assert sum(len(packet.body) for packet in packets) <= MAX_DECOMPRESSED + len(damaged)


@MANY
@given(
    st.lists(BODIES, max_size=5),
    st.lists(BODIES, max_size=5),
    st.binary(max_size=40),
    st.sampled_from([2, 3]),
)
def test_what_stands_around_a_broken_packet_is_found(
    before: list[bytes], after: list[bytes], broken: bytes, version: int
) -> None:
    around = [b"".join(pack(MESSAGE, body, 0) for body in bodies) for bodies in (before, after)]
    found, faults = unpack(around[0] + pack(MESSAGE, b"\xff" + broken, version) + around[1])
    assert [packet.body for packet in found] == before + after
    assert sum(faults.values()) == 1


@MANY
@given(st.lists(BODIES, min_size=1, max_size=6), st.data())
def test_a_frame_that_was_cut_off_keeps_what_was_whole(bodies: list[bytes], data: st.DataObject) -> None:
    parts = [pack(MESSAGE, body, 0) for body in bodies]
    ends = [sum(map(len, parts[:count])) for count in range(len(parts) + 1)]
    cut = data.draw(st.integers(0, ends[-1]))
    whole = sum(end <= cut for end in ends[1:])
    found, faults = unpack(b"".join(parts)[:cut])
    assert found == [Packet(MESSAGE, 0, body) for body in bodies[:whole]]
    assert faults == ({} if cut in ends else {"truncated packet": 1})


@FEWER
@given(FRAMES)
def test_an_undamaged_frame_is_read_without_fault_up_to_the_third_level(frame: bytes) -> None:
    _, faults = unpack(frame)
    assert set(faults) <= {"nested too deep"}


# Commands


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message["cmd"]))
@FEWER
@given(data=st.data())
def test_a_message_with_junk_anywhere_becomes_an_event_or_a_counted_rejection(
    message: dict[str, Any], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([key for key in message if key != "cmd"]))
    body = json.dumps({**message, key: replaced(data, message[key])}).encode()
    assert outcomes(decode_message(body, ROOM, RECEIVED)) >= 1


@pytest.mark.parametrize("command", COMMANDS)
@FEWER
@given(
    fields=st.dictionaries(st.sampled_from(["data", "info", "msg", "pb", "live_key", "x"]), JUNK, max_size=4)
)
def test_any_json_under_a_known_command_is_an_event_or_counted(command: str, fields: dict[str, Any]) -> None:
    decoded = decode_message(json.dumps({**fields, "cmd": command}).encode(), ROOM, RECEIVED)
    assert outcomes(decoded) >= 1
    assert "decoder failed" not in decoded.tally.rejected


@MANY
@given(JUNK)
def test_any_json_at_all_is_counted_once(value: Any) -> None:
    assert outcomes(decode_message(json.dumps(value).encode(), ROOM, RECEIVED)) == 1


@MANY
@given(st.binary(max_size=200))
def test_any_bytes_as_a_message_are_counted_once(body: bytes) -> None:
    assert outcomes(decode_message(body, ROOM, RECEIVED)) == 1
    assert outcomes(decode_frame(body, ROOM, RECEIVED)) <= max(len(body), 1)


# Protobuf


@MANY
@given(st.binary(max_size=120))
@example(b"")
def test_any_bytes_are_a_record_or_refused(body: bytes) -> None:
    try:
        found, others = FORM.read(body)
    except Rejected:
        return
    assert -(2**63) <= found.sum < 2**63
    utf8(found.name).encode()
    assert -(2**63) <= FORM.nested(found.name)[0].sum < 2**63
    assert all(isinstance(each, bytes) for each in found.items)
    assert all(isinstance(each, str) for each in FORM.surprises(others))


@FEWER
@given(st.sampled_from(["SEND_GIFT_V2", "INTERACT_WORD_V2"]), st.binary(max_size=150))
def test_any_record_under_a_command_is_an_event_or_counted(command: str, body: bytes) -> None:
    message = {"cmd": command, "data": {"pb": base64.b64encode(body).decode()}}
    decoded = decode_message(json.dumps(message).encode(), ROOM, RECEIVED)
    assert outcomes(decoded) >= 1
    assert "decoder failed" not in decoded.tally.rejected


@FEWER
@given(st.lists(st.tuples(st.integers(40, 5_000), st.integers(0, 2**64 - 1)), max_size=8))
def test_unknown_fields_change_nothing(unknown: list[tuple[int, int]]) -> None:
    known = b"\x08\x2a\x12\x03abc"
    found, others = FORM.read(
        known + b"".join(_varint(number << 3) + _varint(value) for number, value in unknown)
    )
    assert (found.sum, found.name) == (42, b"abc")
    assert all(others.is_said(number) == bool(value) for number, value in dict(unknown).items())


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


# Connection


ANSWERS = st.sampled_from([b'{"code":0}', b'{"code":-101}', b"", b"{}", b"null", b'{"code":"0"}', b"\xff"])
HEARD = st.one_of(
    st.binary(max_size=60),
    FRAMES,
    st.builds(pack, st.just(AUTH_REPLY), ANSWERS),
    st.builds(pack, st.integers(0, 30), BODIES, st.integers(0, 5)),
    st.builds(pack, st.just(HEARTBEAT_REPLY), st.binary(max_size=8)),
)


@MANY
@given(st.lists(st.tuples(HEARD, st.floats(0, 40)), max_size=8), st.booleans())
def test_a_connection_lets_nothing_out_but_its_own_errors(
    heard: list[tuple[bytes, float]], has_spoken: bool
) -> None:
    connection, now = Connection(Credentials(90001, 0, "secret", "buvid"), 0.0), 0.0
    if has_spoken:
        connection.bytes_to_send(now)
    for frame, pause in heard:
        now += pause
        try:
            connection.bytes_to_send(now)
            received = connection.receive(frame, now)
        except BilibiliError:
            return
        packets = [part for part in received.parts if isinstance(part, Packet)]
        assert all(packet.operation not in (AUTH_REPLY, HEARTBEAT_REPLY) for packet in packets)
        assert connection.next_deadline >= 0


@FEWER
@given(st.lists(st.floats(0, 25), min_size=2, max_size=8))
def test_a_connection_that_hears_anything_in_time_is_never_given_up(pauses: list[float]) -> None:
    connection = Connection(Credentials(90001, 0, "secret", "buvid"), 0.0)
    connection.bytes_to_send(0.0)
    connection.receive(pack(AUTH_REPLY, b'{"code":0}'), 0.0)
    instants = [sum(pauses[:count]) for count in range(len(pauses) + 1)]
    for _, now in pairwise(instants):
        connection.bytes_to_send(now)
        connection.receive(b"\0", now)


def test_of_one_broadcast_few_broken_gifts_are_looked_at() -> None:
    pb = base64.b64encode(b"\x52\x00" * 999).decode()
    decoded = decode_message(json.dumps({"cmd": "SEND_GIFT_V2", "data": {"pb": pb}}).encode(), ROOM, RECEIVED)
    assert decoded.tally.rejected == {"missing tid": 20, "too many broken gift items": 1}


def test_of_one_frame_not_more_is_told_than_anybody_could_read() -> None:
    message = json.dumps({"cmd": "DANMU_MSG", "info": []}).encode()
    frame = wrapped(pack(MESSAGE, message) * 6_000, 3)
    decoded = decode_frame(frame, ROOM, RECEIVED)
    assert 0 < decoded.tally.undecodable["too much is wrong in one frame"] < outcomes(decoded) == 6_000
    assert len(decoded.oddities) < 5_010
