"""Where the spans of one room end, as they were noted by clocks that may have been set meanwhile. Pure.

Each ends where the earliest of those noted after it begins. But what begins long before something noted
earlier was noted by another clock: that one was ahead, or this one is behind. The jump of a wrong clock
leaves a hole as large as itself, so those notes are believed that leave the smaller holes; where that decides
nothing, those that say more of being blind, else the later ones. The newest note is always believed.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

#: ms by which a note may begin before one noted earlier: what a lost connection proves reaches back so far.
SLACK = 300_000
_DECISIVE = 2  # times the squares of the holes


class Note(NamedTuple):
    """The beginning of a span."""

    begin: int  #: ms
    is_blind: bool


def ends(notes: Sequence[Note]) -> list[int | None]:
    """Of each, in ms, in the order of noting, in which they have to be given; None = it goes on.

    What is not believed ends where it begins.
    """
    believed = set(range(len(notes)))
    for block in _blocks(notes):
        believed -= block.doubted()
    return _ends(notes, believed, None)


def _ends(notes: Sequence[Note], believed: Iterable[int], last: int | None) -> list[int | None]:
    """``last``: where the last one ends."""
    found: list[int | None] = [note.begin for note in notes]
    for index in sorted(believed, reverse=True):
        begin = notes[index].begin
        found[index] = None if last is None else max(begin, last)
        last = begin if last is None else min(begin, last)
    return found


def _blocks(notes: Sequence[Note]) -> Iterator["_Block"]:
    """The parts in which notes contradict each other."""
    begins = [note.begin for note in notes]
    latest = [*accumulate(begins, max)]
    earliest = [*accumulate(reversed(begins), min)][::-1]
    start = 0
    for stop in range(1, len(notes) + 1):
        if stop < len(notes) and latest[stop - 1] > earliest[stop] + SLACK:
            continue
        if stop - start > 1:
            before = latest[start - 1] if start else earliest[0]
            yield _Block(notes, start, stop, before, earliest[stop] if stop < len(notes) else None)
        start = stop


class _Block:
    """Notes [start, stop) of a room, between others that begin ``before`` and ``after`` (None: no others)."""

    def __init__(self, notes: Sequence[Note], start: int, stop: int, before: int, after: int | None) -> None:
        self._notes = notes[start:stop]
        self._start = start
        self._before = before
        self._after = after

    def doubted(self) -> set[int]:
        later, closest = self._later(), self._closest()
        chosen = max((later, closest), key=self._blindness)
        if self._holes(later) > _DECISIVE * self._holes(closest):
            chosen = closest
        believed = self._believed(chosen)
        return {self._start + index for index in range(len(self._notes)) if index not in believed}

    def _later(self) -> list[int]:
        """The chain of those that nothing noted after them contradicts."""
        chain: list[int] = []
        limit = self._notes[-1].begin
        for index in range(len(self._notes) - 1, -1, -1):
            begin = self._notes[index].begin
            if begin <= limit + SLACK:
                chain.append(index)
                limit = min(limit, begin)
        return chain[::-1]

    def _closest(self) -> list[int]:
        """The chain with the least sum of squares of holes."""
        costs: list[int] = []
        via: list[int | None] = []
        by_begin: list[tuple[int, int]] = []
        for index, note in enumerate(self._notes):
            found: tuple[int, int | None] = _square(self._before, note.begin), None
            for earlier in self._from(by_begin, index):
                cost = costs[earlier] + _square(self._notes[earlier].begin, note.begin)
                found = min(found, (cost, earlier), key=lambda each: each[0])
            costs.append(found[0])
            via.append(found[1])
            insort(by_begin, (note.begin, index))
        return self._chain(self._last(costs), via)

    def _from(self, by_begin: Sequence[tuple[int, int]], index: int) -> Iterator[int]:
        """Which notes may come before this one in a chain, without those that have another one between."""
        newest = -1
        for place in range(bisect_right(by_begin, (self._notes[index].begin + SLACK, index)) - 1, -1, -1):
            earlier = by_begin[place][1]
            if earlier > newest:
                yield earlier
                newest = earlier
            if newest == index - 1:
                return

    def _last(self, costs: Sequence[int]) -> int:
        after, notes = self._after, self._notes
        if after is None:
            return len(notes) - 1
        return min(range(len(notes)), key=lambda index: costs[index] + _square(notes[index].begin, after))

    @staticmethod
    def _chain(last: int | None, via: Sequence[int | None]) -> list[int]:
        chain: list[int] = []
        while last is not None:
            chain.append(last)
            last = via[last]
        return chain[::-1]

    def _holes(self, chain: Sequence[int]) -> int:
        begins = [self._before, *(self._notes[index].begin for index in chain)]
        if self._after is not None:
            begins.append(self._after)
        return sum(_square(*pair) for pair in pairwise(begins))

    def _believed(self, chain: Sequence[int]) -> set[int]:
        """The chain, and what it does not contradict."""
        begins = {index: self._notes[index].begin for index in chain}
        latest, doubted = self._before, set()
        for index, note in enumerate(self._notes):
            latest = max(latest, begins.get(index, latest))
            if note.begin < latest - SLACK:
                doubted.add(index)
        earliest = self._notes[chain[-1]].begin if self._after is None else self._after
        for index in range(len(self._notes) - 1, -1, -1):
            earliest = min(earliest, begins.get(index, earliest))
            if self._notes[index].begin > earliest + SLACK:
                doubted.add(index)
        return set(range(len(self._notes))) - doubted

    def _blindness(self, chain: Sequence[int]) -> int:
        """ms of being blind, if the chain is right."""
        last = self._notes[-1].begin if self._after is None else self._after
        found = _ends(self._notes, self._believed(chain), last)
        told = zip(self._notes, found, strict=True)
        return sum(end - note.begin for note, end in told if note.is_blind and end is not None)


def _square(begin: int, end: int) -> int:
    return max(0, end - begin) ** 2
