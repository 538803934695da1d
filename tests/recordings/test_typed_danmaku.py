"""The fast reader of danmaku, over what was recorded: it says what the lenient one says."""

import json
from typing import Any

import pytest

from bilibili_live.events import Danmaku, Decoded, begun_id
from bilibili_live.protocol import commands
from bilibili_live.protocol.typed_danmaku import DANMAKU, typed_danmaku
from tests.recordings.independent import busy_room, guest_session, inside, messages

ROOM, RECEIVED = 7734200, 1_790_000_000_000
RECORDED = [line["raw"] for name, line in messages() if name.startswith("DANMU_MSG-")]
IN_FRAMES = [
    message
    for frame in [*busy_room(), *guest_session()]
    for message in inside(frame)
    if message["cmd"].startswith("DANMU_MSG")
]


def written(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def fast(body: bytes) -> Danmaku | None:
    return typed_danmaku(body, (0, len(body)), begun_id(ROOM, Danmaku.kind), ROOM, RECEIVED)


def test_there_are_danmaku_of_both_kinds() -> None:
    assert RECORDED
    assert IN_FRAMES


@pytest.mark.parametrize("message", RECORDED + IN_FRAMES, ids=lambda _: "")
def test_it_says_what_the_lenient_reader_says_or_declines(message: dict[str, Any]) -> None:
    body = written(message)
    lenient = Decoded()
    commands._decode_leniently(lenient, body, ROOM, RECEIVED)
    event = fast(body)
    assert event is None or Decoded(events=[event]) == lenient


def test_it_reads_all_that_have_an_id() -> None:
    """The others are of 2022 and before 2023-03: the site gave danmaku no id then, and it sends none such
    any more. What tells copies of them apart is left to the lenient reader."""
    read: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    for message in RECORDED + IN_FRAMES:
        body = written(message)
        assert body.startswith(DANMAKU)
        is_left = fast(body) is None
        (left if is_left else read).append(message)
    assert all('"id_str":"' in _extra(message) for message in read)
    assert not any('"id_str":"' in _extra(message) for message in left)
    assert (len(read), len(left)) == (73, 14)


def _extra(message: dict[str, Any]) -> str:
    more = message["info"][0][15]
    return str(more.get("extra")) if isinstance(more, dict) else ""
