"""Rows that come when the session they belong to was counted: its kept figures hold no more.

What is younger than LATE needs no look: a session is counted when its end is further back than COUNTED, and a
transaction of the sync lasts less than what lies between the two.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from live_data.instants import epoch_ms, moment
from live_data.models import SessionFigures
from live_data.storing import increments

LATE = timedelta(minutes=10)
COUNTED = timedelta(minutes=15)


def mark(touched: Iterable[tuple[int, int]], now: datetime) -> None:
    """``touched``: (room, own time in ms) of whatever came, went or changed its gold."""
    late = epoch_ms(now - LATE)
    by_room: dict[int, int] = {}
    for room_id, at in touched:
        if at < late:
            by_room[room_id] = min(at, by_room.get(room_id, at))
    # Later ones too: who was new in them may have been there before. And those that are due: one that is
    # being counted now must be counted again.
    rows = [(room_id, moment(first)) for room_id, first in by_room.items()]
    increments.update(SessionFigures, "is_due = TRUE", "room_id = %s AND until > %s", rows)
