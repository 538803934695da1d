"""What became of everything received, per room, at one moment: SQL's counts and what is in flight.

Always: received = stored + duplicate + sampled + ignored + rejected + in flight.
"""

from typing import Any, TypeAlias

from event_store import connect, reader
from event_store.codec import RoomCounts
from event_store.connect import Redis
from event_store.cursor import LogCursor, earliest, stream_key
from event_store.reader import InFlight
from live_data.models import EventCount
from live_data.queries import moment
from live_data.storing import sync_places
from live_data.storing.counts import Outcome

Answer: TypeAlias = dict[str, Any]  # the JSON boundary
#: (room_id, outcome, name, count)
Row: TypeAlias = tuple[int, str, str, int]

_TRIES = 5


def accounting(client: Redis | None, most: int | None = None) -> Answer:
    """{"results": [...], "undecodable": n}; with "log": "unreachable", "unreadable" or "too long" when in
    flight is not known, which is then 0 and not in ``received``. "entries_in_flight" when it is known.

    ``most``: entries that are read behind the sync at most, for who cannot wait; None = all of them.
    """
    if client is None:
        return _without_log("unreachable")
    try:
        rows, flying = _at_one_moment(client, most)
    except connect.RedisFailure:
        return _without_log("unreachable")
    except reader.TooMuchInFlight:
        return _without_log("too long")
    except (ValueError, LookupError):  # an entry that newer code wrote, or a damaged one
        return _without_log("unreadable")
    return {**_answer(rows, flying.rooms), "entries_in_flight": flying.entries}


def _without_log(why: str) -> Answer:
    return {**_answer(_counted()[0], {}), "log": why}


def _at_one_moment(client: Redis, most: int | None) -> tuple[list[Row], InFlight]:
    """Counts, and what follows their cursors in the log; once more when that was trimmed meanwhile."""
    for _ in range(_TRIES):
        rows, cursors = _counted()
        flying = reader.in_flight(client, cursors, most=most)
        if _is_whole(client, earliest(cursors)):
            break
    return rows, flying


def _counted() -> tuple[list[Row], list[LogCursor]]:
    with moment.one_moment():
        rows = EventCount.objects.order_by("room_id", "outcome", "name")
        return list(rows.values_list("room_id", "outcome", "name", "count")), sync_places.all_places()


def _is_whole(client: Redis, cursor: LogCursor) -> bool:
    """Whether nothing after the cursor can have been trimmed: its own entry is still there, or the
    sync, which trims behind itself, has not moved.
    """
    state = reader.log_state(client)
    is_same = state.first_id and state.incarnation == cursor.incarnation
    if is_same and stream_key(state.first_id) <= stream_key(cursor.stream_id):
        return True
    return sync_places.reached() == cursor


def _answer(rows: list[Row], flying: dict[int, RoomCounts]) -> Answer:
    rooms: dict[int, Answer] = {}
    undecodable = 0
    for room_id, outcome, name, count in rows:
        if outcome == Outcome.UNDECODABLE:
            undecodable += count
            continue
        room = rooms.setdefault(room_id, _room(room_id))
        if outcome in (Outcome.IGNORED, Outcome.REJECTED):
            room[outcome][name] = count
        else:
            room[outcome] = count
    for room_id, counts in flying.items():
        undecodable += sum(counts.tally.undecodable.values())
        if counts.received:
            room = rooms.setdefault(room_id, _room(room_id))
            room["received"] += counts.received
            room["in_flight"] = counts.received
    return {"results": [rooms[room_id] for room_id in sorted(rooms)], "undecodable": undecodable}


def _room(room_id: int) -> Answer:
    figures = dict.fromkeys(("received", "stored", "duplicate", "sampled"), 0)
    return {"room_id": room_id, **figures, "ignored": {}, "rejected": {}, "in_flight": 0}
