"""What befalls a room on demand: it goes on air or off, it gets another title, area, cover, or other figures.

With the message that a connected client hears, or in silence, so that only the HTTP answers tell.
"""

import time

from simulator.message import plain
from simulator.messages import room_news
from simulator.player import RoomPlay
from simulator.rooms import Room

TEXTS = ("title", "cover", "uname")
NUMBERS = ("followers", "guards", "online", "watched", "likes")
LIVE = 1


class BadChange(ValueError):
    """What is asked for is no state of a room."""


def set_status(play: RoomPlay, status: object, *, silent: bool, keyless: bool = False) -> None:
    """0 off, 1 live, 2 replay; ``keyless``: LIVE comes without live_key. Raises BadChange."""
    if isinstance(status, bool) or status not in (0, 1, 2):
        raise BadChange(f"on_air is 0, 1 or 2, not {status!r}")
    room, now = play.room, time.time_ns() // 10**9
    room.live_status = int(str(status))
    if room.live_status != LIVE:
        room.live_time = 0
        if not silent:
            play.send([plain(room_news.preparing(room, _round(room)))])
        return
    room.live_time, room.live_key = now, str(now * 400_000_000)
    if not silent:
        copies = [room_news.live(room, is_first=is_first) for is_first in (True, False, False)]
        dropped = ("live_key", "sub_session_key") if keyless else ()
        play.send([plain({name: copy[name] for name in copy if name not in dropped}) for copy in copies])


def _round(room: Room) -> dict[str, object]:
    return {"round": 1} if room.live_status else {}


def change(play: RoomPlay, asked: object, *, silent: bool) -> None:
    """{"title", "cover", "uname", "area": [id, name, parent id, parent], figures}. Raises BadChange."""
    if not isinstance(asked, dict) or not asked or asked.keys() - {*TEXTS, *NUMBERS, "area"}:
        raise BadChange(f"change wants some of {', '.join((*TEXTS, 'area', *NUMBERS))}")
    for name in TEXTS:
        if not isinstance(asked.get(name, ""), str):
            raise BadChange(f"{name} is text")
    for name in NUMBERS:
        if isinstance(asked.get(name, 0), bool) or not isinstance(asked.get(name, 0), int):
            raise BadChange(f"{name} is a whole number")
    if "area" in asked:
        play.room.area = _area(asked["area"])
    for name in asked.keys() - {"area"}:
        setattr(play.room, name, asked[name])
    if not silent:
        # The real message has no cover, no name and no figures either.
        play.send([plain(room_news.room_change(play.room))])


def _area(given: object) -> tuple[int, str, int, str]:
    match given:
        case [int(area_id), str(area), int(parent_id), str(parent)]:
            return area_id, area, parent_id, parent
    raise BadChange("area is [id, name, id of the parent, its name]")
