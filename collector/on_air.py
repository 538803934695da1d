"""Which rooms are on air, from whatever was said last. Pure; asks nobody."""

from collections.abc import Iterable

from bilibili_live.events import AnyEvent, RoomState
from bilibili_live.rooms import RoomSnapshot

_LIVE = 1


class OnAir:
    """By long id. What nobody has told yet counts as on air: nothing is to be missed for not knowing."""

    def __init__(self) -> None:
        self._off: set[int] = set()
        self._told_off: dict[int, int] = {}  # room -> which telling last said that it is off
        self.tellings = 0  #: so many snapshots were told

    def told(self, snapshot: RoomSnapshot) -> None:
        self.tellings += 1
        if snapshot.live_status != _LIVE:
            self._told_off[snapshot.room_id] = self.tellings
        self._set(snapshot.room_id, is_live=snapshot.live_status == _LIVE)

    def heard(self, events: Iterable[AnyEvent]) -> None:
        for event in events:
            if isinstance(event, RoomState) and event.what in ("live", "preparing"):
                self._set(event.room_id, is_live=event.what == "live")

    def is_live(self, room_id: int) -> bool:
        return room_id not in self._off

    def is_off_since(self, room_id: int, tellings: int) -> bool:
        """Whether a snapshot that was told after the first so many says so."""
        return room_id in self._off and self._told_off.get(room_id, 0) > tellings

    def _set(self, room_id: int, *, is_live: bool) -> None:
        if is_live:
            self._off.discard(room_id)
        else:
            self._off.add(room_id)
