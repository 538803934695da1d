"""Batches to bytes and back."""

from typing import Any

import msgspec
import pytest

from bilibili_live.events import AnyEvent, Interaction, Tally
from event_store.codec import SCHEMA, Batch, RoomCounts, UnknownSchema, decode, decode_header, encode
from event_store.cursor import LogCursor, stream_key
from tests.made import (
    AT,
    ROOM,
    batch,
    coverage,
    danmaku,
    deletion,
    gauge,
    gift,
    guard,
    room_info,
    room_state,
    super_chat,
)

EVERY_KIND: list[AnyEvent] = [
    danmaku(1, uid=None, emotes={"[赞]": "https://example.invalid/a.png"}, is_mirror=True),
    gift(2, receiver_uid=2**53 + 1, blind_box_id=3),
    super_chat(9),
    deletion(1, 2),
    guard("toast", price=138_000),
    Interaction(b"0123456789abcdef", ROOM, AT, AT + 1, uid=None, username="丙***", msg_type=1),
    room_state(0, "live", value="key"),
    coverage(0, "blind", "connection lost"),
    gauge(0, 12, "watched"),
    room_info(0),
]


def as_redis_returns(fields: dict[str, bytes]) -> dict[bytes, bytes]:
    return {name.encode(): value for name, value in fields.items()}


def test_every_kind_of_event_comes_back_as_it_was() -> None:
    sent = batch(EVERY_KIND, journal=(5, 9))
    assert decode(as_redis_returns(encode(sent))) == sent


def test_counts_are_read_without_reading_events() -> None:
    counts = [RoomCounts(room_id=1, received=3, tally=Tally(ignored={"X": 2}, rejected={"bad time": 1}))]
    fields = as_redis_returns(encode(batch([], counts=counts)))
    fields[b"e"] = b"not read"
    assert decode_header(fields).counts == counts


def test_an_entry_of_a_later_schema_is_refused_by_name() -> None:
    fields = as_redis_returns(encode(batch([danmaku(1)], schema=SCHEMA + 1)))
    with pytest.raises(UnknownSchema, match=f"schema {SCHEMA + 1}"):
        decode(fields)


def test_an_event_with_fields_that_newer_code_appended_is_still_read() -> None:
    line = danmaku(1)
    appended = msgspec.msgpack.encode([[*msgspec.msgpack.decode(msgspec.msgpack.encode(line)), "new field"]])
    fields = as_redis_returns(encode(batch([line]))) | {b"e": appended}
    assert decode(fields).events == [line]


@pytest.mark.parametrize("broken", [b"", b"\xc1", b"\x90", b"nonsense"])
def test_a_damaged_header_is_an_error_that_the_sync_can_catch(broken: bytes) -> None:
    with pytest.raises((ValueError, KeyError, IndexError)):
        decode({b"h": broken, b"e": b"\x90"})


@pytest.mark.parametrize(
    "header",
    [
        {"journal_to": 2**63},
        {"journal_from": -1},
        {"collector": "a\0b"},
        {"collector": "c" * 201},
        {"counts": [RoomCounts(room_id=1, received=2**63)]},
    ],
)
def test_a_header_that_no_table_holds_is_damaged(header: dict[str, Any]) -> None:
    """Else the sync could not pass over it: where it stands is stored with what it holds."""
    entry = Batch(header=msgspec.structs.replace(batch([]).header, **header))
    with pytest.raises(msgspec.ValidationError):
        decode(as_redis_returns(encode(entry)))


def test_a_cursor_survives_the_way_through_a_page() -> None:
    cursor = LogCursor("00ff00ff00ff00ff", "1790000000000-12")
    assert LogCursor.parse(str(cursor)) == cursor
    assert LogCursor.parse(str(LogCursor(""))) == LogCursor("")


@pytest.mark.parametrize("text", ["", "x", "0-0", "zz.1-1", "0" * 16 + ".1", "00ff00ff00ff00ff.1-1\n"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        LogCursor.parse(text)


def test_stream_ids_compare_as_numbers() -> None:
    assert stream_key("9-10") > stream_key("9-9")
    assert stream_key("10-0") > stream_key("9-99")
