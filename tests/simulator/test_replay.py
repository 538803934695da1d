import base64
import json
from pathlib import Path

import brotli
import pytest

from simulator import replay
from simulator.decoding import Decoder
from tests.simulator.wire import pack, watching
from tests.simulator_process import SimulatorProcess

ROOM = 4242


def danmaku(number: int) -> bytes:
    extra = json.dumps({"id_str": f"id{number}"})
    info = [
        [0, 1, 25, 0, 1_700_000_000_000, 0, 0, "", 0, 0, 0, "", 0, "{}", "{}", {"extra": extra}],
        f"第{number}条",
    ]
    return pack(json.dumps({"cmd": "DANMU_MSG", "info": info}).encode(), 5, 0)


def compressed(*packets: bytes) -> bytes:
    return pack(brotli.compress(b"".join(packets)), 5, 3)


FRAMES = [compressed(danmaku(1), danmaku(2)), danmaku(3), compressed(danmaku(4)), danmaku(5)]
CONTROL = [pack(b'{"code":0}', 8), pack(b"\0\0\0\1", 3)]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "recording.bin"
    messages = [CONTROL[0], FRAMES[0], CONTROL[1], *FRAMES[1:]]
    file.write_bytes(b"".join(len(message).to_bytes(4, "big") + message for message in messages))
    return file


async def test_it_sends_the_recorded_frames_verbatim_and_once(recording: Path) -> None:
    with SimulatorProcess("--replay", str(recording), "--room", str(ROOM), "--speed", "10") as simulator:
        assert simulator.rooms == [ROOM]
        async with watching(simulator.url, ROOM, protover=2) as viewer:
            await viewer.read_until(5)
            simulator.fault(cut="all")
            await viewer.read_all()
        assert [frame for frame in viewer.frames if frame not in viewer.heartbeat_replies] == FRAMES
        assert simulator.ledger()["rooms"] == {
            str(ROOM): {"danmaku": 5, "gift": 0, "super_chat": 0, "guard": 0, "red_packet": 0, "gold": 0}
        }


async def test_it_goes_on_after_a_reconnect_where_it_stopped(recording: Path) -> None:
    with SimulatorProcess("--replay", str(recording), "--room", str(ROOM), "--speed", "2") as simulator:
        async with watching(simulator.url, ROOM) as first:
            await first.read_until(2)
            simulator.fault(cut="all")
            await first.read_all()
        async with watching(simulator.url, ROOM) as second:
            await second.read_until(5 - len(first.of("DANMU_MSG")))
        texts = [message["info"][1] for message in first.messages + second.messages]
        assert texts == [f"第{number}条" for number in range(1, 6)]


def test_a_jsonl_file_keeps_its_own_pace(tmp_path: Path) -> None:
    file = tmp_path / "recording.jsonl"
    entries = [("out", 0, b"x" * 20), ("in", 10, CONTROL[0]), ("in", 500, FRAMES[0]), ("in", 1750, FRAMES[1])]
    lines = [
        json.dumps({"dir": way, "t_ms": at, "b64": base64.b64encode(data).decode()})
        for way, at, data in entries
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert replay.load(file) == [replay.Frame(FRAMES[0], 0.0), replay.Frame(FRAMES[1], 1.25)]


def test_a_file_without_times_plays_ten_frames_a_second(recording: Path) -> None:
    assert [frame.gap for frame in replay.load(recording)] == [0.1] * 4


def test_a_line_that_is_no_frame_is_named(tmp_path: Path) -> None:
    file = tmp_path / "recording.jsonl"
    file.write_text('{"b64": "AAAA"}\nnonsense\n', encoding="utf-8")
    with pytest.raises(replay.UnreadableRecording, match="line 2"):
        replay.load(file)


def message(cmd: str, **data: object) -> bytes:
    return pack(json.dumps({"cmd": cmd, "data": data}).encode(), 5, 0)


def read(*frames: bytes, anchor: int = 7) -> dict[tuple[str, str], int]:
    """(kind, key) -> gold, as the ledger would take it."""
    decoder = Decoder()
    decoder.anchor_uid = anchor
    gold: dict[tuple[str, str], int] = {}
    final: set[tuple[str, str]] = set()
    for frame in frames:
        for report in decoder.reports(frame):
            key = (report.event.kind, report.event.key)
            if key not in gold or (report.final and key not in final):
                gold[key] = report.gold
            if report.final:
                final.add(key)
    return gold


def test_recorded_gifts_earn_by_the_rules_of_the_ledger() -> None:
    gift: dict[str, object] = {"tid": "1", "total_coin": 500, "coin_type": "gold", "bag_gift": None}
    mine = {"receive_user_info": {"uid": 7, "uname": "me"}}
    other = {"receive_user_info": {"uid": 8, "uname": "guest"}}
    assert read(message("SEND_GIFT", **gift, **mine)) == {("gift", "1"): 500}
    assert read(message("SEND_GIFT", **gift)) == {("gift", "1"): 500}
    assert read(message("SEND_GIFT", **gift, **other)) == {("gift", "1"): 0}
    assert read(message("SEND_GIFT", **(gift | {"coin_type": "silver"}))) == {("gift", "1"): 0}
    assert read(message("SEND_GIFT", **(gift | {"bag_gift": {"show_price": 1}}))) == {("gift", "1"): 0}


def test_recorded_copies_of_a_super_chat_are_one() -> None:
    first = message("SUPER_CHAT_MESSAGE", id=99, price=30)
    copy = message("SUPER_CHAT_MESSAGE_JPN", id="99", price=30)
    assert read(first, copy, first) == {("super_chat", "99"): 30_000}


def test_recorded_reports_of_a_purchase_are_one_at_the_toasts_price() -> None:
    buy = message("GUARD_BUY", uid=5, guard_level=3, price=198_000, num=1, start_time=100)
    toast = message("USER_TOAST_MSG", uid=5, guard_level=3, price=138_000, payflow_id="p", start_time=101)
    for order in ((buy, toast), (toast, buy), (toast, buy, toast)):
        assert list(read(*order).values()) == [138_000]
    assert list(read(buy).values()) == [198_000]


def test_recorded_messages_of_a_red_packet_are_one_without_revenue() -> None:
    names = ("NEW", "V2_NEW", "START", "V2_START", "WINNER_LIST")
    told = [message(f"POPULARITY_RED_POCKET_{name}", lot_id=9, price=20) for name in names]
    assert read(*told, *told) == {("red_packet", "9"): 0}
    assert read(told[-1]) == {}


def test_what_cannot_be_read_reports_nothing() -> None:
    for frame in (
        b"",
        b"junk",
        pack(b"{", 5, 0),
        pack(b"[]", 5, 0),
        pack(b"x", 5, 3),
        message("SEND_GIFT_V2", pb="//8="),
    ):
        assert read(frame) == {}
