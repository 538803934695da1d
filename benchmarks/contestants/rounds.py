"""The worker's side: reads frames from a file, plays a round whenever it is told, answers how long it took.

Standard library only: it also runs in environments that have nothing of ours.
"""

import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeAlias

#: What a contestant saw of the frames: "messages", "danmaku" or "events" -> how many.
Seen: TypeAlias = dict[str, int]


def read_frames(path: Path) -> list[bytes]:
    """Frames as `write_frames` left them."""
    stored, frames, position = path.read_bytes(), [], 0
    while position < len(stored):
        size = int.from_bytes(stored[position : position + 4], "big")
        frames.append(stored[position + 4 : position + 4 + size])
        position += 4 + size
    return frames


def write_frames(path: Path, frames: list[bytes]) -> None:
    path.write_bytes(b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames))


def redis_url() -> str:
    """Of the server that `benchmarks.wire_to_redis` started: written beside the frames."""
    return Path(sys.argv[1]).with_name("redis.url").read_text(encoding="utf-8")


def _stay_on_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def serve(play: Callable[[list[bytes]], Seen]) -> None:
    """Answer each line of stdin with one JSON line: {"seconds": ..., "seen": {...}}.

    Seconds of CPU, of all threads, on a core that is the same for all contestants: threads that hand work to
    each other cost what they cost, and what else the machine does costs nobody.
    """
    _stay_on_one_core()
    frames = read_frames(Path(sys.argv[1]))
    for _line in sys.stdin:
        gc.collect()
        begin = process_time()
        seen = play(frames)
        answer = {"seconds": process_time() - begin, "seen": seen}
        print(json.dumps(answer), flush=True)
