"""What the collector's journal holds, and how a record is read: live and when it is read again.

A record yields the same events each time: their times and ids come from the record alone.
"""

from enum import IntEnum
from typing import TypeVar

import msgspec

from bilibili_live.events import Coverage, Decoded, RoomInfo, Tally, event_id
from bilibili_live.protocol.commands import decode_frame
from bilibili_live.rooms import RoomSnapshot
from journal.record import Record

_Payload = TypeVar("_Payload")


class Kind(IntEnum):
    FRAME = 1  #: a WebSocket message as received
    COVERAGE = 2  #: JSON of CoverageNote
    ROOM_INFO = 3  #: JSON of RoomSnapshot


class CoverageNote(msgspec.Struct, frozen=True):
    state: str
    cause: str
    detail: str


def coverage(room_id: int, at: int, note: CoverageNote) -> Record:
    return Record(Kind.COVERAGE, at, room_id, 0, msgspec.json.encode(note))


def room_info(snapshot: RoomSnapshot, at: int) -> Record:
    return Record(Kind.ROOM_INFO, at, snapshot.room_id, 0, msgspec.json.encode(snapshot))


def decode_record(record: Record) -> Decoded:
    """Never raises: what cannot be read is counted."""
    if record.kind == Kind.FRAME:
        return decode_frame(record.payload, record.room_id, record.received_at)
    if record.kind == Kind.COVERAGE and (note := _payload(record, CoverageNote)):
        return Decoded(events=[_coverage_event(record, note)])
    if record.kind == Kind.ROOM_INFO and (snapshot := _payload(record, RoomSnapshot)):
        return Decoded(events=[_info_event(record, snapshot)])
    return Decoded(tally=Tally(undecodable={"journal record not understood": 1}))


def _payload(record: Record, form: type[_Payload]) -> _Payload | None:
    try:
        return msgspec.json.decode(record.payload, type=form)
    except msgspec.DecodeError:
        return None


def _coverage_event(record: Record, note: CoverageNote) -> Coverage:
    return Coverage(
        event_id=event_id(record.received_at, record.room_id, Coverage.kind, [note.state, note.cause]),
        room_id=record.room_id,
        at=record.received_at,
        received_at=record.received_at,
        state=note.state,
        cause=note.cause,
        detail=note.detail,
    )


def _info_event(record: Record, snapshot: RoomSnapshot) -> RoomInfo:
    return RoomInfo(
        event_id=b"",
        room_id=record.room_id,
        at=record.received_at,
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
    )
