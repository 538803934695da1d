import struct
import tracemalloc
import zlib

import brotli
import pytest

from bilibili_live.protocol import packets as packets_module
from bilibili_live.protocol.packets import (
    BROTLI,
    HEARTBEAT,
    HEARTBEAT_REPLY,
    MAX_DECOMPRESSED,
    MAX_PACKETS,
    MESSAGE,
    PLAIN,
    ZLIB,
    Packet,
    pack,
    unpack,
)

ONE, TWO = Packet(MESSAGE, PLAIN, b'{"cmd":"A"}'), Packet(MESSAGE, PLAIN, b'{"cmd":"B"}')


def plain(*packets: Packet) -> bytes:
    return b"".join(pack(packet.operation, packet.body, packet.version) for packet in packets)


def squeezed(version: int, inner: bytes) -> bytes:
    body = zlib.compress(inner) if version == ZLIB else brotli.compress(inner)
    return pack(MESSAGE, body, version)


def test_a_packet_is_packed_as_the_site_wants_it() -> None:
    assert pack(HEARTBEAT, b"{}") == bytes.fromhex("00000012 0010 0001 00000002 00000001") + b"{}"


@pytest.mark.parametrize("version", [0, 1])
def test_it_reads_a_plain_packet(version: int) -> None:
    assert unpack(pack(MESSAGE, b"x", version)) == ([Packet(MESSAGE, version, b"x")], {})


@pytest.mark.parametrize("version", [ZLIB, BROTLI])
def test_it_reads_several_packets_inside_a_compressed_one(version: int) -> None:
    assert unpack(squeezed(version, plain(ONE, TWO))) == ([ONE, TWO], {})


def test_it_reads_several_packets_of_one_frame_compressed_and_not() -> None:
    frame = plain(ONE) + squeezed(ZLIB, plain(TWO)) + squeezed(BROTLI, plain(ONE)) + plain(TWO)
    assert unpack(frame) == ([ONE, TWO, ONE, TWO], {})


def test_it_reads_a_header_that_is_longer_than_usual() -> None:
    frame = struct.pack(">IHHII", 20 + 3, 20, 0, MESSAGE, 1) + b"more" + b"abc"
    assert unpack(frame + plain(ONE)) == ([Packet(MESSAGE, 0, b"abc"), ONE], {})


def test_two_levels_of_compression_are_read_and_the_third_is_refused() -> None:
    twice = squeezed(ZLIB, squeezed(BROTLI, plain(ONE)))
    assert unpack(twice) == ([ONE], {})
    assert unpack(squeezed(BROTLI, twice) + plain(TWO)) == ([TWO], {"nested too deep": 1})


def test_a_heartbeat_reply_is_four_bytes_whatever_its_length_says() -> None:
    # Declared 0x14 without the echo of our body, which begins like a header of half a gigabyte.
    reply = struct.pack(">IHHIII", 20, 16, 1, HEARTBEAT_REPLY, 0, 7) + b"[object Object]"
    assert unpack(plain(ONE) + reply) == ([ONE, Packet(HEARTBEAT_REPLY, 1, b"\0\0\0\7")], {})


def test_a_heartbeat_reply_that_claims_gigabytes_is_read_as_well() -> None:
    reply = struct.pack(">IHHIII", 0xFFFF_FFFF, 16, 1, HEARTBEAT_REPLY, 0, 7)
    assert unpack(reply) == ([Packet(HEARTBEAT_REPLY, 1, b"\0\0\0\7")], {})


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"short", "truncated packet"),
        (pack(MESSAGE, b"body")[:-1], "truncated packet"),
        (struct.pack(">IHHII", 16, 15, 0, MESSAGE, 1), "bad header"),
        (struct.pack(">IHHII", 0, 16, 0, MESSAGE, 1), "bad header"),
        (struct.pack(">IHHII", 16, 16, 1, HEARTBEAT_REPLY, 1), "truncated packet"),
    ],
)
def test_what_stands_before_a_broken_packet_is_kept(broken: bytes, reason: str) -> None:
    assert unpack(plain(ONE) + broken) == ([ONE], {reason: 1})


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (pack(MESSAGE, b"{}", 4), "unknown version"),
        (pack(MESSAGE, b"{}", 65535), "unknown version"),
        (pack(MESSAGE, b"no stream", ZLIB), "broken compression"),
        (pack(MESSAGE, b"no stream", BROTLI), "broken compression"),
        (pack(MESSAGE, b"", ZLIB), "broken compression"),
        (pack(MESSAGE, b"", BROTLI), "broken compression"),
    ],
)
def test_what_stands_around_a_broken_packet_is_kept(broken: bytes, reason: str) -> None:
    assert unpack(plain(ONE) + broken + plain(TWO)) == ([ONE, TWO], {reason: 1})


