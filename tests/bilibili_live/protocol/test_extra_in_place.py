"""What is read of an extra where it stands, and that nothing which people write is taken for it."""

import json
from itertools import product
from typing import Any

import pytest

from bilibili_live.protocol import commands, extra_in_place
from bilibili_live.protocol.extra_in_place import TAKEN_OUT, take_out
from tests.bilibili_live.changed_messages import changed, written
from tests.bilibili_live.danmaku_forms import FEW, OLDER, TODAYS, agrees, extra_of, taken_out, with_extra
from tests.bilibili_live.messages import RECEIVED, ROOM

SOME = next(body for body in TODAYS if rb"\"emots\":{" in body)
#: What a person would have to write for each layer of quoting to look like the keys that are searched for.
FORGED = ',"emots":null,"is_audited":false,"id_str":"forged","is_mirror":false,"x":0}","mode":0,'
QUOTED = [FORGED.replace('"', "\\" * times + '"') for times in range(4)]
SPELLINGS = [*QUOTED, '{"extra":"{' + FORGED]


def test_of_todays_messages_all_but_the_id_and_the_emotes_is_taken_out() -> None:
    for body in TODAYS:
        taken, message = taken_out(body), json.loads(body)
        assert taken is not None
        rest, id_str, emotes = taken
        extra = extra_of(message)
        assert id_str.decode() == extra["id_str"]
        assert emotes == {name: emote["url"] for name, emote in (extra["emots"] or {}).items()}
        look = [*message["info"][0][:15], {"extra": TAKEN_OUT}]
        assert json.loads(rest) == changed(message, ("info", 0), look)


@pytest.mark.parametrize("said", SPELLINGS)
@pytest.mark.parametrize("body", [FEW[0], SOME, OLDER[0]])
def test_what_people_write_is_never_taken_for_a_key(said: str, body: bytes) -> None:
    message = json.loads(body)
    bare: dict[str, Any] = {"x": 0, "y": "z" * 600}
    for extra, told in product((extra_of(message), bare), (True, False)):
        shown = extra | ({"content": said, "reply_uname": said} if told else {})
        say = changed(with_extra(message, shown), ("info", 1), said)
        for place in (("info", 2, 1), ("info", 3, 1), ("info", 0, 15, "user", "base", "name")):
            named = changed(say, place, said) if "user" not in place or "user" in say["info"][0][15] else say
            agrees(written(named))
            taken = taken_out(written(named))
            assert taken is None or taken[1].decode() == extra.get("id_str")


def test_a_mark_is_not_overlooked_wherever_it_stands() -> None:
    message = json.loads(FEW[0])
    ours = extra_of(message)
    marked = {"is_mirror": True, "emots": {"[x]": {"url": "u"}}}
    unmarked = {key: value for key, value in ours.items() if key not in marked}
    for extra in (marked | ours, unmarked, ours | marked, marked | unmarked, unmarked | {"emots": None}):
        agrees(written(with_extra(message, extra)))
    hidden = unmarked | {"animation": {"emots": None}}
    for extra in (hidden, hidden | {"animation": {"emots": {"[x]": {"url": "u"}}}}):
        agrees(written(with_extra(message, extra)))


@pytest.mark.parametrize("emote", ["[x]", "\\", '"', "\n", "\0", "é", "}", '},"is_audited":false', "\ud800"])
def test_whatever_an_emote_is_called_it_is_read_alike(emote: str) -> None:
    message = json.loads(FEW[0])
    forms: list[dict[str, Any]] = [{emote: {"url": "u"}}, {"[x]": {"url": emote}}, {emote: {}}, {emote: 7}]
    for emotes in forms:
        for escaped in (False, True):
            agrees(written(with_extra(message, {**extra_of(message), "emots": emotes}), escaped))


def test_the_message_before_makes_no_difference() -> None:
    usual = extra_of(json.loads(FEW[0]))
    others = [{**usual, "id_str": told} for told in ("7", usual["id_str"] + "7", usual["id_str"][:-2] + '",')]
    others += [{**usual, "reply_uname": "x"}, {**usual, "is_mirror": True}, {**usual, "hit_combo": 1}]
    bodies = [FEW[0], *(written(with_extra(json.loads(FEW[0]), other)) for other in others)]
    for before, body in product(bodies, bodies):
        commands.forget()
        alone = taken_out(body)
        taken_out(before)
        assert taken_out(body) == alone


def test_a_message_ends_where_it_ends_also_when_the_one_before_went_on() -> None:
    body = FEW[0]
    for end in range(body.index(rb"\"id_str"), body.index(b"activity_identity")):
        commands.forget()
        alone = take_out(body, 0, end)
        taken_out(body)
        assert take_out(body, 0, end) == alone


def test_what_was_read_of_emotes_can_be_forgotten() -> None:
    before = commands.decode_message(SOME, ROOM, RECEIVED)
    assert extra_in_place._read_emotes.cache_info().currsize
    commands.forget()
    assert not extra_in_place._read_emotes.cache_info().currsize
    assert commands.decode_message(SOME, ROOM, RECEIVED) == before
