"""What the collector's journal holds, and how a record is read: live and when it is read again.

A record yields the same events each time: their times and ids come from the record alone.
"""

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from itertools import accumulate
from typing import Annotated

import msgspec

from bilibili_live.events import Clock, Coverage, Decoded, Gauge, RoomInfo, Tally, event_id
from bilibili_live.protocol.commands import decode_frame, decode_message
from bilibili_live.protocol.fields import Json
from bilibili_live.rooms import RoomSnapshot
from journal.record import Record

_Figure = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]  # what SQL holds

_MOST_SUPER_CHATS = 500  # a room shows a few dozen
_MOST_BYTES = 8 << 20  # of them; a record of the journal has a bound


class Kind(IntEnum):
    FRAME = 1  #: a WebSocket message as received
    COVERAGE = 2  #: JSON of CoverageNote
    ROOM_INFO = 3  #: JSON of RoomSnapshot
    FIGURES = 4  #: JSON {gauge: value} of one room
    CLOCK = 5  #: JSON of ClockNote
    SUPER_CHATS = 6  #: JSON list of what SUPER_CHAT_MESSAGE has in ``data``, as the site answered it
    NUMBERED = 7  #: JSON number: ``noted`` of the newest COVERAGE, while that lies in the future


STEP = "step"
OFFSET = "offset"

COVERED = "covered"
DEGRADED = "degraded"
BLIND = "blind"


class CoverageNote(msgspec.Struct, frozen=True, omit_defaults=True):
    state: str
    cause: str
    detail: str
    since: int = 0  #: ms; 0 = when the record was received
    noted: int = 0  #: ms; tells which of two notes is the later one, also when the clock was set back


class ClockNote(msgspec.Struct, frozen=True):
    """Of a collector's clock, as its event says it."""

    collector: str
    what: str
    ms: int
    uncertain_ms: int = 0


def clock(at: int, note: ClockNote) -> Record:
    return Record(Kind.CLOCK, at, 0, 0, msgspec.json.encode(note))


def coverage(room_id: int, at: int, note: CoverageNote, now: int) -> Record:
    """``at``: ms since when it is so; ``now``: when it is written down."""
    since = msgspec.structs.replace(note, since=at)
    return Record(Kind.COVERAGE, now, room_id, 0, msgspec.json.encode(since))


def numbered_until(noted: int, now: int) -> Record:
    """``noted``: ms that no note of coverage is numbered later than."""
    return Record(Kind.NUMBERED, now, 0, 0, msgspec.json.encode(noted))


def numbered(record: Record) -> int:
    """ms that it says a note of coverage is numbered with; 0 = it says nothing of that, or cannot be read."""
    if record.kind == Kind.COVERAGE and (note := coverage_note(record)) is not None:
        return note.noted or record.received_at
    if record.kind == Kind.NUMBERED:
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(record.payload, type=_Figure)
    return 0


def room_info(snapshot: RoomSnapshot, at: int) -> Record:
    return Record(Kind.ROOM_INFO, at, snapshot.room_id, 0, msgspec.json.encode(snapshot))


def figures(room_id: int, at: int, values: Mapping[str, int]) -> Record:
    return Record(Kind.FIGURES, at, room_id, 0, msgspec.json.encode(values))


def super_chats(room_id: int, at: int, listed: Sequence[Json]) -> Record:
    # Not msgspec: it refuses the lone surrogates that people send.
    told = [json.dumps(each, separators=(",", ":")).encode() for each in listed[:_MOST_SUPER_CHATS]]
    sizes = accumulate(len(each) + 1 for each in told)
    payload = b",".join(each for each, size in zip(told, sizes, strict=True) if size <= _MOST_BYTES)
    return Record(Kind.SUPER_CHATS, at, room_id, 0, b"[%b]" % payload)


