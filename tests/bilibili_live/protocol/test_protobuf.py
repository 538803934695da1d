import base64

import pytest

from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.protobuf import Record, read_base64
from tests.bilibili_live.messages import field, varint


def test_it_reads_numbers_texts_and_nested_messages() -> None:
    record = Record(field(1, 2**53) + field(2, "名字") + field(3, field(1, 7)))
    assert record.integer(1) == 2**53
    assert record.text(2) == "名字"
    assert record.record(3).integer(1) == 7


def test_absent_fields_are_zero_and_empty() -> None:
    record = Record(b"")
    assert (record.integer(1), record.text(2), record.record(3).integer(1), record.blobs(4)) == (0, "", 0, [])
    assert 5 not in record


def test_a_field_of_another_type_counts_as_absent() -> None:
    record = Record(field(1, "text") + field(2, 5))
    assert (record.integer(1), record.text(2)) == (0, "")


def test_the_last_value_of_a_single_field_wins_and_repeated_ones_are_kept() -> None:
    record = Record(field(1, 1) + field(1, 2) + field(2, b"a") + field(2, b"b"))
    assert record.integer(1) == 2
    assert record.blobs(2) == [b"a", b"b"]


def test_negative_numbers_and_fixed_ones_are_read() -> None:
    fixed = varint(3 << 3 | 5) + (9).to_bytes(4, "little") + varint(4 << 3 | 1) + (10).to_bytes(8, "little")
    record = Record(field(1, -1) + fixed)
    assert (record.integer(1), record.integer(3), record.integer(4)) == (-1, 9, 10)


def test_texts_are_made_storable() -> None:
    assert Record(field(1, b"a\x00\xff")).text(1) == "a\u2400\ufffd"


@pytest.mark.parametrize(
    "broken",
    [
        b"\x52\xff\xff\xff\x0f not protobuf",  # a length beyond the end
        b"\x08",  # a tag without a value
        b"\x08" + b"\xff" * 11,  # a number that does not end
        b"\x0b\x08\x01\x0c",  # a group
        b"\x0e\x01",  # wire type 6
        b"\x00\x01",  # field number 0
        b"\x0d\x01\x02",  # half a fixed32
        b"\x08\x01" * 10_001,  # more fields than any message has
    ],
)
def test_a_broken_body_is_refused(broken: bytes) -> None:
    with pytest.raises(Rejected, match="invalid protobuf"):
        Record(broken)


@pytest.mark.parametrize(
    "pb", ["[protobuf_data_base64]", "a", "你好", "AA=A", base64.b64encode(b"\x08").decode()]
)
def test_what_is_no_base64_of_a_record_is_refused(pb: str) -> None:
    with pytest.raises(Rejected, match="invalid protobuf"):
        read_base64(pb)


def test_an_empty_or_missing_body_has_a_reason_of_its_own() -> None:
    with pytest.raises(Rejected, match="empty protobuf"):
        read_base64("")
    with pytest.raises(Rejected, match="missing pb"):
        read_base64(None)
