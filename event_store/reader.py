"""Read the log from a cursor: entries, what is in flight, leases, trimming."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import redis

from event_store import keys, partitions
from event_store.codec import RoomCounts, decode_header
from event_store.cursor import LogCursor, earliest, stream_key

_CHUNK = 500  # entries a call when only headers are wanted


@dataclass(frozen=True, slots=True)
class Entry:
    """One log entry as Redis has it; codec.decode() opens the fields."""

    stream_id: str
    fields: dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class LogState:
    """What the log is at the moment."""

    incarnation: str  #: "" = there is no log yet
    first_id: str  #: of the oldest entry kept; "" = none
    last_id: str  #: of the newest entry ever; "0-0" = none
    length: int


@dataclass(frozen=True, slots=True)
class InFlight:
    """What the entries after the cursors hold."""

    rooms: dict[int, RoomCounts]
    entries: int


class TooMuchInFlight(Exception):
    """More entries follow the cursors than were to be read."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who syncs the rooms of a partition."""

    owner: str  #: host, process and a random part, between colons
    expires_in: int  #: ms


def _entries(raw: Any) -> list[Entry]:
    return [Entry(stream_id.decode(), fields) for stream_id, fields in raw]


def log_state(client: "redis.Redis") -> LogState:
    """A log that begins, or begins anew, meanwhile is without entries, or has its new incarnation: its
    writer sets that before the first entry."""
    try:
        info: dict[str, Any] = client.xinfo_stream(keys.LOG)
    except redis.ResponseError:  # no such key
        info = {}
    incarnation = cast(bytes | None, client.get(keys.INCARNATION))
    first = info.get("first-entry")
    return LogState(
        incarnation=(incarnation or b"").decode(),
        first_id=first[0].decode() if first else "",
        last_id=info.get("last-generated-id", b"0-0").decode(),
        length=info.get("length", 0),
    )


def start_of_reading(state: LogState, cursor: LogCursor) -> LogCursor:
    """Where to go on: at the cursor, or at the beginning of a log that is not the cursor's.

    A log whose newest entry is older than the cursor has lost its tail (an append-only file cut short).
    Its entries are read again, which costs duplicates and loses nothing.
    """
    if state.incarnation != cursor.incarnation:
        return LogCursor(state.incarnation)
    if stream_key(state.last_id) < stream_key(cursor.stream_id):
        return LogCursor(state.incarnation)
    return cursor


def read(client: "redis.Redis", after: LogCursor, count: int) -> list[Entry]:
    """Up to ``count`` entries after the cursor, oldest first."""
    return _entries(client.xrange(keys.LOG, min=f"({after.stream_id}", count=count))


def in_flight(client: "redis.Redis", cursors: Sequence[LogCursor], most: int | None = None) -> InFlight:
    """What waits behind the cursors of all partitions, in their order.

    Raises TooMuchInFlight beyond ``most`` entries behind the earliest.
    """
    state = log_state(client)
    starts = [start_of_reading(state, cursor) for cursor in cursors]
    reached = [stream_key(start.stream_id) for start in starts]
    totals: dict[int, RoomCounts] = {}
    entries = 0
    for entry in _all_after(client, earliest(starts)):
        entries += 1
        if most is not None and entries > most:
            raise TooMuchInFlight
        place = stream_key(entry.stream_id)
        for counts in decode_header(entry.fields).counts:
            if place <= reached[partitions.number_of(counts.room_id, len(reached))]:
                continue
            total = totals.setdefault(counts.room_id, RoomCounts(room_id=counts.room_id, received=0))
            total.received += counts.received
            total.tally.add(counts.tally)
    return InFlight(totals, entries)


def _all_after(client: "redis.Redis", cursor: LogCursor) -> Iterator[Entry]:
    while entries := read(client, cursor, _CHUNK):
        yield from entries
        cursor = LogCursor(cursor.incarnation, entries[-1].stream_id)


def trim(client: "redis.Redis", cursor: LogCursor, keep_from: int, max_bytes: int) -> int:
    """Drop entries that are behind the cursor and older than ``keep_from`` (ms); returns how many.

    When the log is larger than ``max_bytes`` it is cut at the cursor. The entry at the cursor stays,
    so that a page which has seen it can tell that it missed nothing. A full server trims, too.
    """
    used = client.memory_usage(keys.LOG, samples=10) or 0
    at_cursor = stream_key(cursor.stream_id)
    limit = at_cursor if used > max_bytes else min(at_cursor, (keep_from, 0))
    return client.xtrim(keys.LOG, minid=f"{limit[0]}-{limit[1]}", approximate=False)


def take_lease(client: "redis.Redis", owner: str, seconds: float, partition: int = 0) -> bool:
    """Whether ``owner`` may sync the rooms of the partition for the next ``seconds``.

    Saves double work and decides nothing: the cursor row in SQL does.
    """
    lease = keys.lease(partition)
    milliseconds = int(seconds * 1000)
    if client.set(lease, owner, nx=True, px=milliseconds):
        return True
    if cast(bytes | None, client.get(lease)) != owner.encode():
        return False
    return bool(client.pexpire(lease, milliseconds))


def lease_holder(client: "redis.Redis", partition: int = 0) -> Lease | None:
    """None: nobody syncs them at the moment."""
    owner = cast(bytes | None, client.get(keys.lease(partition)))
    if owner is None:
        return None
    return Lease(owner.decode(errors="replace"), max(0, client.pttl(keys.lease(partition))))


def give_lease_back(client: "redis.Redis", owner: str, partition: int = 0) -> None:
    if cast(bytes | None, client.get(keys.lease(partition))) == owner.encode():
        client.delete(keys.lease(partition))
