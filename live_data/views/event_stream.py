"""Server-sent events: what one stream sends, first what it missed, then what happens. Knows no request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from event_store import live
from event_store.cursor import LogCursor, stream_key
from event_store.live import CursorGone, LiveEvents
from live_data import payloads
from live_data.views import redis_client
from live_data.views.hub import AWAY, RETRY, Closed, Hub, Reset

HEARTBEAT = 15.0  #: s
CATCH_UP = 100  #: entries of one piece

RESET = 'event: reset\ndata: {"reset": true}\n\n'


def payload(piece: LiveEvents, room_ids: frozenset[int]) -> dict[str, Any]:
    """What a stream's message and the polling answer both say."""
    return {"cursor": str(piece.cursor), "events": payloads.events(piece.events, room_ids)}


def message(piece: LiveEvents, room_ids: frozenset[int]) -> str:
    """A message, or only its id when the page would show nothing of it: the place moves on all the same."""
    said = payload(piece, room_ids)
    if not any(said["events"].values()):
        return _place(piece.cursor)
    return f"id: {piece.cursor}\ndata: {msgspec.json.encode(said).decode()}\n\n"


def _place(cursor: LogCursor | None) -> str:
    """A comment that keeps the connection; its id tells a quiet page how far it has seen."""
    return f": heartbeat\nid: {cursor}\n\n" if cursor else ": heartbeat\n\n"


async def frames(hub: Hub, after: LogCursor | None, room_ids: frozenset[int]) -> AsyncIterator[str]:
    """The text of one stream, until the client goes or the process ends.

    It subscribes before it catches up, so that nothing falls between; what came both ways may be sent
    twice, and the page knows events by their event_id.
    """
    async with hub.subscribed() as subscription:
        position = after
        yield "retry: 2000\n\n"
        async for missed in _missed(hub, after):
            position = None if missed is None else missed.cursor
            yield RESET if missed is None else message(missed, room_ids)
        yield _place(position)
        while not isinstance(piece := await subscription.next(HEARTBEAT), Closed):
            if isinstance(piece, Reset):
                position = None
                yield RESET
            elif piece is None:
                yield _place(position)
            elif _is_new(piece.cursor, position):
                position = piece.cursor
                yield message(piece, room_ids)


def _is_new(cursor: LogCursor, position: LogCursor | None) -> bool:
    if position is None or cursor.incarnation != position.incarnation:
        return True
    return stream_key(cursor.stream_id) > stream_key(position.stream_id)


async def _missed(hub: Hub, after: LogCursor | None) -> AsyncIterator[LiveEvents | None]:
    """What the log has behind the cursor; None when the log cannot tell. Waits while Redis is away."""
    while after is not None:
        try:
            piece = await asyncio.to_thread(_read, after)
        except CursorGone:
            yield None
            return
        except AWAY:
            if await hub.closes_within(RETRY):
                return
            continue
        if piece.cursor == after:
            return
        yield piece
        after = piece.cursor


def _read(after: LogCursor) -> LiveEvents:
    with redis_client.asked() as client:
        return live.events_after(client, after, CATCH_UP)
