"""Which rooms one of several syncs works for: all read the same log, and each stores what is of its rooms.

The log is not divided: collectors, live pages and its order know nothing of it. Reading what is another's
costs a fortieth of storing it.
"""

from dataclasses import dataclass


def number_of(room_id: int, count: int) -> int:
    """The partition of a room, of so many. Room 0, for what belongs to no room, is in the first one."""
    return room_id % count


@dataclass(frozen=True, slots=True)
class Partition:
    """The rooms whose numbers leave the same remainder. Of one partition: all of them."""

    number: int = 0  #: from 0
    count: int = 1  #: how many there are

    def has(self, room_id: int) -> bool:
        return number_of(room_id, self.count) == self.number

    @property
    def is_first(self) -> bool:
        return self.number == 0
