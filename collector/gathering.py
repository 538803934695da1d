"""Decoded events of all rooms on their way to one log entry. Pure."""

from bilibili_live.events import AnyEvent, Decoded
from event_store.codec import Batch, Header, RoomCounts


class Gathering:
    """Collects until cut() makes a batch of it."""

    def __init__(self, collector: str) -> None:
        self._collector = collector
        self._events: list[AnyEvent] = []
        self._counts: dict[int, RoomCounts] = {}

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
        if tally.ignored or tally.rejected or tally.undecodable:
            counts.received += sum(tally.ignored.values()) + sum(tally.rejected.values())
            counts.tally.add(tally)
        self._events += decoded.events

    def cut(self, journal_from: int, journal_to: int) -> Batch:
        """The batch of what was gathered, and an empty gathering again."""
        header = Header(
            collector=self._collector,
            journal_from=journal_from,
            journal_to=journal_to,
            counts=list(self._counts.values()),
        )
        batch = Batch(header=header, events=self._events)
        self.clear()
        return batch

    def clear(self) -> None:
        self._events = []
        self._counts = {}
