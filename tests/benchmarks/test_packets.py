"""The traffic that benchmarks read: the same for the same seed, and what it says it is."""

from collections import Counter
from itertools import islice

import pytest

from benchmarks.packets import BEGIN, MIX, MOST_PACKETS, ROOM, Traffic, bodies, traffic
from bilibili_live.events import Danmaku, Tally
from bilibili_live.protocol.commands import decode_frame
from bilibili_live.protocol.packets import unpack
from simulator.packets import BROTLI, ZLIB

PASSED_OVER = {
    *("COMBO_SEND", "ENTRY_EFFECT", "HOT_RANK_CHANGED_V2", "LIVE_INTERACTIVE_GAME", "NOTICE_MSG"),
    *("ONLINE_RANK_V2", "STOP_LIVE_ROOM_LIST", "WIDGET_BANNER"),
}


@pytest.fixture(scope="module", params=[BROTLI, ZLIB])
def some(request: pytest.FixtureRequest) -> Traffic:
    return traffic(600, protover=request.param)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert traffic(50, seed=5) == traffic(50, seed=5)
    assert traffic(50, seed=5) != traffic(50, seed=6)


def test_frames_hold_one_to_twenty_packets(some: Traffic) -> None:
    sizes = [len(unpack(frame).packets) for frame in some.frames]
    assert sum(sizes) == some.messages == 600
    assert min(sizes) >= 1
    assert MOST_PACKETS / 2 < max(sizes) <= MOST_PACKETS


def test_most_messages_are_danmaku_of_about_two_kilobytes(some: Traffic) -> None:
    bodies = [packet.body for frame in some.frames for packet in unpack(frame).packets]
    danmaku = [len(body) for body in bodies if body.startswith(b'{"cmd":"DANMU_MSG')]
    assert len(danmaku) == some.danmaku
    assert 0.8 < some.danmaku / some.messages < 0.9
    assert 1_900 < sum(danmaku) / len(danmaku) < 2_600


def test_frames_shrink_about_as_much_as_those_of_the_site(some: Traffic) -> None:
    plain = sum(len(packet.body) for frame in some.frames for packet in unpack(frame).packets)
    assert 4 < plain / sum(map(len, some.frames)) < 7


def test_all_that_was_said_to_be_in_it_is_decoded(some: Traffic) -> None:
    decoded = [decode_frame(frame, ROOM, BEGIN) for frame in some.frames]
    events = [event for part in decoded for event in part.events]
    assert len(events) == some.events
    assert sum(isinstance(event, Danmaku) for event in events) == some.danmaku
    tally = Tally()
    for part in decoded:
        tally.add(part.tally)
    assert (tally.rejected, tally.undecodable) == ({}, {})
    assert set(tally.ignored) <= PASSED_OVER
    assert not any(part.oddities for part in decoded)


def test_messages_come_in_the_shares_that_are_said() -> None:
    assert sum(MIX.values()) == pytest.approx(100, abs=0.1)
    sorts = Counter(body.sort for body in islice(bodies(), 4_000))
    assert set(sorts) <= set(MIX)
    for sort, share in MIX.items():
        assert sorts[sort] / 40 == pytest.approx(share, abs=1.5), sort


def test_there_is_a_maker_of_each_sort() -> None:
    assert {body.sort for body in islice(bodies(), 12_000)} == set(MIX)
