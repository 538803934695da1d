"""The next piece of the event log, decoded as far as it can be. Knows Redis, not SQL."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bilibili_live.events import AnyEvent, News
from event_store import reader
from event_store.codec import Header, RoomCounts, UnknownSchema, decode, decode_header
from event_store.connect import Redis
from event_store.cursor import LogCursor
from event_store.partitions import Partition
from event_store.reader import Entry
from live_data.storing import counts
from live_data.storing.counts import Counts, Outcome
from live_data.storing.events import Arrival
from live_data.storing.positions import Range

#: Of one slice, more or less. What a transaction costs by itself, for each room and for each page of an index
#: that it touches, is shared by as many; it takes a second or two, and web pages that write wait for it.
EVENTS = 20_000
_BYTES = 32 << 20  # of one slice as well: 20,000 events have 3 MB, unless somebody makes them long
_ENTRIES_A_READ = 10  # batches have up to 1,000 events
_READS = 50
_NOTHING = RoomCounts(room_id=0, received=0)  # a header that does not speak of a room
_ALL = Partition()


@dataclass(frozen=True, slots=True)
class Piece:
    """One log entry, opened; of its events, those of a partition."""

    stream_id: str
    header: Header | None  #: None = unreadable
    events: list[AnyEvent] = field(default_factory=list)
    damage: str = ""  #: what is wrong with it, in one line
    partition: Partition = _ALL  #: of whose rooms the events are

    @property
    def arrivals(self) -> list[Arrival]:
        version = self.header.parser_version if self.header else 0
        return [Arrival(event, version) for event in self.events]

    @property
    def covered(self) -> list[Range]:
        """The journal range; none when the header is unreadable: then the journal is read again.

        A replay has none either: it says nothing of where its collector stands, or whether it lives.
        """
        if self.header is None or self.header.is_replay:
            return []
        header = self.header
        place = (header.collector, header.journal_from, header.journal_to, self.stream_id)
        return [Range(*place, is_damaged=bool(self.damage))]

    @property
    def news(self) -> list[tuple[News, int]]:
        """With the version of the parser. They are of no room."""
        if self.header is None or not self.partition.is_first:
            return []
        return [(news, self.header.parser_version) for news in self.header.news]

    def add_counts(self, total: Counts) -> None:
        """Adds all that the entry says of the partition's rooms, without what becomes of their events."""
        by_room = Counter(event.room_id for event in self.events)
        told = self.header.counts if self.header else []
        said = {each.room_id: each for each in told if self.partition.has(each.room_id)}
        lost = counts.DAMAGED if self.damage else counts.MISSING
        for room_id in by_room.keys() | said.keys():
            its = said.get(room_id, _NOTHING)
            place = counts.countable(room_id)
            counts.add_room(total, place, its.received, by_room[room_id], its.tally, lost=lost)
        if self.damage and self.partition.is_first:
            total[0, Outcome.UNDECODABLE.value, counts.DAMAGED] += 1


@dataclass(frozen=True, slots=True)
class Slice:
    """Pieces after a cursor."""

    pieces: list[Piece]
    problem: str = ""  #: why the log cannot be read beyond them, in one line
    is_last: bool = True  #: nothing was behind them when they were read


def read(client: Redis, after: LogCursor, partition: Partition = _ALL, events: int = EVENTS) -> Slice:
    """Up to ``events`` events of the partition, and some. Raises what redis raises."""
    pieces: list[Piece] = []
    found = size = 0
    for entry in _entries(client, after):
        if found >= events or size >= _BYTES:
            return Slice(pieces, is_last=False)
        try:
            pieces.append(_open(entry, partition))
        except UnknownSchema as newer:
            problem = f"log entry {entry.stream_id} was written by a newer version ({newer}); update this one"
            return Slice(pieces, problem)
        found += len(pieces[-1].events)
        size += sum(map(len, entry.fields.values()))
    return Slice(pieces, is_last=len(pieces) < _ENTRIES_A_READ * _READS)


def _entries(client: Redis, after: LogCursor) -> Iterator[Entry]:
    for _ in range(_READS):
        entries = reader.read(client, after, _ENTRIES_A_READ)
        yield from entries
        if len(entries) < _ENTRIES_A_READ:
            return
        after = LogCursor(after.incarnation, entries[-1].stream_id)


def _open(entry: Entry, partition: Partition) -> Piece:
    """Raises UnknownSchema: passing over what newer code can read would lose it."""
    try:
        batch = decode(entry.fields)
    except UnknownSchema:
        raise
    except _DAMAGES as error:
        return Piece(entry.stream_id, _header(entry), damage=_line(entry, error), partition=partition)
    events = batch.events
    if partition.count > 1:
        events = [event for event in events if partition.has(event.room_id)]
    return Piece(entry.stream_id, batch.header, events, partition=partition)


def _header(entry: Entry) -> Header | None:
    try:
        return decode_header(entry.fields)
    except _DAMAGES:
        return None


#: msgspec's errors are ValueErrors.
_DAMAGES = (ValueError, LookupError, RecursionError)


def _line(entry: Entry, error: Exception) -> str:
    return f"log entry {entry.stream_id} is damaged ({' '.join(str(error).split()) or type(error).__name__})"
