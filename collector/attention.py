"""How long a frame may have waited before it was read: the machine may have slept. Pure.

Must not know what is in the frames, nor whose they are.
"""

#: ms that a frame waits for us at most while we run. More is the site's clock that is wrong.
LONGEST_LAG = 60_000


class Attention:
    """Of one process. It has to be told often, by whoever does something, what time it is."""

    __slots__ = ("_away_since", "_back_at", "_seen")

    def __init__(self) -> None:
        self._seen = 0
        self._away_since = self._back_at = 0

    def at(self, now: int) -> None:
        """``now`` in ms of our clock."""
        if self._seen and now - self._seen > LONGEST_LAG:
            self._away_since, self._back_at = self._seen, now
        elif now < self._back_at:
            self._away_since = self._back_at = 0  # our clock was set back
        self._seen = now

    def oldest(self, received_at: int) -> int:
        """ms before which no frame was sent that is read at ``received_at``.

        For a while after we were away that is before it: the frames of the time meanwhile are read then.
        """
        is_just_back = self._back_at <= received_at < self._back_at + LONGEST_LAG
        return (self._away_since if is_just_back else received_at) - LONGEST_LAG
