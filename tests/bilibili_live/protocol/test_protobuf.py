import base64

import pytest
from google.protobuf.internal import api_implementation

from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.protobuf import Form, utf8
from tests.bilibili_live.messages import field, fixed

FORM = Form({"sum": 1}, {"name": 2}, {"items": 3}, also_floats=(4,))


def test_the_compiled_library_reads() -> None:
    assert api_implementation.Type() == "upb"


def test_it_reads_numbers_texts_and_nested_messages() -> None:
    found, _ = FORM.read(field(1, 2**53) + field(2, field(1, 7)))
    assert found.sum == 2**53
    assert FORM.nested(found.name)[0].sum == 7
    assert utf8(FORM.read(field(2, "名字"))[0].name) == "名字"


def test_absent_fields_are_zero_and_empty() -> None:
    for body in (b"", b"\xff"):
        found, others = FORM.nested(body)
        assert (found.sum, found.name, [*found.items]) == (0, b"", [])
        assert not others.is_said(5)


def test_a_field_of_another_type_counts_as_absent() -> None:
    found, others = FORM.read(field(1, "text") + field(2, 5))
    assert (found.sum, found.name) == (0, b"")
    assert FORM.surprises(others) == ["field 1 is not a number", "field 2 is not bytes"]


def test_the_last_value_of_a_single_field_wins_and_repeated_ones_are_kept() -> None:
    found, _ = FORM.read(
        field(1, 1) + field(1, 2) + b"".join(field(at, each) for at in (2, 3) for each in (b"a", b"b"))
    )
    assert (found.sum, found.name, [*found.items]) == (2, b"b", [b"a", b"b"])


def test_negative_numbers_are_read() -> None:
    assert FORM.read(field(1, -1))[0].sum == -1


@pytest.mark.parametrize("value", [100.0, 10])
def test_what_is_fixed_is_never_taken_for_a_whole_number(value: float | int) -> None:
    found, others = FORM.read(fixed(1, value) + fixed(2, value) + fixed(9, value))
    assert (found.sum, found.name) == (0, b"")
    assert FORM.surprises(others) == ["field 1 is not a number", "field 2 is not bytes", "unknown field 9"]


def test_a_float_is_known_where_one_was_recorded_and_nothing_else_is() -> None:
    assert FORM.surprises(FORM.read(fixed(4, 1.0))[1]) == []
    for other in (field(4, 1), field(4, "x"), fixed(4, 1)):
        assert FORM.surprises(FORM.read(other)[1]) == ["field 4 is not a float"]


def test_a_field_that_comes_either_way_is_no_surprise_and_read_as_it_is_declared() -> None:
    form = Form({"sum": 1}, {"name": 2}, also_numbers=(3,), also_blobs=(4,), either=(1, 2, 3, 4))
    for number in range(1, 5):
        for value in (7, b"x"):
            found, others = form.read(field(number, value))
            assert form.surprises(others) == []
            assert (found.sum, found.name) == (
                7 * (number == 1 and value == 7),
                b"x" * (number == 2 and value == b"x"),
            )


def test_a_surprise_is_told_once_and_strangers_choose_few_names() -> None:
    _, others = FORM.read(field(70, 1) * 3 + b"".join(field(number, 1) for number in range(100, 400)))
    assert FORM.surprises(others) == ["unknown field 70", "unknown field above 99"]


@pytest.mark.parametrize(
    "other", [field(1, "100"), field(1, ""), fixed(1, 100.0), fixed(1, 0.0), fixed(1, 7)]
)
def test_what_may_not_be_guessed_is_refused_when_it_is_no_number(other: bytes) -> None:
    with pytest.raises(Rejected, match="bad sum"):
        FORM.read(other)[1].zero(1, "sum")
    assert FORM.read(field(1, 0))[1].zero(1, "sum") == FORM.read(b"")[1].zero(1, "sum") == 0


def test_said_is_a_message_a_text_or_any_number_but_zero() -> None:
    said = [field(9, each) for each in (b"", "x", 1, -1, 300)] + [fixed(9, 1.0), fixed(9, 1)]
    unsaid = [b"", field(8, 1), field(9, 0), b"\x48\x80\x00", fixed(9, 0.0), fixed(9, 0)]
    assert [FORM.read(body)[1].is_said(9) for body in said] == [True] * len(said)
    assert [FORM.read(body)[1].is_said(9) for body in unsaid] == [False] * len(unsaid)


def test_texts_are_made_storable() -> None:
    assert utf8(b"a\x00\xff") == "a\u2400\ufffd"


@pytest.mark.parametrize(
    "broken",
    [
        b"\x52\xff\xff\xff\x0f not protobuf",  # a length beyond the end
        b"\x08",  # a tag without a value
        b"\x08" + b"\xff" * 11,  # a number that does not end
        b"\x0b\x08\x01",  # a group that does not end
        b"\x0c",  # an end of none
        b"\x0e\x01",  # wire type 6
        b"\x00\x01",  # field number 0
        b"\x0d\x01\x02",  # half a fixed32
        b"\x05\x01\x02\x03\x04",  # a fixed32 of field number 0
        b"\x81\x00" + bytes(8),  # a fixed64 of it, written long
        b"\x0b" * 1_000 + b"\x0c" * 1_000,  # groups in groups
    ],
)
def test_a_broken_body_is_refused(broken: bytes) -> None:
    with pytest.raises(Rejected, match="invalid protobuf"):
        FORM.read(broken)


def test_a_body_that_is_longer_than_any_message_is_refused() -> None:
    with pytest.raises(Rejected, match="protobuf too long"):
        FORM.read(b"\x48\x01" * (1 << 15) + b"\x48\x01")


@pytest.mark.parametrize("many", [b"\x48\x01", b"\x1a\x00"])
def test_more_fields_than_any_message_has_are_refused(many: bytes) -> None:
    FORM.read(many * 1_000)
    with pytest.raises(Rejected, match="too many protobuf fields"):
        FORM.read(many * 1_001)


@pytest.mark.parametrize(
    "pb", ["[protobuf_data_base64]", "a", "你好", "AA=A", base64.b64encode(b"\x08").decode()]
)
def test_what_is_no_base64_of_a_message_is_refused(pb: str) -> None:
    with pytest.raises(Rejected, match="invalid protobuf"):
        FORM.read_base64(pb)


def test_an_empty_or_missing_body_has_a_reason_of_its_own() -> None:
    with pytest.raises(Rejected, match="empty protobuf"):
        FORM.read_base64("")
    with pytest.raises(Rejected, match="missing pb"):
        FORM.read_base64(None)
