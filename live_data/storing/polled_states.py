"""What polls said of whether rooms are live, into rows; and which rooms' sessions are to be settled anew."""

from collections.abc import Iterable
from datetime import datetime

from bilibili_live.events import AnyEvent, Coverage, RoomInfo, RoomState
from live_data.instants import moment
from live_data.models import PolledState, UnsettledRoom
from live_data.storing import increments

ON_AIR_STATES = frozenset({"live", "preparing", "cut_off"})
_SETTLING = ON_AIR_STATES | {"change"}  # a session has the title of its begin
_LIVE = 1


def keep(said: Iterable[AnyEvent]) -> None:
    """Their rooms have a row. Raises OverflowError for a time beyond the calendar."""
    polled: list[PolledState] = []
    unsettled: dict[int, datetime] = {}
    for each in said:
        if isinstance(each, RoomInfo):
            polled.append(_row(each))
        if (since := _unsettled_since(each)) is not None:
            unsettled[each.room_id] = min(since, unsettled.get(each.room_id, since))
    PolledState.objects.bulk_create(polled, ignore_conflicts=True)
    mark(unsettled.items())


def mark(unsettled: Iterable[tuple[int, datetime]]) -> None:
    """Rooms, each with the moment from which on its sessions may be others now."""
    table = UnsettledRoom._meta.db_table
    earlier = f"CASE WHEN excluded.since < {table}.since THEN excluded.since ELSE {table}.since END"
    increments.merge(UnsettledRoom, ("room_id",), {"since": earlier}, [[*each] for each in unsettled])


def _row(info: RoomInfo) -> PolledState:
    since = info.live_since if info.live_status == _LIVE else 0
    return PolledState(
        room_id=info.room_id, timestamp=moment(info.at), status=info.live_status, live_since_ms=since
    )


def _unsettled_since(said: AnyEvent) -> datetime | None:
    if isinstance(said, RoomInfo):
        return moment(min(said.at, said.live_since or said.at))
    if isinstance(said, Coverage) or (isinstance(said, RoomState) and said.what in _SETTLING):
        return moment(min(said.at, said.received_at))
    return None
