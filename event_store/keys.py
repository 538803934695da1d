"""Every key in Redis: name, type, expiry, fields. The seed's ``room:*`` keys are the live cache.

| key | type | what |
| --- | --- | --- |
| log:0 | stream | the event log: one entry a batch, fields h (header) and e (events), see codec |
| log:0:incarnation | string | random, made with the log; another one means another log |
| log:{partition}:lease | string | who syncs the rooms of this partition, see partitions; expires by itself |
| sync:{partition} | string | JSON: the last step of its sync; SYNC_TTL beyond its interval |
| rooms:desired | string | JSON: rooms to watch, written by the scheduler each tick |
| collectors | hash | collector id -> JSON of its last sign of life |
| collector:{id}:position | string | JSON: journal position that SQL has committed |
| collector:{id}:cached | string | journal position up to which the live cache has seen the events |
| room:{id}:info | hash | title, uname, face, online, status, area_name, ... ; ROOM_TTL |
| room:{id}:danmaku, room:{id}:gifts | list | newest first, capped, JSON objects; ROOM_TTL |
| room:{id}:stats | hash | total_danmaku, total_gifts, total_users, last_update; ROOM_TTL |
| room:{id}:users | HyperLogLog | uids seen, behind total_users; ROOM_TTL |
| room:{id}:connection | hash | state, cause, detail, since, retry_at (ms), collector; CONNECTION_TTL |
"""

ROOM_TTL = 3 * 24 * 3600  #: s without an event after which a room's cache goes
CONNECTION_TTL = 30  #: s; the collector writes it anew every few seconds
SYNC_TTL = 3600  #: s
LIVE_LIST_LENGTH = 200  #: objects kept in room:{id}:danmaku and :gifts

LOG = "log:0"
INCARNATION = f"{LOG}:incarnation"
DESIRED_ROOMS = "rooms:desired"
COLLECTORS = "collectors"


def lease(partition: int) -> str:
    return f"log:{partition}:lease"


def sync(partition: int) -> str:
    return f"sync:{partition}"


def position(collector: str) -> str:
    return f"collector:{collector}:position"


def cached(collector: str) -> str:
    return f"collector:{collector}:cached"


def room(room_id: int, what: str) -> str:
    """``what``: info, danmaku, gifts, stats, users or connection."""
    return f"room:{room_id}:{what}"
