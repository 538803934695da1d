"""What a simulator sent on each connection beside what is in SQL: what is missing, and whether we know it.

A connection may lose the end of what was sent before its cut, and nothing else; and the time of what
it lost must be told as blind.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bilibili_live.events import EventKey, event_id
from live_data.instants import moment
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    GiftData,
    GuardReportData,
    RedPacketData,
    SuperChatData,
)
from live_data.models.event_row import EventRow
from live_data.reconciling.figures import KINDS, Figures
from live_data.revenue import COPY

_CHUNK = 500
_MOST_TOLD = 20

#: Many messages tell of one packet, and only the packet is looked for: any of them is as good as another.
_RED_PACKET = "red_packet"
#: May be stored though what was sent before is not: super chats of a gap are fetched from the site's list.
_FETCHED = frozenset({_RED_PACKET, "super_chat"})

_TABLES: dict[str, type[EventRow]] = {
    "danmaku": DanmakuData,
    "gift": GiftData,
    "super_chat": SuperChatData,
    "guard": GuardReportData,
}


class Sent(NamedTuple):
    """One report of an event, in the words of the simulator's ledger."""

    kind: str
    key: str
    at: int  #: ms, the event's own
    sent_at: int  #: ms
    gold: int
    final: bool  #: False: the list price of GUARD_BUY, which yields to a price paid
    buyer: Sequence[int]  #: uid and level, of guards

    def event_id(self, room_id: int) -> bytes:
        """The identity that this report has with us; a red packet's is its number's."""
        kind, key = self._identity
        return event_id(0 if kind == _RED_PACKET else self.at, room_id, kind, key)

    @property
    def _identity(self) -> tuple[str, EventKey]:
        if self.kind == "super_chat":
            return self.kind, int(self.key)
        if self.kind == _RED_PACKET:
            return self.kind, self.key
        if self.kind != "guard":
            return self.kind, self.key
        return ("guard_toast", self.key) if self.final else ("guard_bought", [*self.buyer])


class Connection(NamedTuple):
    """All that was sent on one connection, in order."""

    number: int
    room_id: int
    sent: list[Sent]


@dataclass(slots=True)
class Findings:
    """What a comparison found; the two lists are empty when all is well."""

    connections: int = 0
    sent: int = 0  #: reports
    missing: int = 0  #: reports that no row was made of
    not_a_suffix: list[str] = field(default_factory=list)
    not_blind: list[str] = field(default_factory=list)
    #: What SQL must show when exactly the missing reports are missing.
    expected: Figures = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return not self.unexplained

    @property
    def unexplained(self) -> int:
        """Reports that are missing where none may be."""
        return len({*self.not_a_suffix, *self.not_blind})

    def as_json(self) -> dict[str, object]:
        return {
            "connections": self.connections,
            "sent": self.sent,
            "missing": self.missing,
            "not_a_suffix": self.not_a_suffix[:_MOST_TOLD],
            "not_blind": self.not_blind[:_MOST_TOLD],
        }


class Told(NamedTuple):
    """What the site told over HTTP, whoever was connected: it may be stored, and need not be."""

    room_id: int
    kind: str
    key: str
    at: int  #: ms, the event's own
    gold: int

    @property
    def sent(self) -> Sent:
        return Sent(self.kind, self.key, self.at, self.at, self.gold, True, ())


def told(ledger: dict[str, Any]) -> list[Told]:
    """What a ledger says of HTTP."""
    return [Told(*entry) for entry in ledger["told"]]


def read(ledger: dict[str, Any]) -> list[Connection]:
    """The connections of a ledger. Raises ValueError when it has forgotten a part."""
    found = []
    for each in ledger["connections"]:
        if each["forgotten"]:
            raise ValueError(f"the simulator has forgotten {each['forgotten']} reports of a connection")
        found.append(Connection(each["id"], each["room"], [Sent(*entry) for entry in each["sent"]]))
    return found


