"""Decoded events of all rooms on their way to one log entry. Pure."""

from collections.abc import Iterable

from bilibili_live.events import AnyEvent, Decoded, News, Oddity
from bilibili_live.protocol.samples import redacted
from event_store.codec import Batch, Header, RoomCounts

MOST_NEWS = 50  #: names of one batch and kind; the rest is counted as OTHER
OTHER = "(other)"


class Gathering:
    """Collects until cut() makes a batch of it."""

    def __init__(self, collector: str) -> None:
        self._collector = collector
        self._events: list[AnyEvent] = []
        self._counts: dict[int, RoomCounts] = {}
        self._news: dict[str, dict[str, News]] = {}

    def __len__(self) -> int:
        """Events gathered."""
        return len(self._events)

    @property
    def is_empty(self) -> bool:
        """Nothing at all, not even a count."""
        return not self._counts

    def add(self, room_id: int, decoded: Decoded) -> None:
        counts = self._counts.get(room_id)
        if counts is None:
            counts = self._counts[room_id] = RoomCounts(room_id=room_id, received=0)
        tally = decoded.tally
        counts.received += len(decoded.events)
        if tally.ignored or tally.rejected or tally.undecodable or tally.repeated:
            counts.received += sum(tally.ignored.values()) + sum(tally.rejected.values()) + tally.repeated
            counts.tally.add(tally)
        self._events += decoded.events
        if decoded.oddities:
            self._hear(decoded.oddities)

    def _hear(self, oddities: Iterable[Oddity]) -> None:
        """Redacting costs a tenth of a millisecond: it is done for the first of a name only."""
        for oddity in oddities:
            of_kind = self._news.setdefault(oddity.kind, {})
            name = oddity.name if oddity.name in of_kind or len(of_kind) < MOST_NEWS else OTHER
            known = of_kind.get(name)
            if known is None:
                of_kind[name] = _news(oddity, name)
            else:
                known.count += 1
                known.at, known.last_at = min(known.at, oddity.at), max(known.last_at, oddity.at)

    def cut(self, journal_from: int, journal_to: int) -> Batch:
        """The batch of what was gathered, and an empty gathering again."""
        header = Header(
            collector=self._collector,
            journal_from=journal_from,
            journal_to=journal_to,
            counts=list(self._counts.values()),
            news=[news for of_kind in self._news.values() for news in of_kind.values()],
        )
        batch = Batch(header=header, events=self._events)
        self.clear()
        return batch

    def clear(self) -> None:
        self._events = []
        self._counts = {}
        self._news = {}


def _news(oddity: Oddity, name: str) -> News:
    sample = redacted(oddity.said) if name != OTHER else ""
    return News(kind=oddity.kind, name=name, at=oddity.at, last_at=oddity.at, count=1, sample=sample)
