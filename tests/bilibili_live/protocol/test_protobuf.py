import base64

import pytest

from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.protobuf import Record, known, read_base64
from tests.bilibili_live.messages import field, fixed


def test_it_reads_numbers_texts_and_nested_messages() -> None:
    record = Record(field(1, 2**53) + field(2, "名字") + field(3, field(1, 7)))
    assert record.integer(1) == 2**53
    assert record.text(2) == "名字"
    assert record.record(3).integer(1) == 7


def test_absent_fields_are_zero_and_empty() -> None:
    record = Record(b"")
    assert (record.integer(1), record.text(2), record.record(3).integer(1), record.blobs(4)) == (0, "", 0, [])
    assert not record.is_said(5)


def test_a_field_of_another_type_counts_as_absent() -> None:
    record = Record(field(1, "text") + field(2, 5))
    assert (record.integer(1), record.text(2)) == (0, "")


def test_the_last_value_of_a_single_field_wins_and_repeated_ones_are_kept() -> None:
    record = Record(field(1, 1) + field(1, 2) + field(2, b"a") + field(2, b"b"))
    assert record.integer(1) == 2
    assert record.blobs(2) == [b"a", b"b"]


def test_negative_numbers_are_read() -> None:
    assert Record(field(1, -1)).integer(1) == -1


@pytest.mark.parametrize("value", [100.0, 10])
def test_what_is_fixed_is_never_taken_for_a_whole_number(value: float | int) -> None:
    record = Record(fixed(3, value) + field(4, 7))
    assert (record.integer(3), record.text(3), record.blobs(3), record.integer(4)) == (0, "", [], 7)
    assert record.surprises(known(numbers=(3, 4), blobs=(), both=())) == ["field 3 is not a number"]
    assert record.surprises(known(numbers=(4,), blobs=(3,), both=())) == ["field 3 is not bytes"]
    assert record.surprises(known(numbers=(4,), blobs=(), both=())) == ["unknown field 3"]


def test_a_float_is_known_where_one_was_recorded_and_nothing_else_is() -> None:
    fields = known(numbers=(), blobs=(), both=(), floats=(3,))
    assert Record(fixed(3, 1.0)).surprises(fields) == []
    for other in (field(3, 1), field(3, "x"), fixed(3, 1)):
        assert Record(other).surprises(fields) == ["field 3 is not a float"]


@pytest.mark.parametrize(
    "other", [field(3, "100"), field(3, ""), fixed(3, 100.0), fixed(3, 0.0), fixed(3, 7)]
)
def test_what_may_not_be_guessed_is_refused_when_it_is_no_number(other: bytes) -> None:
    with pytest.raises(Rejected, match="bad sum"):
        Record(other).zero(3, "sum")
    assert Record(field(3, 0)).zero(3, "sum") == Record(b"").zero(3, "sum") == 0


def test_said_is_a_message_a_text_or_any_number_but_zero() -> None:
    said = [
        field(3, b""),
        field(3, "x"),
        field(3, 1),
        field(3, -1),
        field(3, 300),
        fixed(3, 1.0),
        fixed(3, 1),
    ]
    unsaid = [b"", field(2, 1), field(3, 0), b"\x18\x80\x00", fixed(3, 0.0), fixed(3, 0)]
    assert [Record(body).is_said(3) for body in said] == [True] * len(said)
    assert [Record(body).is_said(3) for body in unsaid] == [False] * len(unsaid)


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
        b"\x05\x01\x02\x03\x04",  # a fixed32 of field number 0
        b"\x81\x00" + bytes(8),  # a fixed64 of it, written long
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