def compared(connections: Sequence[Connection], told: Iterable[Told] = ()) -> Findings:
    """Everything that was sent, looked up; what was told may be there too."""
    findings = Findings(len(connections), sum(len(each.sent) for each in connections))
    heard = [*connections, *(Connection(0, each.room_id, [each.sent]) for each in told)]
    stored = _stored(heard)
    sent_on = Counter(
        event_id for each in connections for event_id in {sent.event_id(each.room_id) for sent in each.sent}
    )
    blind = _blind_spans({each.room_id for each in connections})
    for each in connections:
        _look(each, stored, sent_on, blind[each.room_id], findings)
    findings.expected = _expected(heard, stored)
    return findings


def _stored(connections: Sequence[Connection]) -> set[bytes]:
    by_kind: dict[str, set[bytes]] = defaultdict(set)
    for each in connections:
        for sent in each.sent:
            by_kind[sent.kind].add(sent.event_id(each.room_id))
    by_kind.pop(_RED_PACKET, None)
    rows = {identity for kind, wanted in by_kind.items() for identity in _existing(_TABLES[kind], wanted)}
    return rows | _red_packets({each.room_id for each in connections})


def _red_packets(room_ids: Iterable[int]) -> set[bytes]:
    lots = RedPacketData.objects.filter(room_id__in=list(room_ids)).values_list("room_id", "lot_id")
    return {event_id(0, room_id, _RED_PACKET, str(lot_id)) for room_id, lot_id in lots}


def _existing(table: type[EventRow], wanted: Iterable[bytes]) -> Iterator[bytes]:
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _CHUNK):
        rows = table._default_manager.filter(event_id__in=ordered[start : start + _CHUNK])
        found = {bytes(event_id) for event_id in rows.values_list("event_id", flat=True)}
        yield from found - _copies(found) if table is GuardReportData else found


def _copies(event_ids: Iterable[bytes]) -> set[bytes]:
    """Of these reports of guards: they tell of a purchase that another report has to open."""
    rows = GuardReportData.objects.filter(event_id__in=list(event_ids), source=COPY)
    return {bytes(event_id) for event_id in rows.values_list("event_id", flat=True)}


#: (beginning, end) in ms; without an end it lasts.
_Spans = list[tuple[float, float]]


def _blind_spans(room_ids: Iterable[int]) -> dict[int, _Spans]:
    spans: dict[int, _Spans] = defaultdict(list)
    rows = CoverageSpan.objects.filter(state="blind", room_id__in=list(room_ids))
    for room_id, start, end in rows.order_by("timestamp").values_list("room_id", "timestamp", "end"):
        spans[room_id].append((start.timestamp() * 1000, end.timestamp() * 1000 if end else float("inf")))
    return spans


def _look(
    connection: Connection, stored: set[bytes], sent_on: Counter[bytes], blind: _Spans, findings: Findings
) -> None:
    first_missing: Sent | None = None
    seen: set[bytes] = set()
    for sent in connection.sent:
        identity = sent.event_id(connection.room_id)
        is_again = identity in seen
        seen.add(identity)
        if identity not in stored:
            first_missing = first_missing or sent
            findings.missing += 1
            if not any(start <= sent.sent_at < end for start, end in blind):
                findings.not_blind.append(_line(connection, sent))
        elif first_missing and not is_again and sent_on[identity] == 1 and sent.kind not in _FETCHED:
            # Stored though an earlier one is not; unless another connection brought it, or this one before:
            # a gift in its other form, a second push.
            findings.not_a_suffix.append(_line(connection, first_missing))
            first_missing = None


def _line(connection: Connection, sent: Sent) -> str:
    when = moment(sent.sent_at).strftime("%H:%M:%S.%f")[:-3]
    return f"room {connection.room_id}, connection {connection.number}: {sent.kind} {sent.key} sent at {when}"


def _expected(connections: Sequence[Connection], stored: set[bytes]) -> Figures:
    """Counts and gold of what was reported and stored: a price paid wins over a list price."""
    gold: dict[tuple[int, str, str], tuple[bool, int]] = {}
    figures: Figures = {}
    for each in connections:
        figures.setdefault(each.room_id, dict.fromkeys(KINDS, 0))
        for sent in each.sent:
            if sent.event_id(each.room_id) in stored:
                key = each.room_id, sent.kind, sent.key
                gold[key] = max(gold.get(key, (False, 0)), (sent.final, sent.gold))
    for (room_id, kind, _), (_, paid) in gold.items():
        figures[room_id][kind] += 1
        figures[room_id]["gold"] += paid
    return figures
