"""Messages with something else in any place of them, for what must agree whatever comes."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ODD: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        7.0,
        0.5,
        1e300,
        "",
        "0",
        "7",
        "-7",
        "x",
        "{}",
        "a\0b",
        "\ud800",
        '"',
        "\\",
        "é😀",
    ),
    *(
        2**31 - 1,
        2**31,
        -(2**31),
        -(2**31) - 1,
        2**53 + 1,
        2**63 - 1,
        2**63,
        2**64,
        2**80,
        "3493286400494454",
    ),
    *(
        1_230_767_999_999,
        1_230_768_000_000,
        4_102_444_799_999,
        4_102_444_800_000,
        "x:y",
        "DANMU_MSG:",
        "9" * 40,
    ),
    *(
        [],
        {},
        [[]],
        [1],
        ["x"],
        [7, "x"],
        {"url": 1},
        {"a": {}},
        {"a\0": {"url": "b\0"}},
        {"\ud800": {"url": None}},
    ),
]
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.sampled_from([0, -1, 2**31, 2**31 - 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 3493286400494454]),
        st.floats(allow_nan=False),
        st.text(max_size=8),
        st.sampled_from(["", "0", "7", "\0", "\ud800", '"', "\\", '","id_str":"abc"', "3493286400494454"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something can be put in place of something else."""
    if at:
        yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from paths(part, (*at, key))


def changed(value: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


def without(value: Any, path: tuple[Any, ...]) -> Any:
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = without(copy[path[0]], path[1:])
    return copy


def written(message: object, escaped: bool = False) -> bytes:
    """As the site writes: compactly, and characters as they are, where they have a form in UTF-8."""
    try:
        return json.dumps(message, ensure_ascii=escaped, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(message, separators=(",", ":")).encode()
