"""The recorded frames, decoded by us and by hand."""

from collections import Counter
from typing import Any

import pytest

from bilibili_live.events import Danmaku, Decoded
from bilibili_live.protocol.commands import COMMANDS, decode_frame
from tests.recordings.independent import busy_room, guest_session, inside

ROOM, RECEIVED = 7734200, 1_790_000_000_000


@pytest.fixture(params=[busy_room, guest_session])
def frames(request: pytest.FixtureRequest) -> list[bytes]:
    found: list[bytes] = request.param()
    return found


def decode(frames: list[bytes]) -> Decoded:
    whole = Decoded()
    for frame in frames:
        part = decode_frame(frame, ROOM, RECEIVED)
        whole.events += part.events
        whole.tally.add(part.tally)
    return whole


def by_command(frames: list[bytes]) -> Counter[str]:
    return Counter(message["cmd"].split(":")[0] for frame in frames for message in inside(frame))


def test_there_are_15_and_11_frames() -> None:
    assert (len(busy_room()), len(guest_session())) == (15, 11)


def test_nothing_is_undecodable(frames: list[bytes]) -> None:
    assert decode(frames).tally.undecodable == {}


def test_unknown_commands_are_counted_as_by_hand(frames: list[bytes]) -> None:
    expected = {cmd: number for cmd, number in by_command(frames).items() if cmd not in COMMANDS}
    assert decode(frames).tally.ignored == expected


def test_known_commands_become_events_unless_their_body_was_scrubbed(frames: list[bytes]) -> None:
    scrubbed = sum(
        message.get("data", {}).get("pb") == "" and message["cmd"] in COMMANDS
        for frame in frames
        for message in inside(frame)
    )
    whole = decode(frames)
    assert whole.tally.rejected == ({"empty protobuf": scrubbed} if scrubbed else {})
    known = sum(number for cmd, number in by_command(frames).items() if cmd in COMMANDS)
    # The second figure of one message.
    twofold = sum(getattr(event, "name", "") in ("online", "fan_club") for event in whole.events)
    assert len(whole.events) - twofold == known - scrubbed


def test_the_danmaku_are_those_in_the_frames(frames: list[bytes]) -> None:
    expected = [
        _by_hand(message["info"])
        for frame in frames
        for message in inside(frame)
        if message["cmd"].split(":")[0] == "DANMU_MSG"
    ]
    assert expected
    found = [event for event in decode(frames).events if isinstance(event, Danmaku)]
    assert [(e.message, e.uid, e.username, e.medal_name, e.medal_level, e.at) for e in found] == expected
    assert len({event.event_id for event in found}) == len(found)


def _by_hand(info: list[Any]) -> tuple[Any, ...]:
    medal = info[3] or [0, None]
    return info[1], info[2][0] or None, info[2][1], medal[1], medal[0], info[0][4]
