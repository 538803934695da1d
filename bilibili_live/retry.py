"""When to try again after a failure. Pure: one function, and the figures behind it."""

from collections.abc import Callable

from bilibili_live.errors import BilibiliError, RiskControl, RoomLocked, RoomNotFound

_FIRST = 1.0  #: s
_LONGEST = 300.0
_RISK = 600.0  #: when the error does not say how long
_RISK_MARGIN = 1.1  #: a little longer than the site is left alone, so that the retry is let through
_RISK_LOOPBACK = 5.0
_NO_ROOM = 3600.0
_NO_ROOM_LOOPBACK = 10.0


def retry_delay(
    error: BilibiliError, attempt: int, random: Callable[[], float], *, loopback: bool = False
) -> float:
    """Seconds until the next attempt. ``attempt`` counts from 0 since the last message.

    Doubles from 1 s to 5 min, half of it left to chance, so that rooms which were cut together do
    not come back together. A refusal is waited out as long as it lasts; a look-alike on loopback
    forgives sooner.
    """
    if isinstance(error, RiskControl):
        pause = error.seconds or (_RISK_LOOPBACK if loopback else _RISK)
        return pause * _RISK_MARGIN * (1 + random() / 4)
    if isinstance(error, RoomNotFound | RoomLocked):
        return (_NO_ROOM_LOOPBACK if loopback else _NO_ROOM) * (1 + random() / 4)
    delay = min(_LONGEST, _FIRST * 2.0 ** min(attempt, 16))
    return delay * (0.5 + random() / 2)
