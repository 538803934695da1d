from simulator.protobuf import encode
from tests.simulator.wire import protobuf_fields


def test_it_writes_the_bytes_of_the_specification() -> None:
    assert encode([(1, 150)]).hex() == "089601"
    assert encode([(2, "testing")]).hex() == "120774657374696e67"
    assert encode([(3, [(1, 150)])]).hex() == "1a03089601"
    assert encode([(4, (3, 270, 86942))]).hex() == "2206038e029ea705"
    assert encode([(16, 1.0)]).hex() == "85010000803f"


def test_defaults_are_left_out_but_empty_messages_are_not() -> None:
    assert encode([(1, 0), (2, ""), (3, b""), (4, 0.0), (5, ())]) == b""
    assert encode([(23, [])]).hex() == "ba0100"


def test_a_negative_number_takes_ten_bytes() -> None:
    assert protobuf_fields(encode([(4, -1)])) == [(4, 2**64 - 1)]


def test_numbers_up_to_64_bits_survive() -> None:
    for number in (1, 127, 128, 3_546_385_492_216_264, 2**63, 2**64 - 1):
        assert protobuf_fields(encode([(1, number)])) == [(1, number)]
