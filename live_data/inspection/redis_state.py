"""Redis: the server, the event log, who works with it, and the keys of the live cache."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from event_store import connect, keys, reader, rooms, server, sync_lives
from event_store.cursor import LogCursor, stream_key
from event_store.reader import Lease, LogState
from event_store.rooms import CollectorLife, JournalStorage
from event_store.server import Key, ServerFacts
from event_store.sync_lives import SyncLife
from live_data import instants, redis_access
from live_data.redis_access import Client
from live_data.storing import sync_places

_MOST_COLLECTORS = 20
_MOST_FAMILIES = 30


@dataclass(frozen=True, slots=True)
class EventLog:
    """The log, and where the sync is in it: of several, the last one."""

    name: str
    length: int  #: entries
    first_id: str
    first_at: datetime | None
    last_id: str
    last_at: datetime | None
    synced_id: str
    behind: int  #: ms between the newest entry and the sync's; 0 = nothing waits
    is_another: bool  #: not the one that the cursor in SQL is of: it is read from its beginning
    holder: str  #: who syncs it: host and process; "" = nobody at the moment


@dataclass(frozen=True, slots=True)
class Collector:
    """What one collector said last."""

    name: str
    at: datetime
    started_at: datetime
    pid: int
    rooms: int
    journaled: int  #: bytes
    published: int  #: bytes
    problem: str
    storage: JournalStorage
    refused_since: datetime | None  #: since when the disk refuses its journal; None = it does not

    @property
    def unpublished(self) -> int:
        """Bytes of its journal whose events are not in the log yet."""
        return max(0, self.journaled - self.published)


@dataclass(frozen=True, slots=True)
class Sync:
    """What the sync said last."""

    at: datetime
    behind: int  #: ms
    interval: float  #: s
    problem: str


@dataclass(frozen=True, slots=True)
class RedisState:
    """All of it."""

    place: str
    facts: ServerFacts
    log: EventLog
    collectors: list[Collector]
    more_collectors: int
    sync: Sync | None


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that match a pattern."""

    keys: list[Key]
    families: list[tuple[str, int]]  #: "room:*:info" and how many, most first
    more_families: int
    is_everything: bool  #: False: only a part of the server's keys was looked at


def look(client: Client) -> RedisState:
    """Raises what redis raises, and ValueError or OverflowError for what cannot be read."""
    lives = rooms.collectors(client)
    return RedisState(
        place=connect.place(redis_access.url()),
        facts=server.facts(client),
        log=_log(reader.log_state(client), reader.lease_holder(client), sync_places.reached()),
        collectors=_collectors(lives),
        more_collectors=max(0, len(lives) - _MOST_COLLECTORS),
        sync=_sync(sync_lives.together(client)),
    )


def look_at_keys(client: Client, pattern: str, limit: int) -> Keys:
    """A bounded look. Raises what redis raises."""
    found = server.look(client, pattern, limit)
    families = list(found.families.items())
    more = max(0, len(families) - _MOST_FAMILIES)
    return Keys(found.keys, families[:_MOST_FAMILIES], more, found.is_everything)


def _log(state: LogState, lease: Lease | None, cursor: LogCursor) -> EventLog:
    at, synced = stream_key(state.last_id)[0], stream_key(cursor.stream_id)[0]
    is_another = bool(state.incarnation) and state.incarnation != cursor.incarnation
    return EventLog(
        name=keys.LOG,
        length=state.length,
        first_id=state.first_id,
        first_at=_moment(stream_key(state.first_id)[0]) if state.first_id else None,
        last_id=state.last_id,
        last_at=_moment(at),
        synced_id=cursor.stream_id,
        behind=0 if is_another else max(0, at - synced),
        is_another=is_another,
        holder=lease.owner.rpartition(":")[0] if lease else "",
    )


def _collectors(lives: Mapping[str, CollectorLife]) -> list[Collector]:
    """Those heard of last first."""
    newest = sorted(lives.items(), key=lambda item: -item[1].at)
    return [_collector(name, life) for name, life in islice(newest, _MOST_COLLECTORS)]


def _collector(name: str, life: CollectorLife) -> Collector:
    return Collector(
        name=name,
        at=instants.moment(life.at),
        started_at=instants.moment(life.started_at),
        pid=life.pid,
        rooms=life.rooms,
        journaled=life.journal_position,
        published=life.published_position,
        problem=life.problem,
        storage=life.storage,
        refused_since=_moment(life.storage.waiting_since),
    )


def _sync(life: SyncLife | None) -> Sync | None:
    if life is None:
        return None
    return Sync(instants.moment(life.at), life.behind, life.interval, life.problem)


def _moment(milliseconds: int) -> datetime | None:
    """None for "0-0", which is no entry's."""
    return instants.moment(milliseconds) if milliseconds else None
