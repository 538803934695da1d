"""What was really written to authenticated connections: the exact figures a client is checked against.

Knows events by kind and key only; never sees a socket.
"""

import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

DANMAKU = "danmaku"
GIFT = "gift"
SUPER_CHAT = "super_chat"
GUARD = "guard"
RED_PACKET = "red_packet"  # what is paid for one is no revenue
KINDS = (DANMAKU, GIFT, SUPER_CHAT, GUARD, RED_PACKET)

# Bounds of what `?connections=1` remembers: enough for a load test, no leak in a demo of days.
SENT_PER_CONNECTION = 50_000
CONNECTIONS_KEPT = 2_000


@dataclass(slots=True, eq=False)
class Event:
    """One thing that counts once, however many messages report it.

    `buyer` of a guard is (uid, level), which is all that GUARD_BUY names it by. `gold` is what it was counted
    with so far.
    """

    kind: str
    key: str
    buyer: tuple[int, int] = (0, 0)
    gold: int = 0
    counted: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One message's word on an event.

    A price that is not `final` (GUARD_BUY's list price) yields to one that is. `at` is the event's own time
    in ms, as this message has it.
    """

    event: Event
    gold: int = 0
    final: bool = True
    at: int = 0


class Sent(NamedTuple):
    """One report as it went out on one connection."""

    kind: str
    key: str
    at: int  #: ms, the event's own as this report has it
    sent_at: int  #: ms, when the write was accepted
    gold: int
    final: bool
    buyer: tuple[int, int]


@dataclass(slots=True)
class SentLog:
    """What one connection was sent, in order; `forgotten` is how much of its beginning is kept no more."""

    connection_id: int
    room_id: int
    uid: int
    host: int
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=SENT_PER_CONNECTION))
    forgotten: int = 0

    def add(self, sent: Sent) -> None:
        """The newest."""
        self.forgotten += len(self.sent) == SENT_PER_CONNECTION
        self.sent.append(sent)


class Ledger:
    """Distinct events written, by room and kind, with the revenue in gold seeds."""

    def __init__(self, room_ids: Iterable[int]) -> None:
        self._rooms = {room_id: dict.fromkeys((*KINDS, "gold"), 0) for room_id in room_ids}
        self._connections: deque[SentLog] = deque(maxlen=CONNECTIONS_KEPT)

    def open_log(self, connection_id: int, room_id: int, uid: int, host: int = 0) -> SentLog:
        """The log of a newly authenticated connection to the ``host``-th danmaku server."""
        log = SentLog(connection_id, room_id, uid, host)
        self._connections.append(log)
        return log

    def written(self, log: SentLog, reports: Sequence[Report]) -> None:
        """Count what a message reported, after its write was accepted."""
        if not reports:
            return
        totals, now_ms = self._rooms[log.room_id], time.time_ns() // 10**6
        for report in reports:
            event = report.event
            sent = event.kind, event.key, report.at, now_ms, report.gold, report.final, event.buyer
            log.add(Sent(*sent))
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
                {
                    "id": log.connection_id,
                    "room": log.room_id,
                    "uid": log.uid,
                    "host": log.host,
                    "sent": list(log.sent),
                    "forgotten": log.forgotten,
                }
                for log in self._connections
            ]
        return answer
