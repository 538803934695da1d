"""By how much our clock differs from the site's, from the Date header of its answers. Pure.

The header has whole seconds and is made somewhere between question and answer: each answer gives bounds,
and several together narrow them.
"""

from email.utils import parsedate_to_datetime
from typing import NamedTuple

_SECOND = 1000  #: ms


class Offset(NamedTuple):
    """The site's clock minus ours lies between these, in ms."""

    low: int
    high: int

    @property
    def middle(self) -> int:
        return (self.low + self.high) // 2


class SiteClock:
    """What the answers since the last reset() say together."""

    def __init__(self) -> None:
        self.offset: Offset | None = None  #: None: nothing has been heard yet

    def heard(self, date: str, asked_at: int, answered_at: int) -> None:
        """``date``: the header as sent; when we asked and when we had the answer, in ms of our clock."""
        try:
            said = round(parsedate_to_datetime(date).timestamp() * _SECOND)
        except (ValueError, OverflowError):  # none, or nonsense
            return
        bounds = Offset(said - answered_at, said + _SECOND - asked_at)
        if bounds.low > bounds.high:
            return  # our clock was set while we waited
        self.offset = _both(self.offset, bounds) if self.offset else bounds

    def reset(self) -> None:
        """Our clock was set: what was heard before says nothing any more."""
        self.offset = None


def _both(known: Offset, new: Offset) -> Offset:
    """Where they agree; the new one when they do not: a clock that runs wrong, or was set a little."""
    both = Offset(max(known.low, new.low), min(known.high, new.high))
    return both if both.low <= both.high else new
