"""Danmaku of both forms that are read fast, and whether the fast reader says what the lenient one says."""

import json
from typing import Any

from benchmarks.packets import bodies
from bilibili_live.events import Danmaku, Decoded, begun_id
from bilibili_live.protocol import commands
from bilibili_live.protocol.commands import COMMANDS
from bilibili_live.protocol.extra_in_place import Taken, take_out
from bilibili_live.protocol.fields import Rejected
from bilibili_live.protocol.message import open_message
from bilibili_live.protocol.typed_danmaku import typed_danmaku
from tests.bilibili_live.changed_messages import changed, written
from tests.bilibili_live.messages import RECEIVED, ROOM

TODAYS = [body.content for body, _ in zip(bodies(seed=3), range(400), strict=False) if body.sort == "danmaku"]
FEW = TODAYS[:12]


def lenient(body: bytes) -> Danmaku | None:
    """What COMMANDS says that it means; None when it is rejected."""
    try:
        message = open_message(body, ROOM, RECEIVED)
        (event,) = COMMANDS[message.command](message)
    except (Rejected, KeyError):
        return None
    assert isinstance(event, Danmaku)
    return event


def leniently(body: bytes) -> Decoded:
    decoded = Decoded()
    commands._decode_leniently(decoded, body, ROOM, RECEIVED)
    return decoded


def fast(body: bytes) -> Danmaku | None:
    return typed_danmaku(body, (0, len(body)), begun_id(ROOM, Danmaku.kind), ROOM, RECEIVED)


def taken_out(body: bytes) -> Taken | None:
    return take_out(body, 0, len(body))


def agrees(body: bytes) -> bool:
    """Whether the fast reader took it; fails when the two differ, or when there is news about it."""
    found = fast(body)
    assert found is None or Decoded(events=[found]) == leniently(body)
    return found is not None


def extra_of(message: Any) -> Any:
    return json.loads(message["info"][0][15]["extra"])


def with_extra(message: Any, extra: object) -> Any:
    text = extra if isinstance(extra, str) else written(extra).decode()
    return changed(message, ("info", 0, 15, "extra"), text)


def older(body: bytes) -> bytes:
    """As in 2023: without the sender's portrait, the extra behind other things and shorter."""
    message = json.loads(body)
    extra = list(extra_of(message).items())
    (last,) = (place for place, (key, _) in enumerate(extra) if key == "icon")
    told = written(dict(extra[: last + 1])).decode()
    info = changed(message["info"][:17], (0, 15), {"mode": 0, "show_player_type": 0, "extra": told})
    return written({"cmd": "DANMU_MSG", "info": info, "dm_v2": ""})


OLDER = [older(body) for body in TODAYS]
#: The extra is read where it stands, or parsed.
BOTH = FEW[:6] + OLDER[:6]
