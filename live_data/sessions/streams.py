"""Signs into streams: when a room was on air without a break, and how each edge is known. Pure.

A message (LIVE, PREPARING, CUT_OFF) counts more than a poll, which may be late, or flap for a while after an
end. An end that nobody saw is put where it surely was off, if that is soon after the last sign of it, else
at that last sign: rather too short than hours too long.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from live_data.sessions.signs import POLLED, Sign, What

_MINUTE = 60_000
LATE = 2 * _MINUTE  #: so long after LIVE a poll may still say that the room is off
FLAPS = 10 * _MINUTE  #: so long after an end polls may say that the stream goes on
UNSEEN = 15 * _MINUTE  #: polls are written down every ten minutes at least while the collector runs
_NEAR = _MINUTE  #: LIVE and the time that the site gives for the begin

LIVE, LIVE_TIME, POLL = "live", "live_time", "poll"
"""How a begin is known: seen; inferred from what the site says of it; from the first poll."""
PREPARING, CUT_OFF, OFF, NEXT, LAST_SIGN = "preparing", "cut_off", "off", "next", "last_sign"
"""How an end is known: the first two are seen; a poll; the next stream began; nothing after the last sign."""

SEEN = frozenset({LIVE, PREPARING, CUT_OFF})


class Stream(NamedTuple):
    """Times are epoch ms."""

    begin: int
    end: int | None  #: None = it goes on
    begin_by: str
    end_by: str  #: empty while it goes on
    key: str  #: live_key; empty = nobody said it
    sinces: frozenset[int]  #: when the site said that it began
    last_sign: int


class Folded(NamedTuple):
    streams: list[Stream]
    redundant: list[Sign]  #: polls between two alike: without them the streams are the same


@dataclass(slots=True)
class _Stream:
    begin: int
    begin_by: str
    key: str = ""
    last_sign: int = 0
    last_live: int = 0
    end: int | None = None
    end_by: str = ""
    sinces: set[int] = field(default_factory=set)


def fold(signs: Sequence[Sign]) -> Folded:
    """``signs`` in order. What follows a moment changes no stream that was followed by another before it."""
    folding = _Folding()
    idle = [not folding.take(sign) for sign in signs]
    return Folded(folding.streams(), list(_redundant(signs, idle)))


def _redundant(signs: Sequence[Sign], idle: Sequence[bool]) -> Iterable[Sign]:
    told = [(sign, at_rest) for sign, at_rest in zip(signs, idle, strict=True) if sign.what != What.BEGAN]
    for before, (sign, at_rest), after in zip(told, told[1:], told[2:], strict=False):
        is_between = (
            before[0][1:] == sign[1:] == after[0][1:]  # the same but for the time
        )
        if at_rest and sign.what in POLLED and is_between:
            yield sign


class _Folding:
    def __init__(self) -> None:
        self._all: list[_Stream] = []

    def streams(self) -> list[Stream]:
        return [
            Stream(
                each.begin,
                each.end,
                each.begin_by,
                each.end_by,
                each.key,
                frozenset(each.sinces),
                max(each.begin, each.last_sign),
            )
            for each in self._all
        ]

    def take(self, sign: Sign) -> bool:
        """Whether it changed more than the last sign of a stream."""
        return _TAKE[sign.what](self, sign)

    @property
    def _on(self) -> _Stream | None:
        return self._all[-1] if self._all and self._all[-1].end is None else None

    def _open(self, at: int, by: str, key: str = "") -> _Stream:
        self._all.append(_Stream(at, by, key, last_sign=at))
        return self._all[-1]

    def _close_unseen(self, stream: _Stream, surely_off: int, by: str) -> None:
        if surely_off - stream.last_sign <= UNSEEN:
            stream.end, stream.end_by = surely_off, by
        else:
            stream.end, stream.end_by = stream.last_sign, LAST_SIGN

    def live(self, sign: Sign) -> bool:
        stream = self._on
        if stream is not None and self._is_another(stream, sign):
            self._close_unseen(stream, sign.at, NEXT)
            stream = None
        if stream is None:
            stream = self._open(sign.at, LIVE, sign.key)
        elif sign.at - stream.begin <= _NEAR:
            stream.begin_by = LIVE
        stream.key = stream.key or sign.key
        stream.last_sign = stream.last_live = sign.at
        return True

    def _is_another(self, stream: _Stream, live: Sign) -> bool:
        """Where a key is missing, it is another one when nothing was seen of the running one for long."""
        if live.key and stream.key:
            return live.key != stream.key
        return live.at - stream.last_sign > UNSEEN

    def ended(self, sign: Sign) -> bool:
        stream = self._all[-1] if self._all else None
        if stream is None or (stream.end is not None and not self._yields(stream, sign.at)):
            return False
        stream.end, stream.end_by, stream.last_sign = sign.at, sign.key, sign.at
        return True

    def _yields(self, stream: _Stream, at: int) -> bool:
        """An end that was inferred gives way to one that is seen soon after it."""
        return stream.end is not None and stream.end_by not in SEEN and at - stream.end <= FLAPS

    def began(self, sign: Sign) -> bool:
        stream = self._on
        if stream is not None and not self._is_known(stream, sign.since):
            self._close_unseen(stream, sign.since, NEXT)
            stream = None
        if stream is None:
            stream = self._open(sign.since, LIVE_TIME)
        stream.sinces.add(sign.since)
        return True

    def _is_known(self, stream: _Stream, since: int) -> bool:
        return since - stream.begin <= _NEAR or since - stream.last_live <= _NEAR

    def on(self, sign: Sign) -> bool:
        stream = self._all[-1] if self._all else None
        if stream is not None and stream.end is None:
            stream.last_sign = sign.at
            return False
        if stream is not None and stream.end is not None:
            if stream.end_by not in SEEN and sign.since and sign.since in stream.sinces:
                stream.end, stream.end_by, stream.last_sign = None, "", sign.at  # it never ended
                return True
            if sign.at - stream.end <= FLAPS:
                return False
        self._open(sign.at, POLL).sinces.update({sign.since} - {0})
        return True

    def watched(self, sign: Sign) -> bool:
        if (stream := self._on) is not None:
            stream.last_sign = sign.at
        return True

    def off(self, sign: Sign) -> bool:
        stream = self._on
        if stream is None or (stream.last_live and sign.at - stream.last_live <= LATE):
            return False
        self._close_unseen(stream, sign.at, OFF)
        return True


_TAKE = {
    What.ENDED: _Folding.ended,
    What.LIVE: _Folding.live,
    What.BEGAN: _Folding.began,
    What.ON: _Folding.on,
    What.WATCHED: _Folding.watched,
    What.OFF: _Folding.off,
}
