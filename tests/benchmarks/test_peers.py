"""Contestants run for themselves, and none counts that saw less than there was."""

from pathlib import Path

import pytest

from benchmarks.contestants.rounds import read_frames, write_frames
from benchmarks.decode import check, measure, peers
from benchmarks.figures import BenchmarkFailed
from benchmarks.packets import traffic
from benchmarks.peers import Peer, Round, Running, installed

SOME = traffic(60)


def test_frames_come_back_as_they_were_written(tmp_path: Path) -> None:
    for frames in ([], [b""], SOME.frames):
        write_frames(tmp_path / "frames", frames)
        assert read_frames(tmp_path / "frames") == frames


def test_who_needs_nothing_but_our_own_environment_sees_all_of_it() -> None:
    ready = [peer for peer in peers() if not peer.environment]
    names = ["ours", "ours_first_sight", "bilibili_api", "bilibili_api_plain"]
    assert [peer.name for peer in ready] == names
    speeds = measure(SOME, ready, rounds=1)
    assert list(speeds) == names
    assert min(speeds.values()) > 0


@pytest.mark.parametrize(
    "seen", [{"messages": 59}, {"events": SOME.events + 1}, {"messages": 60, "danmaku": 0}]
)
def test_who_saw_less_or_more_than_there_was_is_no_contestant(seen: dict[str, int]) -> None:
    with pytest.raises(BenchmarkFailed, match="its speed means nothing"):
        check("peer", Round(1.0, seen), SOME)


def test_a_contestant_that_ends_by_itself_is_named(tmp_path: Path) -> None:
    with (
        Running(Peer("nobody", "no_such_module"), tmp_path / "frames") as running,
        pytest.raises(BenchmarkFailed, match="nobody ended by itself"),
    ):
        running.round()


def test_the_version_of_a_peer_is_that_of_the_package() -> None:
    assert installed("bilibili-api-python").count(".") == 2
