"""What tells that a room was on air, or that it was not. Pure: times are epoch ms by the site's clock."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

_SECOND = 1000
DAY = 86_400 * _SECOND
_FIRST_STREAM = 1_230_768_000 * _SECOND  #: 2009: before it nobody was live; what says so is no time


class What(IntEnum):
    """Their order is that of signs of one instant: an end belongs to what was before it."""

    ENDED = 0  #: PREPARING or CUT_OFF
    LIVE = 1  #: LIVE, which is sent several times for one start
    BEGAN = 2  #: a poll told that the stream began then
    ON = 3  #: a poll told that it is on air
    WATCHED = 4  #: until then the room was connected: what was on air still was
    OFF = 5  #: a poll told that it is not on air


class Sign(NamedTuple):
    at: int
    what: What
    key: str = ""  #: LIVE: live_key; ENDED: "preparing" or "cut_off"
    since: int = 0  #: ON: when the stream began; 0 = it was not told


POLLED = (What.ON, What.OFF)


def heard(what: str, value: str, at: int, received_at: int) -> list[Sign]:
    """Of a RoomState: "live", "preparing" or "cut_off".

    A message that claims to be a day away from when it arrived has a wrong time, and tells nothing.
    """
    if abs(at - received_at) > DAY:
        return []
    return [Sign(at, What.LIVE, value) if what == "live" else Sign(at, What.ENDED, what)]


def polled(at: int, is_live: bool, since: int) -> list[Sign]:
    """Of one answer."""
    if not is_live:
        return [Sign(at, What.OFF)]
    if since < _FIRST_STREAM:
        return [Sign(at, What.ON)]
    since = min(since, at)
    return [Sign(since, What.BEGAN, since=since), Sign(at, What.ON, since=since)]


def in_order(signs: Iterable[Sign]) -> list[Sign]:
    """Each once, by time, and of several LIVE of one instant one: the order of arrival decides nothing."""
    every = set(signs)
    lives = {sign.at: sign for sign in sorted(every) if sign.what == What.LIVE}
    return sorted(sign for sign in every if sign.what != What.LIVE or lives[sign.at] == sign)
