"""Samples have the structure of a message and nothing that anybody said or is."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bilibili_live.protocol.samples import MOST_BYTES, redacted
from tests.bilibili_live.messages import danmaku, gift

SECRET = "s3cr3t-观众"
UID = 3493286400494454

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(SECRET) | st.just(UID)
messages = st.dictionaries(
    st.text() | st.sampled_from(["data", "uid", "list", SECRET, str(UID)]),
    st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=60),
)


def test_words_and_numbers_become_kinds_and_lengths() -> None:
    said = {
        "cmd": "NEW:1:2",
        "data": {"uid": 123456, "uname": "小明", "is_new": True, "score": 1.5, "none": None, "minus": -12},
        "list": [{"text": "a"}, []],
    }
    assert json.loads(redacted(said)) == {
        "cmd": "NEW",
        "data": {
            "uid": "int:6", "uname": "str:2", "is_new": "bool", "score": "float", "none": "null",
            "minus": "int:2",
        },
        "list": [{"text": "str:1"}, []],
    }  # fmt: skip


def test_keys_that_are_ids_or_words_of_people_become_lengths_too() -> None:
    fields: dict[str, Any] = {"awards": {"34758": 1, "99999": 2}, "小明": 1, "x" * 41: 2, "user12345": 3}
    assert json.loads(redacted(fields)) == {
        "awards": {"key:5": "int:1"}, "key:2": "int:1", "key:41": "int:1", "key:9": "int:1",
    }  # fmt: skip


def test_a_command_that_is_no_name_is_not_repeated() -> None:
    assert json.loads(redacted({"cmd": SECRET})) == {"cmd": "(unnamed)"}
    assert json.loads(redacted({"cmd": 5})) == {"cmd": "int:1"}
    assert json.loads(redacted({"msg": {"cmd": "A"}})) == {"msg": {"cmd": "str:1"}}


def test_of_a_real_message_the_structure_stays_whole() -> None:
    assert len(json.loads(redacted(danmaku()))["info"]) == len(danmaku()["info"])
    assert set(json.loads(redacted(gift()))["data"]) == set(gift()["data"])


def test_what_is_large_is_cut_and_still_json() -> None:
    wide = {f"key_{letter}{index}": "x" for letter in "abcdefgh" for index in range(900)}
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    for said in (wide, {"deep": deep}, {"many": [wide] * 50}, {"number": 10**5000}):
        sample = redacted(said)
        assert len(sample.encode()) <= MOST_BYTES
        assert json.loads(sample)
    assert redacted(None) == ""


@settings(derandomize=True, deadline=None, max_examples=150)
@given(messages)
def test_nothing_that_was_said_is_in_a_sample(said: dict[str, Any]) -> None:
    sample = redacted(said)
    assert len(sample.encode()) <= MOST_BYTES
    assert isinstance(json.loads(sample), dict)
    assert SECRET not in sample
    assert str(UID) not in sample
