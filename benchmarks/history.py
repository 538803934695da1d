"""A month of 200 rooms, made up: what the databases are filled with that benchmarks read and write.

Pure, the same for the same seed, in the order of time, about 333,000 events a day. Rooms, people and words
follow Zipf's law; rooms are loud while they are on air, most of them in the evening of Shanghai. A day begins
at six in the morning there, when hardly anyone is on air. Each hour is drawn by itself: a history of a tenth
of the rows is the last tenth of the whole, as dense.
"""

from bisect import bisect_left
from collections.abc import Iterator
from heapq import merge
from itertools import count, islice
from random import Random

from benchmarks.chat_texts import Vocabulary
from benchmarks.happenings import Crowd, Happenings, Streamer
from bilibili_live.events import AnyEvent, Coverage, RoomInfo, RoomState, event_id

ROOMS = 200
DAYS = 30
ROWS = 10_000_000
A_DAY = -(-ROWS // DAYS)  #: events, without what rooms themselves do
#: In ms: where the history ends, and what is synced into it begins; nine in the evening in Shanghai.
END = 1_793_538_000_000
BIGGEST_SHARE = 0.0376  #: of the largest room
SEED = 1

HOUR = 3_600_000
_DAY = 24 * HOUR
_SIX = END - 15 * HOUR
#: Zipf's exponent that makes the largest of 200 rooms as large as that.
_EXPONENT = 0.5026
_ROUND_THE_CLOCK = 20  #: every such room is on air all day long
_ALWAYS = 10  #: of the largest rooms, which have no day off
_DAY_OFF = 0.2


class History:
    """``History(seed)``: all of it that anybody asks for, made an hour at a time."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        self.vocabulary = Vocabulary(seed)
        self.rooms = _rooms(self.vocabulary, Random(f"rooms {seed}"))
        self._crowds = [Crowd(room, self.rooms[0].share, self.vocabulary) for room in self.rooms]
        self._last: _Day | None = None

    def past(self, rows: int) -> Iterator[AnyEvent]:
        """The last ``rows`` events before END, and before them what the site says of the rooms.

        What rooms do themselves comes on top: a few events in a thousand.
        """
        hour, skipped = 0, -rows
        while skipped < 0:
            hour -= 1
            skipped += len(self._day_of(hour).places(hour))
        yield from self._introductions(END + hour * HOUR)
        yield from islice(self.hour(hour), skipped, None)
        for later in range(hour + 1, 0):
            yield from self.hour(later)

    def following(self) -> Iterator[AnyEvent]:
        """What happens from END on, for ever."""
        for hour in count():
            yield from self.hour(hour)

    def hour(self, hour: int) -> Iterator[AnyEvent]:
        """Of the ``hour``-th since END; negative ones are before it."""
        random = Random(f"hour {self.seed} {hour}")
        day = self._day_of(hour)
        made = Happenings(random, self.vocabulary, self.rooms, self._crowds, hour)
        happening = (made.event(*divmod(place, ROOMS)) for place in day.places(hour))
        yield from merge(happening, day.states(hour), key=_at)
        yield from made.rest()

    def _day_of(self, hour: int) -> "_Day":
        return self._day((hour * HOUR + END - _SIX) // _DAY)

    def _day(self, number: int) -> "_Day":
        if self._last is None or self._last.number != number:
            self._last = _Day(number, self.rooms, Random(f"day {self.seed} {number}"))
        return self._last

    def _introductions(self, at: int) -> Iterator[AnyEvent]:
        for room in self.rooms:
            name = event_id(at, room.room_id, "coverage", ["covered", ""])
            yield Coverage(name, room.room_id, at, at, state="covered", cause="")
            yield RoomInfo(
                *(b"", room.room_id, at, at),
                short_id=0,
                uid=room.uid,
                uname=room.uname,
                face="",
                title=room.title,
                live_status=0,
                online=0,
                area_name="虚拟主播",
                parent_area_name="虚拟主播",
            )


class _Day:
    """Who is on air when, and at which moments something happens in which room."""

    def __init__(self, number: int, rooms: list[Streamer], random: Random) -> None:
        self.number = number  #: since the one that END is in
        self._on_air = [_sessions(room, random, _SIX + number * _DAY) for room in rooms]
        self._places = self._spread(rooms, random)
        states = [
            state for room, spans in zip(rooms, self._on_air, strict=True) for state in _states(room, spans)
        ]
        self._states = sorted(states, key=_at)

    def places(self, hour: int) -> list[int]:
        """Of an hour since END: each is its time in ms x ROOMS + the room's rank, in order."""
        begin = END + hour * HOUR
        return self._places[
            bisect_left(self._places, begin * ROOMS) : bisect_left(self._places, (begin + HOUR) * ROOMS)
        ]

    def states(self, hour: int) -> list[RoomState]:
        """What rooms themselves do in the hour."""
        begin = END + hour * HOUR
        return self._states[
            bisect_left(self._states, begin, key=_at) : bisect_left(self._states, begin + HOUR, key=_at)
        ]

    def _spread(self, rooms: list[Streamer], random: Random) -> list[int]:
        wanted = [
            room.share / _presence(room) if spans else 0.0
            for room, spans in zip(rooms, self._on_air, strict=True)
        ]
        total, owed, places = sum(wanted), 0.0, []
        for room, share, spans in zip(rooms, wanted, self._on_air, strict=True):
            owed += share / total * A_DAY
            some, owed = int(owed + 1e-6), owed % 1
            lengths = [end - start for start, end in spans]
            for start, end in random.choices(spans, lengths, k=some) if len(spans) > 1 else spans * some:
                places.append((start + int(random.random() * (end - start))) * ROOMS + room.rank)
        places.sort()
        return places


def _rooms(vocabulary: Vocabulary, random: Random) -> list[Streamer]:
    weights = [1 / (rank + 1) ** _EXPONENT for rank in range(ROOMS)]
    words = vocabulary.words
    return [
        Streamer(
            rank=rank,
            room_id=21_000_000 + rank * 7_919,
            uid=400_000_000 + rank * 104_729,
            uname="".join(random.choices(words, k=2)),
            title="".join(random.choices(words, k=5)),
            share=weight / sum(weights),
        )
        for rank, weight in enumerate(weights)
    ]


def _presence(room: Streamer) -> float:
    """On how many days of all it is on air."""
    return 1.0 if _is_daily(room) else 1 - _DAY_OFF


def _is_daily(room: Streamer) -> bool:
    return room.rank < _ALWAYS or room.rank % _ROUND_THE_CLOCK == _ROUND_THE_CLOCK - 1


def _sessions(room: Streamer, random: Random, day: int) -> list[tuple[int, int]]:
    """When the room is on air, [from, to) in ms, on the day that begins at ``day``."""
    if room.rank % _ROUND_THE_CLOCK == _ROUND_THE_CLOCK - 1:
        return [(day + HOUR, day + 23 * HOUR)]
    if not _is_daily(room) and random.random() < _DAY_OFF:
        return []
    # From the day's beginning at six: most begin about eight in the evening.
    start = day + int(min(17.5, max(5.0, random.gauss(14, 2))) * HOUR)
    evening = (start, start + int(random.uniform(2, 5.5) * HOUR))
    if random.random() < 0.85:
        return [evening]
    return [(day + 2 * HOUR, day + int(random.uniform(3, 4.5) * HOUR)), evening]


def _states(room: Streamer, spans: list[tuple[int, int]]) -> Iterator[RoomState]:
    for start, end in spans:
        key = str(start // 1000 * 1_000 + room.rank)
        for at, what, value in ((start, "live", key), (end, "preparing", "")):
            name = event_id(at, room.room_id, "room_state", [what, value])
            yield RoomState(name, room.room_id, at, at + 300, what=what, value=value, title=room.title)


def _at(event: AnyEvent) -> int:
    return event.at
