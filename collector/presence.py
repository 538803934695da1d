"""Whether a room that is watched only while it is live shall be connected now. Pure: no clock, no I/O.

What is not known counts as live: rather connected for nothing than blind.
"""

from dataclasses import dataclass
from enum import Enum

NEVER = float("-inf")
STALE_SECONDS = 300.0  #: without an answer for so long, nobody knows how the room is


class Decision(Enum):
    UNKNOWN = "unknown"  #: nobody has asked yet
    CONNECT = "connect"
    WAIT = "wait"


@dataclass(slots=True)
class Sighting:
    """What polling has found out about one number. Times are seconds of one monotonic clock."""

    asked_at: float = NEVER
    answered_at: float = NEVER
    live_at: float = NEVER  #: when an answer last said that it is live
    is_live: bool = False
    room_id: int = 0  #: the long id; 0 = no answer yet

    def answered(self, room_id: int, is_live: bool, now: float) -> None:
        self.room_id, self.is_live = room_id, is_live
        self.asked_at = self.answered_at = now
        if is_live:
            self.live_at = now


def decide(seen: Sighting | None, now: float, grace: float) -> Decision:
    """``grace``: s that a connected room stays so after its end, because the poll flaps for a while then."""
    if seen is None or seen.asked_at == NEVER:
        return Decision.UNKNOWN
    if now - seen.answered_at > STALE_SECONDS or seen.is_live or now - seen.live_at < grace:
        return Decision.CONNECT
    return Decision.WAIT