@pytest.mark.parametrize("version", [ZLIB, BROTLI])
def test_the_beginning_of_a_truncated_stream_is_kept(version: int) -> None:
    noise = bytes(zlib.crc32(bytes([n % 256, n // 256])) % 256 for n in range(5000))
    whole = squeezed(version, plain(ONE) + pack(MESSAGE, noise))
    body = whole[16 : 16 + (len(whole) - 16) * 3 // 4]
    packets, faults = unpack(pack(MESSAGE, body, version) + plain(TWO))
    assert packets == [ONE, TWO]
    assert faults == {"broken compression": 1, "truncated packet": 1}


@pytest.mark.parametrize("version", [ZLIB, BROTLI])
def test_a_decompression_bomb_is_counted_and_costs_no_memory(version: int) -> None:
    bomb = squeezed(version, bytes(64 * 1024 * 1024))
    tracemalloc.start()
    packets, faults = unpack(plain(ONE) + bomb + plain(TWO))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (packets, faults) == ([ONE, TWO], {"decompression bomb": 1})
    assert peak < 4 * MAX_DECOMPRESSED


def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() -> None:
    inner = pack(MESSAGE, bytes(MAX_DECOMPRESSED - 16))
    assert [len(packet.body) for packet in unpack(squeezed(BROTLI, inner)).packets] == [len(inner) - 16]
    over = pack(MESSAGE, bytes(MAX_DECOMPRESSED - 15))
    assert unpack(squeezed(ZLIB, over)) == ([], {"decompression bomb": 1})


def test_the_limit_is_of_the_frame_and_not_of_each_packet() -> None:
    half = squeezed(ZLIB, pack(MESSAGE, bytes(MAX_DECOMPRESSED * 3 // 5)))
    packets, faults = unpack(half + half + half)
    assert len(packets) == 1
    assert faults == {"decompression bomb": 2}


@pytest.mark.parametrize(
    ("body", "fault", "most"),
    [
        (brotli.compress(bytes(MAX_DECOMPRESSED * 2)), "decompression bomb", 1),
        (brotli.compress(bytes(MAX_DECOMPRESSED - 10))[:-4] + b"\xff" * 4, "broken compression", 16),
    ],
    ids=["bombs", "broken streams"],
)
def test_once_the_limit_is_spent_nothing_is_inflated_any_more(
    body: bytes, fault: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []

    def unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
        opened.append(body)
        return original(body, limit)

    original = packets_module._unbrotli
    monkeypatch.setattr(packets_module, "_unbrotli", unbrotli)
    packets, faults = unpack(pack(MESSAGE, body, BROTLI) * 100)
    assert packets == []
    assert faults[fault] == most if fault == "broken compression" else faults == {fault: 100}
    assert len(opened) == most


def test_the_packets_of_a_frame_are_bounded() -> None:
    packets, faults = unpack(squeezed(ZLIB, pack(MESSAGE, b"") * (MAX_PACKETS + 5)))
    assert len(packets) == MAX_PACKETS - 1  # the outer one counts too
    assert faults == {"too many packets": 1}


@pytest.mark.parametrize(
    "inner",
    [
        *(b"", plain(ONE, TWO), plain(ONE, TWO)[:-1], plain(ONE) + plain(TWO)[:15], plain(ONE) + b"x"),
        *(plain(ONE) + pack(MESSAGE, b"x"), pack(HEARTBEAT, b"x") + plain(ONE), plain(ONE)[:16]),
        *(plain(ONE) * (MAX_PACKETS - 1), plain(ONE) * MAX_PACKETS, squeezed(BROTLI, plain(ONE))),
        *(plain(ONE) + struct.pack(">IHHII", size, 16, PLAIN, MESSAGE, 0) for size in (0, 15, 16, 17)),
    ],
    ids=lambda inner: str(len(inner)),
)
def test_the_usual_frame_is_read_like_any_other(inner: bytes) -> None:
    assert unpack(squeezed(BROTLI, inner)) == unpack(squeezed(ZLIB, inner))
    for frame in (squeezed(BROTLI, inner), squeezed(BROTLI, inner)[:-1], squeezed(BROTLI, inner) + b"x"):
        packets, faults = unpack(plain(ONE) + frame)
        assert (packets[1:], faults) == unpack(frame) or faults == {"too many packets": 1}


def test_an_empty_frame_holds_nothing() -> None:
    assert unpack(b"") == ([], {})
