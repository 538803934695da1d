"""Wire bytes to typed events, as the collector decodes them, beside what others make of the same bytes.

Each contestant is a process on one and the same core that plays a round when it is told: the rounds of all
take turns, so that a machine with other things to do is slow for everybody alike. The figures are of the
lower quartile of each one's rounds, as whatever disturbs only adds to them; the aims are ratios.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

from benchmarks.contestants.rounds import write_frames
from benchmarks.figures import BenchmarkFailed, Figures, rounded
from benchmarks.packets import Traffic, traffic
from benchmarks.peers import Peer, Round, Running, installed

MESSAGES = 2_000
ROUNDS = 61

WORDS: Mapping[str, str] = {
    "messages": "in one round, 85 % danmaku, in brotli frames of 1 to 20; shares: benchmarks/packets.py",
    "ours": "messages in a second of CPU, wire to typed event",
    "ours_first_sight": "the same of a process that has just started: each round begins with nothing learned",
    "floor": "the same: brotli, headers, orjson.loads, and nothing else",
    "blivedm": "the same: its client to a handler that does nothing",
    "bilibili_api": "the same: LiveDanmaku to a coroutine that does nothing, as its documentation has it",
    "bilibili_api_plain": "the same: LiveDanmaku to a plain function that does nothing",
    "ratio_floor": "ours / floor; aim: at least 1",
    "ratio_floor_first_sight": "ours_first_sight / floor",
    "ratio_blivedm": "ours / blivedm; aim: at least 4.5",
    "ratio_bilibili_api": "ours / bilibili_api; aim: at least 5.5",
    "ratio_bilibili_api_plain": "ours / bilibili_api_plain",
    "blivedm_version": "which one it was (BLIVEDM_PATH names a checkout)",
    "bilibili_api_version": "which one it was",
}


def peers() -> list[Peer]:
    return [
        Peer("ours", "ours"),
        Peer("ours_first_sight", "ours_first_sight"),
        Peer("floor", "floor", environment="floor"),
        Peer("blivedm", "blivedm_client", environment="blivedm", path=os.environ.get("BLIVEDM_PATH", "")),
        Peer("bilibili_api", "bilibili_api_client"),
        Peer("bilibili_api_plain", "bilibili_api_plain"),
    ]


def run() -> Figures:
    made = traffic(MESSAGES)
    speeds = measure(made, peers(), ROUNDS)
    others = [name for name in speeds if not name.startswith("ours")]
    return {
        "messages": made.messages,
        **{name: rounded(speed) for name, speed in speeds.items()},
        **{f"ratio_{name}": rounded(speeds["ours"] / speeds[name]) for name in others},
        "ratio_floor_first_sight": rounded(speeds["ours_first_sight"] / speeds["floor"]),
        "blivedm_version": os.environ.get("BLIVEDM_PATH") or installed("blivedm", "blivedm"),
        "bilibili_api_version": installed("bilibili-api-python"),
    }


def measure(made: Traffic, contestants: Sequence[Peer], rounds: int) -> dict[str, float]:
    """Messages a second of each, by name; the first round of each is not counted: it warms up."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        frames = Path(folder) / "frames"
        write_frames(frames, made.frames)
        running = [stack.enter_context(Running(peer, frames)) for peer in contestants]
        seconds: dict[str, list[float]] = {each.peer.name: [] for each in running}
        for number in range(rounds + 1):
            for each in running:
                played = each.round()
                check(each.peer.name, played, made)
                if number:
                    seconds[each.peer.name].append(played.seconds)
    return {name: made.messages / lower_quartile(taken) for name, taken in seconds.items()}


def lower_quartile(values: Sequence[float]) -> float:
    return quantiles(values, n=4, method="inclusive")[0] if len(values) > 1 else values[0]


def check(name: str, played: Round, made: Traffic) -> None:
    """Whoever is fast because he leaves something out is no contestant."""
    for what, count in played.seen.items():
        expected = getattr(made, what)
        if count != expected:
            raise BenchmarkFailed(f"{name} saw {count} of {expected} {what}: its speed means nothing")
