"""What syncs tell of themselves through Redis: each for its partition; whoever asks hears all as one."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec
import redis
import redis.asyncio

from event_store import keys
from event_store.cursor import LogCursor, earliest


class SyncLife(msgspec.Struct):
    """A sync's last step."""

    at: int  #: ms
    behind: int  #: ms between the newest synced entry and now; 0 = nothing waits
    problem: str = ""
    interval: float = 0.0  #: s that may pass until the next step
    cursor: str = ""  #: str() of the place in the log up to which all is in SQL; "" = not said
    partitions: int = 1  #: how many syncs share the rooms


def show(client: "redis.Redis", life: SyncLife, partition: int = 0) -> None:
    expiry = keys.SYNC_TTL + int(life.interval)  # it must not be gone before it is due again
    client.set(keys.sync(partition), msgspec.json.encode(life), ex=expiry)


def together(client: "redis.Redis") -> SyncLife | None:
    """The oldest word of all syncs, the first trouble, and how far behind the last one is; None: the first
    one has not been heard of. Raises msgspec.DecodeError and what redis raises.
    """
    first = _read(client.get(keys.sync(0)))
    if first is None or first.partitions == 1:
        return first
    others = cast(list[Any], client.mget(_others(first)))
    return _merged([first, *map(_read, others)])


async def place(client: "redis.asyncio.Redis") -> LogCursor | None:
    """Up to where the log is in SQL; None: not all syncs have said it. Raises as together()."""
    first = _read(await client.get(keys.sync(0)))
    if first is None:
        return None
    others = await client.mget(_others(first)) if first.partitions > 1 else []
    cursors = [LogCursor.parse(life.cursor) for life in (first, *map(_read, others)) if life and life.cursor]
    return earliest(cursors) if len(cursors) == first.partitions else None


def _others(first: SyncLife) -> list[str]:
    return [keys.sync(number) for number in range(1, first.partitions)]


def _merged(lives: Sequence[SyncLife | None]) -> SyncLife:
    known = [life for life in lives if life is not None]
    cursors = [LogCursor.parse(life.cursor) for life in known if life.cursor]
    return SyncLife(
        at=min(life.at for life in known),
        behind=max(life.behind for life in known),
        problem=next(_troubles(lives), ""),
        interval=max(life.interval for life in known),
        cursor=str(earliest(cursors)) if len(cursors) == len(lives) else "",
        partitions=len(lives),
    )


def _troubles(lives: Sequence[SyncLife | None]) -> Iterator[str]:
    for number, life in enumerate(lives):
        if life is None:
            yield f"the sync of partition {number} has not been heard of"
        elif life.problem:
            yield f"partition {number}: {life.problem}"


def _read(raw: Any) -> SyncLife | None:
    return None if raw is None else msgspec.json.decode(raw, type=SyncLife)