def decode_record(record: Record) -> Decoded:
    """Never raises: what cannot be read is counted."""
    if record.kind == Kind.FRAME:
        return decode_frame(record.payload, record.room_id, record.received_at)
    read = _READERS.get(record.kind)
    try:
        if read is not None:
            return read(record)
    except msgspec.DecodeError:
        pass
    return Decoded(tally=Tally(undecodable={"journal record not understood": 1}))


def coverage_note(record: Record) -> CoverageNote | None:
    """Of a record of this kind; None when it cannot be read."""
    try:
        return msgspec.json.decode(record.payload, type=CoverageNote)
    except msgspec.DecodeError:
        return None


def _figures(record: Record) -> Decoded:
    at, values = record.received_at, msgspec.json.decode(record.payload, type=dict[str, _Figure])
    gauges = [Gauge(b"", record.room_id, at, at, name, value) for name, value in values.items()]
    return Decoded(events=[*gauges])


def _coverage(record: Record) -> Decoded:
    note = msgspec.json.decode(record.payload, type=CoverageNote)
    return Decoded(events=[_coverage_event(record, note)])


def _coverage_event(record: Record, note: CoverageNote) -> Coverage:
    since, noted = note.since or record.received_at, note.noted or record.received_at
    what = [note.state, note.cause, note.noted] if note.noted else [note.state, note.cause]
    return Coverage(
        event_id=event_id(since, record.room_id, Coverage.kind, [*what]),
        room_id=record.room_id,
        at=since,
        received_at=noted,
        state=note.state,
        cause=note.cause,
        detail=note.detail,
    )


def _listed(record: Record) -> list[Json]:
    """Raises msgspec.DecodeError."""
    try:
        found = json.loads(record.payload)
    except (ValueError, RecursionError) as error:
        raise msgspec.DecodeError("no JSON") from error
    if not isinstance(found, list):
        raise msgspec.DecodeError("no list")
    return found


def _super_chats(record: Record) -> Decoded:
    """Read as if they had been sent: the same events, with the same ids."""
    together = Decoded()
    for data in _listed(record):
        body = json.dumps({"cmd": "SUPER_CHAT_MESSAGE", "data": data}).encode()
        decoded = decode_message(body, record.room_id, record.received_at)
        together.events += decoded.events
        together.tally.add(decoded.tally)
        together.oddities += decoded.oddities
    return together


def _numbered(record: Record) -> Decoded:
    msgspec.json.decode(record.payload, type=_Figure)
    return Decoded()


def _clock(record: Record) -> Decoded:
    at, note = record.received_at, msgspec.json.decode(record.payload, type=ClockNote)
    reading = Clock(
        event_id=event_id(at, 0, Clock.kind, [note.collector, note.what, note.ms]),
        room_id=0,
        at=at,
        received_at=at,
        collector=note.collector,
        what=note.what,
        ms=note.ms,
        uncertain_ms=note.uncertain_ms,
    )
    return Decoded(events=[reading])


def _room_info(record: Record) -> Decoded:
    snapshot = msgspec.json.decode(record.payload, type=RoomSnapshot)
    info = RoomInfo(
        event_id=b"",
        room_id=record.room_id,
        at=snapshot.answered_at or record.received_at,
        received_at=record.received_at,
        short_id=snapshot.short_id,
        uid=snapshot.uid,
        uname=snapshot.uname,
        face=snapshot.face,
        title=snapshot.title,
        live_status=snapshot.live_status,
        online=snapshot.online,
        area_name=snapshot.area_name,
        parent_area_name=snapshot.parent_area_name,
        cover=snapshot.cover,
        live_since=snapshot.live_since,
        followers=snapshot.followers,
    )
    return Decoded(events=[info])


#: Each raises msgspec.DecodeError for a payload that is not of its kind.
_READERS: dict[int, Callable[[Record], Decoded]] = {
    Kind.COVERAGE: _coverage,
    Kind.ROOM_INFO: _room_info,
    Kind.FIGURES: _figures,
    Kind.CLOCK: _clock,
    Kind.SUPER_CHATS: _super_chats,
    Kind.NUMBERED: _numbered,
}
