"""Rows of rooms: made when a room is first heard of, and folded from what is said of it.

Only what is newer than a row's ``as_of`` changes it, so that old frames read again turn nothing back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bilibili_live.events import RoomInfo, RoomState
from live_data import revenue
from live_data.instants import moment
from live_data.models import GiftData, LiveRoom
from live_data.storing.rollups import Deltas

_FOLDED = (
    "short_id",
    "uid",
    "title",
    "uname",
    "face",
    "online",
    "status",
    "area_name",
    "parent_area_name",
    "cover",
    "followers",
    "as_of",
    "updated_at",
)
#: What an older answer may fill in.
_FILLED = ("short_id", "uid", "title", "uname", "face", "cover", "followers")
_AREA = ("area_name", "parent_area_name")


def rooms_of(room_ids: Iterable[int]) -> dict[int, LiveRoom]:
    """Their rows, by long id; those not known yet are made."""
    wanted = set(room_ids)
    found = {room.room_id: room for room in LiveRoom.objects.filter(room_id__in=wanted)}
    if missing := wanted - found.keys():
        new = [LiveRoom(room_id=room_id) for room_id in sorted(missing)]
        LiveRoom.objects.bulk_create(new, ignore_conflicts=True)  # a page may add the same one now
        found |= {room.room_id: room for room in LiveRoom.objects.filter(room_id__in=missing)}
    return found


def fold(
    rooms: Mapping[int, LiveRoom], said: Iterable[RoomInfo | RoomState], now: datetime, deltas: Deltas
) -> None:
    """Into the rows, which are saved; gifts are valued anew where the anchor became known."""
    anchors = {room_id: room.uid for room_id, room in rooms.items()}
    changed: dict[int, LiveRoom] = {}
    for each in sorted(said, key=lambda event: event.at):
        room = rooms[each.room_id]
        if _fold(room, each):
            room.updated_at = now
            changed[room.room_id] = room
    for room in changed.values():
        # Not bulk_update: with so many columns it compiles longer than all of these statements take.
        room.save(update_fields=_FOLDED)
        if room.uid is not None and room.uid != anchors[room.room_id]:
            revalue(room.room_id, room.uid, deltas)


def revalue(room_id: int, anchor_uid: int, deltas: Deltas) -> None:
    """Gifts that were stored before the anchor was known, and their rollups."""
    gifts = revenue.revalued_gifts(room_id, anchor_uid)
    for gift in gifts:
        deltas.add_row(gift, -1)
        gift.gold = revenue.of_gift(gift, anchor_uid)
        deltas.add_row(gift)
    GiftData.objects.bulk_update(gifts, ["gold"], batch_size=500)


def _fold(room: LiveRoom, said: RoomInfo | RoomState) -> bool:
    """Whether anything changed."""
    at = moment(said.at)
    if room.as_of is not None and at <= room.as_of:
        return isinstance(said, RoomInfo) and _fill(room, said)
    if isinstance(said, RoomInfo):
        _fold_info(room, said)
    elif said.what in _STATES:
        _STATES[said.what](room, said)
    else:
        return False
    room.as_of = at
    return True


def _fill(room: LiveRoom, info: RoomInfo) -> bool:
    """As long as no answer has told of a room, an older one does: a stream may be heard of before the site
    was asked who streams. What messages have told meanwhile stays. Whether anything was filled in."""
    if room.uid is not None or info.uid is None:
        return False
    names = [name for name in _FILLED if not getattr(room, name)]
    if not (room.area_name or room.parent_area_name):  # the one belongs to the other
        names += _AREA
    for name in names:
        setattr(room, name, getattr(info, name))
    return True


def _fold_info(room: LiveRoom, info: RoomInfo) -> None:
    room.uid, room.short_id = info.uid or room.uid, info.short_id or room.short_id
    room.title, room.uname, room.online = info.title, info.uname or room.uname, info.online
    room.face = info.face or room.face  # not every answer of the site has it
    room.cover, room.followers = info.cover or room.cover, info.followers or room.followers
    room.status = info.live_status
    room.area_name, room.parent_area_name = info.area_name, info.parent_area_name


def _live(room: LiveRoom, _: RoomState) -> None:
    room.status = LiveRoom.Status.LIVE


def _preparing(room: LiveRoom, state: RoomState) -> None:
    room.status = LiveRoom.Status.REPLAY if state.value == "1" else LiveRoom.Status.OFFLINE


def _change(room: LiveRoom, state: RoomState) -> None:
    room.title = state.title or room.title
    room.area_name = state.area_name or room.area_name
    room.parent_area_name = state.parent_area_name or room.parent_area_name


_STATES = {"live": _live, "preparing": _preparing, "change": _change}
