import zlib
from collections.abc import Callable

import brotli
import pytest

from simulator import packets


def test_a_packet_has_the_16_byte_header_of_the_site() -> None:
    assert (
        packets.packet(b"{}", packets.MESSAGE).hex(" ", 2) == "0000 0012 0010 0000 0000 0005 0000 0000 7b7d"
    )


def test_the_auth_reply_is_the_recorded_one() -> None:
    assert packets.auth_reply(0) == bytes.fromhex("0000001a 0010 0001 00000008 00000001") + b'{"code":0}'


def test_a_heartbeat_reply_declares_20_bytes_however_long_the_echo_is() -> None:
    reply = packets.heartbeat_reply(1, b"[object Object]")
    assert reply == bytes.fromhex("00000014 0010 0001 00000003 00000000 00000001") + b"[object Object]"


@pytest.mark.parametrize(("protover", "open_up"), [(2, zlib.decompress), (3, brotli.decompress)])
def test_a_compressed_frame_holds_the_packets_one_after_another(
    protover: int, open_up: Callable[[bytes], bytes]
) -> None:
    (frame,) = packets.message_frames([b"{}", b"[1]"], protover)
    assert frame[4:16] == bytes.fromhex(f"0010 000{protover} 00000005 00000000")
    assert int.from_bytes(frame[:4], "big") == len(frame)
    assert open_up(frame[16:]) == packets.packet(b"{}", 5) + packets.packet(b"[1]", 5)


def test_no_frame_holds_more_than_32_packets() -> None:
    frames = list(packets.message_frames([b"{}"] * 70, 0))
    assert [frame.count(b"{}") for frame in frames] == [32, 32, 6]


@pytest.mark.parametrize("data", [b"short", bytes(16), packets.packet(b"{}", 5)[:-1]])
def test_what_is_no_packet_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"header|packet"):
        list(packets.split(data))
