"""What is in Redis, and whether the parts that meet there are well. For people at a terminal."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from event_store import rooms
from event_store.connect import Redis
from event_store.rooms import CollectorLife
from live_data import instants, liveness
from live_data.models import JournalPosition


@dataclass(frozen=True, slots=True)
class Key:
    """One key of Redis."""

    name: str
    type: str
    ttl: int  #: s; -1 = does not expire
    size: int  #: bytes of memory

    def __str__(self) -> str:
        expiry = "does not expire" if self.ttl < 0 else f"expires in {self.ttl} s"
        return f"{self.name}  {self.type}  {self.size} bytes  {expiry}"


def keys(client: Redis, pattern: str, limit: int) -> Iterator[Key]:
    """Up to ``limit`` keys that match, in no order; never all of a large server at once."""
    found = cast("Iterator[bytes]", client.scan_iter(match=pattern, count=500))
    for _, name in zip(range(limit), found, strict=False):
        with client.pipeline(transaction=False) as pipe:
            pipe.type(name)
            pipe.ttl(name)
            pipe.memory_usage(name)
            kind, ttl, size = pipe.execute()
        # The key of a hostile name is shown, not obeyed.
        shown = name.decode(errors="replace")
        yield Key(shown if shown.isprintable() else ascii(shown), kind.decode(), ttl, size or 0)


def problems(client: Redis, now: datetime) -> list[str]:
    """What is not as it should be, a line each."""
    now_ms = instants.epoch_ms(now)
    collectors = rooms.collectors(client)
    lives = {name: life for name, life in collectors.items() if not liveness.is_forgotten(now_ms, life.at)}
    return [
        *_sync_problems(client, now_ms),
        *_collector_problems(lives, now_ms),
        *_holes(lives),
    ]


def _sync_problems(client: Redis, now: int) -> Iterator[str]:
    life = rooms.sync_life(client)
    if life is None:
        yield "no sync has run for long: is `start_sync_scheduler` running?"
    elif life.problem:
        yield f"sync: {life.problem}"
    elif seconds := liveness.silence(now, life.at, life.interval):
        yield f"the last sync was {seconds} s ago: is `start_sync_scheduler` running?"
    elif seconds := liveness.ahead(now, life.at):
        yield f"the last sync is dated {seconds} s in the future: was a clock set?"


def _collector_problems(lives: Mapping[str, CollectorLife], now: int) -> Iterator[str]:
    if not lives:
        yield "no collector has reported: is `python -m collector` running?"
    for name, life in lives.items():
        if seconds := liveness.silence(now, life.at):
            yield f"collector {name} is silent for {seconds} s"
        elif seconds := liveness.ahead(now, life.at):
            yield f"collector {name} reported {seconds} s in the future: was a clock set?"
        elif life.problem:
            yield f"collector {name}: {life.problem}"


def _holes(lives: Collection[str]) -> Iterator[str]:
    """Of collectors that can still publish again what is missing."""
    for row in JournalPosition.objects.filter(collector__in=list(lives)).exclude(hole_from=None):
        yield (
            f"the log lacks bytes {row.position} to {row.hole_from} of collector {row.collector}'s journal;"
            " the collector publishes them again"
        )
