"""The name of an event, against its plain definition."""

from hashlib import blake2b

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bilibili_live.events import EventKey, event_id

KEYS = st.one_of(
    st.text(max_size=40),
    st.text("0123456789abcdef", min_size=1, max_size=40),
    st.integers(-(2**63), 2**63 - 1),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8), max_size=3),
)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.integers(0, 2**42), st.integers(1, 2**53), st.sampled_from(["danmaku", "super_chat"]), KEYS)
@example(0, 1, "danmaku", "\u0660")
@example(0, 1, "danmaku", "\u00e9")
@example(0, 1, "danmaku", "")
@example(0, 1, "danmaku", 'a"b')
def test_it_is_the_time_and_a_hash_of_room_kind_and_key(at: int, room: int, kind: str, key: EventKey) -> None:
    told = msgspec.json.encode([room, kind, key])
    assert event_id(at, room, kind, key) == at.to_bytes(6, "big") + blake2b(told, digest_size=10).digest()


@pytest.mark.parametrize("at", [-1, 2**48, 2**60])
def test_a_time_out_of_range_is_cut_to_48_bits(at: int) -> None:
    assert event_id(at, 1, "gift", "x")[:6] == (at % 2**48).to_bytes(6, "big")
