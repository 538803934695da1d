"""What the web shows live: the events after a cursor, polled or pushed."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, cast

import redis
import redis.asyncio

from bilibili_live.events import AnyEvent
from event_store import keys
from event_store.codec import decode
from event_store.cursor import LogCursor, stream_key
from event_store.reader import LogState, log_state, read

_BLOCK = 5_000  # ms; how long one call waits for an entry, below the socket's timeout
_PUSH_COUNT = 50  # entries of one pushed piece


@dataclass(frozen=True, slots=True)
class LiveEvents:
    """Events of one or more entries, and the cursor behind them."""

    cursor: LogCursor
    events: list[AnyEvent]


class CursorGone(Exception):
    """The log no longer holds what follows the cursor: reload from SQL."""


def check_cursor(state: LogState, cursor: LogCursor) -> None:
    """Raises CursorGone when entries after the cursor may have been trimmed, or the log is another."""
    if cursor.incarnation != state.incarnation:
        raise CursorGone
    if stream_key(cursor.stream_id) > stream_key(state.last_id):
        raise CursorGone
    if state.first_id and stream_key(cursor.stream_id) < stream_key(state.first_id):
        raise CursorGone


def now(client: "redis.Redis") -> LogCursor:
    """The cursor behind everything so far."""
    state = log_state(client)
    return LogCursor(state.incarnation, state.last_id)


def events_after(client: "redis.Redis", cursor: LogCursor, count: int = 50) -> LiveEvents:
    """Events of up to ``count`` entries after the cursor. Raises CursorGone and what redis raises."""
    check_cursor(log_state(client), cursor)
    events: list[AnyEvent] = []
    for entry in read(client, cursor, count):
        events += _events([entry.fields])
        cursor = LogCursor(cursor.incarnation, entry.stream_id)
    return LiveEvents(cursor, events)


async def tail(client: "redis.asyncio.Redis", after: LogCursor | None = None) -> AsyncGenerator[LiveEvents]:
    """What arrives after the cursor (None: from now on), for ever; one reader a process serves all streams.

    Raises what redis raises; the caller starts anew. An entry that newer code wrote is passed over:
    its events reach pages through SQL.
    """
    last = after.stream_id if after else await _last_id(client)
    while True:
        answer = cast(Any, await client.xread({keys.LOG: last}, count=_PUSH_COUNT, block=_BLOCK))
        if not answer:
            continue
        # A dict under RESP3, a list of pairs under RESP2: the stream's entries either way.
        entries = answer[keys.LOG.encode()][0] if isinstance(answer, dict) else answer[0][1]
        incarnation = cast(bytes, await client.get(keys.INCARNATION) or b"").decode()
        last = entries[-1][0].decode()
        yield LiveEvents(LogCursor(incarnation, last), _events([fields for _, fields in entries]))


async def _last_id(client: "redis.asyncio.Redis") -> str:
    newest = cast(Any, await client.xrevrange(keys.LOG, count=1))
    return str(newest[0][0].decode()) if newest else "0-0"


def _events(entries: list[dict[bytes, bytes]]) -> list[AnyEvent]:
    events: list[AnyEvent] = []
    for fields in entries:
        try:
            batch = decode(fields)
        except (ValueError, KeyError):  # UnknownSchema and msgspec's errors are ValueErrors
            continue
        if not batch.header.is_replay:
            events += batch.events
    return events
