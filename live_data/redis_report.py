"""What is in Redis, and whether the parts that meet there are well. For people at a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from event_store import rooms
from event_store.connect import Redis
from live_data.models import JournalPosition

_SILENT = 15_000  #: ms without a sign of life from a collector
_FORGOTTEN = 24 * 3600_000  #: ms; a collector that was taken away


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


def problems(client: Redis, now: datetime, longest_pause: float) -> list[str]:
    """What is not as it should be, a line each.

    ``longest_pause``: s that the sync may be silent, more than the interval of the scheduler.
    """
    now_ms = int(now.timestamp() * 1000)
    return [
        *_sync_problems(client, now_ms, longest_pause),
        *_collector_problems(client, now_ms),
        *_holes(),
    ]


def _sync_problems(client: Redis, now: int, longest_pause: float) -> Iterator[str]:
    life = rooms.sync_life(client)
    if life is None:
        yield "no sync has run in the last hour: is `start_sync_scheduler` running?"
    elif life.problem:
        yield f"sync: {life.problem}"
    elif now - life.at > longest_pause * 1000:
        yield f"the last sync was {(now - life.at) // 1000} s ago: is `start_sync_scheduler` running?"


def _collector_problems(client: Redis, now: int) -> Iterator[str]:
    lives = {name: life for name, life in rooms.collectors(client).items() if now - life.at < _FORGOTTEN}
    if not lives:
        yield "no collector has reported: is `python -m collector` running?"
    for name, life in lives.items():
        if now - life.at > _SILENT:
            yield f"collector {name} is silent for {(now - life.at) // 1000} s"
        elif life.problem:
            yield f"collector {name}: {life.problem}"


def _holes() -> Iterator[str]:
    for row in JournalPosition.objects.exclude(hole_from=None):
        yield (
            f"the log lacks bytes {row.position} to {row.hole_from} of collector {row.collector}'s journal;"
            " the collector publishes them again"
        )
