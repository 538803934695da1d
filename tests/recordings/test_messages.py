"""Each of the 322 real messages becomes events or is counted by name; money and identity are right."""

import json

import pytest

from bilibili_live.events import Decoded
from bilibili_live.protocol import drift
from bilibili_live.protocol.commands import COMMANDS, decode_message
from bilibili_live.protocol.ignored import reason_for
from tests.recordings.independent import messages
from tests.recordings.picked_by_hand import PICKED_BY_HAND, RECEIVED, Raw

ROOM = 5050
EVERYTHING = list(messages())
RECORDED = {name: line["raw"] for name, line in EVERYTHING}


def decoded(raw: Raw) -> Decoded:
    return decode_message(json.dumps(raw, ensure_ascii=False).encode(), ROOM, RECEIVED)


def command(raw: Raw) -> str:
    said: str = raw["cmd"].split(":")[0]
    return said


def is_placeholder(raw: Raw) -> bool:
    data = raw.get("data")
    return isinstance(data, dict) and "[protobuf_data_base64]" in str(data.get("pb"))


def test_there_are_322_of_134_commands_and_one_is_a_placeholder() -> None:
    assert len(EVERYTHING) == 322
    assert len({name.rpartition("-")[0] for name, _ in EVERYTHING}) == 134
    assert sum(is_placeholder(raw) for raw in RECORDED.values()) == 1


@pytest.mark.parametrize("raw", RECORDED.values(), ids=RECORDED)
def test_a_message_becomes_events_or_is_counted_by_name(raw: Raw) -> None:
    result = decoded(raw)
    if is_placeholder(raw):
        assert (result.events, result.tally.rejected) == ([], {"invalid protobuf": 1})
    elif command(raw) in COMMANDS:
        assert result.events
        assert (result.tally.rejected, result.tally.ignored) == ({}, {})
    else:
        assert (result.events, result.tally.ignored) == ([], {command(raw): 1})
    assert result.tally.undecodable == {}


UNDERSTOOD = {
    name: raw for name, raw in RECORDED.items() if command(raw) in PICKED_BY_HAND and not is_placeholder(raw)
}


@pytest.mark.parametrize("name", sorted({command(raw) for raw in RECORDED.values()}))
def test_a_recorded_command_is_read_or_passed_over_for_a_reason(name: str) -> None:
    assert (name in COMMANDS) != (reason_for(name) is not None)


@pytest.mark.parametrize("raw", RECORDED.values(), ids=RECORDED)
def test_no_recorded_message_is_news(raw: Raw) -> None:
    heard = {(oddity.kind, oddity.name) for oddity in decoded(raw).oddities}
    if is_placeholder(raw):
        assert heard == {(drift.REJECTED, "INTERACT_WORD_V2: invalid protobuf")}
    else:
        assert heard == set()


NEVER_RECORDED = {
    "DANMU_MSG_MIRROR",
    "POPULARITY_RED_POCKET_V2_NEW",
    "POPULARITY_RED_POCKET_V2_WINNER_LIST",
    "ROOM_LOCK",
}


def test_all_that_was_recorded_is_picked_by_hand_too() -> None:
    assert set(COMMANDS) - {command(raw) for raw in RECORDED.values()} == NEVER_RECORDED
    assert set(COMMANDS) - set(PICKED_BY_HAND) == NEVER_RECORDED


@pytest.mark.parametrize("raw", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_money_identity_and_time_are_those_of_the_message(raw: Raw) -> None:
    events = decoded(raw).events
    expected = PICKED_BY_HAND[command(raw)](raw)
    assert [
        {key: getattr(e, key) for key in want} for e, want in zip(events, expected, strict=True)
    ] == expected
    assert all(event.room_id == ROOM and event.received_at == RECEIVED for event in events)


def test_only_reports_of_one_thing_share_an_id() -> None:
    reports: dict[bytes, list[Raw]] = {}
    for raw in UNDERSTOOD.values():
        for event in decoded(raw).events:
            if event.event_id and event.at != RECEIVED:  # those without a time of their own are alike here
                reports.setdefault(event.event_id, []).append(raw)
    shared = [raws for raws in reports.values() if len({json.dumps(raw) for raw in raws}) > 1]
    super_chats = {"SUPER_CHAT_MESSAGE", "SUPER_CHAT_MESSAGE_JPN"}
    assert {frozenset(map(command, raws)) for raws in shared} == {
        frozenset(super_chats),
        frozenset({"PK_BATTLE_END", "PK_BATTLE_SETTLE", "PK_BATTLE_SETTLE_USER", "PK_BATTLE_SETTLE_V2"}),
    }
    for raws in shared:
        assert len({int(raw["data"].get("id") or raw["pk_id"]) for raw in raws}) == 1
