"""Wire bytes to Redis: our log and live cache, beside blivedm with a list and a stream, in turns.

One real server on a unix socket; after each round it is looked whether all is there, and it is emptied.
The seconds are those of CPU, of the client and of the server together: as on one core that has nothing else
to do. What waiting for each other costs is left out, which is kind to who sends an event at a time.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.contestants.rounds import write_frames
from benchmarks.decode import check, lower_quartile
from benchmarks.figures import BenchmarkFailed, Figures, rounded
from benchmarks.packets import ROOM, Traffic, traffic
from benchmarks.peers import Peer, Running, installed
from benchmarks.valkey import serving
from event_store import keys, reader
from event_store.codec import decode
from event_store.connect import Redis
from event_store.cursor import LogCursor

MESSAGES = 5_000
ROUNDS = 15
OURS = "ours"

WORDS: Mapping[str, str] = {
    "messages": "in one round, 85 % danmaku, in brotli frames of 1 to 20",
    OURS: "messages in a second of CPU: decoded, in batches into the log, with the live cache",
    "blivedm_pipelined": "the same: an LPUSH and an XADD an event, 500 events to a pipeline",
    "blivedm_lpush": "the same: an LPUSH an event, no pipeline",
    "ratio_blivedm_pipelined": "ours / blivedm_pipelined; aim: at least 6",
    "ratio_blivedm_lpush": "ours / blivedm_lpush; aim: at least 14",
    "blivedm_version": "which one it was (BLIVEDM_PATH names a checkout)",
}


def peers() -> list[Peer]:
    checkout = os.environ.get("BLIVEDM_PATH", "")
    return [
        Peer(OURS, "ours_to_redis"),
        Peer("blivedm_pipelined", "blivedm_pipelined", environment="blivedm", path=checkout),
        Peer("blivedm_lpush", "blivedm_lpush", environment="blivedm", path=checkout),
    ]


def run() -> Figures:
    made = traffic(MESSAGES)
    speeds = measure(made, peers(), ROUNDS)
    ratios = {f"ratio_{name}": rounded(speeds[OURS] / speeds[name]) for name in speeds if name != OURS}
    return {
        "messages": made.messages,
        **{name: rounded(speed) for name, speed in speeds.items()},
        **ratios,
        "blivedm_version": os.environ.get("BLIVEDM_PATH") or installed("blivedm", "blivedm"),
    }


def measure(made: Traffic, contestants: Sequence[Peer], rounds: int) -> dict[str, float]:
    """Messages a second of each, by name; the first round of each is not counted: it warms up."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(serving(folder))
        write_frames(folder / "frames", made.frames)
        running = [stack.enter_context(Running(peer, folder / "frames")) for peer in contestants]
        seconds: dict[str, list[float]] = {each.peer.name: [] for each in running}
        for number in range(rounds + 1):
            for each in running:
                before = _server_seconds(redis)
                played = each.round()
                served = _server_seconds(redis) - before
                check(each.peer.name, played, made)
                check_server(redis, each.peer.name, made)
                redis.flushall()
                if number:
                    seconds[each.peer.name].append(played.seconds + served)
    return {name: made.messages / lower_quartile(taken) for name, taken in seconds.items()}


def _server_seconds(redis: Redis) -> float:
    """Of CPU, since it was started."""
    used = redis.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


def check_server(redis: Redis, name: str, made: Traffic) -> None:
    """Raises BenchmarkFailed when something of the round is not in Redis."""
    found, expected = (_ours(redis), made.events) if name == OURS else (_theirs(redis), made.messages)
    if found != expected:
        raise BenchmarkFailed(f"{name} left {found} of {expected} in Redis: its speed means nothing")


def _ours(redis: Redis) -> int:
    """Events in the log; the list of the newest must have been written beside it."""
    if redis.llen(keys.room(ROOM, "danmaku")) != keys.LIVE_LIST_LENGTH:
        return 0
    entries = reader.read(redis, LogCursor(""), count=1_000_000)
    return sum(len(decode(entry.fields).events) for entry in entries)


def _theirs(redis: Redis) -> int:
    length = redis.llen(keys.room(ROOM, "events"))
    stream = redis.xlen("events")
    return length if stream in (0, length) else min(length, stream)
