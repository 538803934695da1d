"""What was really written to authenticated connections: the exact figures a client is checked against.

Knows events by kind and key only; never sees a socket.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

DANMAKU = "danmaku"
GIFT = "gift"
SUPER_CHAT = "super_chat"
GUARD = "guard"
KINDS = (DANMAKU, GIFT, SUPER_CHAT, GUARD)

# Bounds of what `?connections=1` remembers: enough for a load test, no leak in a demo of days.
SENT_PER_CONNECTION = 200_000
CONNECTIONS_KEPT = 2_000


@dataclass(slots=True, eq=False)
class Event:
    """One thing that counts once, however many messages report it.

    `gold` is what it was counted with so far.
    """

    kind: str
    key: str
    gold: int = 0
    counted: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One message's word on an event.

    A price that is not `final` (GUARD_BUY's list price) yields to one that is.
    """

    event: Event
    gold: int = 0
    final: bool = True


@dataclass(slots=True)
class SentLog:
    """The (kind, key) pairs that one connection was sent, in order."""

    connection_id: int
    room_id: int
    uid: int
    sent: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=SENT_PER_CONNECTION))


class Ledger:
    """Distinct events written, by room and kind, with the revenue in gold seeds."""

    def __init__(self, room_ids: Iterable[int]) -> None:
        self._rooms = {room_id: dict.fromkeys((*KINDS, "gold"), 0) for room_id in room_ids}
        self._connections: deque[SentLog] = deque(maxlen=CONNECTIONS_KEPT)

    def open_log(self, connection_id: int, room_id: int, uid: int) -> SentLog:
        """The log of a newly authenticated connection."""
        log = SentLog(connection_id, room_id, uid)
        self._connections.append(log)
        return log

    def written(self, log: SentLog, reports: Iterable[Report]) -> None:
        """Count what a message reported, after its write was accepted."""
        totals = self._rooms[log.room_id]
        for report in reports:
            event = report.event
            log.sent.append((event.kind, event.key))
            if not event.counted:
                totals[event.kind] += 1
            if not event.counted or (report.final and not event.final):
                totals["gold"] += report.gold - event.gold
                event.gold, event.counted, event.final = report.gold, True, report.final

    def as_json(self, with_connections: bool) -> dict[str, object]:
        """The answer of GET /simulator/ledger."""
        answer: dict[str, object] = {
            "rooms": {str(room_id): totals for room_id, totals in self._rooms.items()}
        }
        if with_connections:
            answer["connections"] = [
                {"id": log.connection_id, "room": log.room_id, "uid": log.uid, "sent": list(log.sent)}
                for log in self._connections
            ]
        return answer
