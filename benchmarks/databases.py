"""Databases full of the made-up history, kept between runs in `.tools/bench/data`, and copies of them."""

import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines import ENGINES, Engine
from benchmarks.figures import BenchmarkFailed
from benchmarks.peers import ENVIRONMENTS, ROOT, Peer, Running
from benchmarks.valkey import serving

KEPT = ENVIRONMENTS / "data"
_ROUND = 100_000  # events that are filled in between two words of progress
_DONE = "filled.json"  # written last: a folder without it was interrupted


@dataclass(frozen=True, slots=True)
class Kept:
    """A prepared database; its folder is never written to again."""

    folder: Path
    rows: int
    seconds: float  #: that filling took
    megabytes: float


def schema() -> str:
    """The newest migration, and a digest of the names of all and of what fills the tables."""
    migrations = sorted((ROOT / "live_data" / "migrations").glob("0*.py"))
    makers = [ROOT / "benchmarks" / name for name in ("history.py", "happenings.py", "chat_texts.py")]
    told = [path.name.encode() for path in migrations] + [path.read_bytes() for path in makers]
    return f"{migrations[-1].stem[:4]}-{hashlib.sha256(b' '.join(told)).hexdigest()[:8]}"


def prepared(engine: Engine, rows: int) -> Kept:
    """The database with so many rows at today's schema: filled now, unless an earlier run left it.

    Those of other schemas go. Raises BenchmarkFailed.
    """
    folder = KEPT / f"{engine.name}-{rows}-{schema()}"
    if not (folder / _DONE).is_file():
        for stale in KEPT.glob(f"{engine.name}-{rows}-*"):
            shutil.rmtree(stale)
        _fill(engine, folder, rows)
    return Kept(folder, **json.loads((folder / _DONE).read_text(encoding="utf-8")))


@contextmanager
def copied(kept: Kept, engine: Engine, place: Path) -> Iterator[str]:
    """The DATABASE_URL of a copy in ``place``, which goes with the block."""
    shutil.copytree(kept.folder, place, symlinks=True)
    try:
        with engine.serving(place) as url:
            yield url
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def empty(engine: Engine, place: Path) -> Iterator[str]:
    """The DATABASE_URL of one without tables, which goes with the block."""
    place.mkdir(parents=True)
    try:
        with engine.serving(place) as url:
            yield url
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _fill(engine: Engine, folder: Path, rows: int) -> None:
    folder.mkdir(parents=True)
    begun = time.monotonic()
    told = {"program": "fill", "events": _ROUND, "past": rows}
    with ExitStack() as stack:
        url = stack.enter_context(engine.serving(folder))
        redis = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(serving(redis))
        settings = settings_of(url, folder, redis)
        peer = Peer(f"filling {engine.name}", "with_django", settings=settings)
        filling, filled = stack.enter_context(Running(peer, json.dumps(told))), 0
        while events := filling.round().seen["events"]:
            filled += events
            _say(engine, filled, rows, time.monotonic() - begun)
    took = time.monotonic() - begun
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    figures = {"rows": filled, "seconds": round(took, 1), "megabytes": round(size, 1)}
    (folder / _DONE).write_text(json.dumps(figures), encoding="utf-8")


def settings_of(database_url: str, folder: Path, redis: Path) -> dict[str, str]:
    """The environment of a process of ours; ``redis``: the folder that `valkey.serving` was given."""
    redis_url = (redis / "redis.url").read_text(encoding="utf-8")
    return {"DATABASE_URL": database_url, "DATA_DIR": str(folder), "REDIS_URL": redis_url}


def _say(engine: Engine, done: int, rows: int, seconds: float) -> None:
    speed = done / seconds
    left = max(0, rows - done) / speed
    line = f"{engine.name}: {done:,} of {rows:,} rows, {speed:,.0f} a second, {left:.0f} s to go"
    print(line, file=sys.stderr, flush=True)


def known(names: str) -> list[Engine]:
    """ "sqlite", "postgresql" or "both". Raises BenchmarkFailed for another."""
    if names == "both":
        return list(ENGINES.values())
    if names not in ENGINES:
        raise BenchmarkFailed(f"there is no engine {names!r}: {', '.join(ENGINES)} or both")
    return [ENGINES[names]]
