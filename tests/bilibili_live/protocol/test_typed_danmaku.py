"""The fast reader of danmaku says what the lenient one says, or nothing; those since 2023-03 it does read."""

import json
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilibili_live.events import Danmaku, Decoded
from bilibili_live.protocol.commands import decode_frame, decode_message
from bilibili_live.protocol.danmaku_extra import read_extra, read_typed_extra
from bilibili_live.protocol.packets import MESSAGE, PLAIN, pack
from bilibili_live.protocol.typed_danmaku import DANMAKU
from tests.bilibili_live.changed_messages import ODD, VALUES, changed, paths, without, written
from tests.bilibili_live.danmaku_forms import (
    BOTH,
    FEW,
    OLDER,
    TODAYS,
    agrees,
    extra_of,
    fast,
    lenient,
    older,
    taken_out,
    with_extra,
)
from tests.bilibili_live.messages import RECEIVED, ROOM

#: Where the event is read from.
READ: list[tuple[Any, ...]] = [
    ("cmd",),
    ("info",),
    *(("info", place) for place in (0, 1, 2, 3, 4, 7, 9, 16)),
    *(("info", 0, place) for place in (1, 3, 4, 12, 13, 15)),
    *(("info", 2, place) for place in range(5)),
    *(("info", place, 0) for place in (3, 4, 16)),
    ("info", 3, 1),
    ("info", 9, "ct"),
    ("info", 0, 13, "url"),
    ("info", 0, 15, "extra"),
]
READ_IN_EXTRA: list[tuple[Any, ...]] = [
    ("id_str",),
    ("is_mirror",),
    ("content",),
    ("user_hash",),
    ("emots",),
    ("emots", "[x]"),
    ("emots", "[x]", "url"),
]


def test_todays_danmaku_are_read_by_the_fast_reader() -> None:
    assert len(TODAYS) > 300
    assert all(body.startswith(DANMAKU) for body in TODAYS)
    assert all(agrees(body) for body in TODAYS)
    assert all(taken_out(body) for body in TODAYS)


def test_those_of_2023_are_read_by_it_as_well() -> None:
    assert any(rb"\"emots\":{" in body for body in OLDER)
    assert all(agrees(body) for body in OLDER)
    assert all(taken_out(body) is None for body in OLDER)


@pytest.mark.parametrize("path", READ, ids=str)
def test_whatever_stands_where_the_event_is_read_from_both_readers_agree(path: tuple[Any, ...]) -> None:
    worn = json.loads(next(body for body in TODAYS if b'"guard":{' in body and b'"url":' in body))
    stuck = changed(worn, ("info", 0, 13), {"url": "u"})
    for message in (stuck, without(worn, ("info", 16)), json.loads(older(written(stuck)))):
        places = [path] if path in paths(message) else []
        for place in places:
            agrees(written(without(message, place)))
            for odd in ODD:
                agrees(written(changed(message, place, odd)))


@pytest.mark.parametrize("path", READ_IN_EXTRA, ids=str)
def test_whatever_stands_where_the_extra_is_read_both_readers_agree(path: tuple[Any, ...]) -> None:
    for message, emotes in product(map(json.loads, (FEW[0], OLDER[0])), (None, {"[x]": {"url": "u"}})):
        extra = {**extra_of(message), "emots": emotes}
        if path not in paths(extra):
            continue
        agrees(written(with_extra(message, without(extra, path))))
        for odd in ODD:
            agrees(written(with_extra(message, changed(extra, path, odd))))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_whatever_stands_anywhere_in_a_danmaku_both_readers_agree(data: st.DataObject) -> None:
    message = json.loads(data.draw(st.sampled_from(BOTH)))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(paths(message))))
        if data.draw(st.booleans()):
            message = changed(message, path, data.draw(VALUES))
        elif len(path) > 1:
            message = without(message, path)
    agrees(written(message, escaped=data.draw(st.booleans())))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_whatever_stands_anywhere_in_the_extra_both_readers_agree(data: st.DataObject) -> None:
    message = json.loads(data.draw(st.sampled_from(BOTH)))
    extra = extra_of(message)
    path = data.draw(st.sampled_from(list(paths(extra))))
    extra = changed(extra, path, data.draw(VALUES)) if data.draw(st.booleans()) else without(extra, path)
    agrees(written(with_extra(message, extra), escaped=data.draw(st.booleans())))


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.data())
def test_an_extra_that_is_cut_or_damaged_is_read_alike_by_both_or_as_far_as_it_is_whole(
    data: st.DataObject,
) -> None:
    message = json.loads(data.draw(st.sampled_from(BOTH)))
    extra = message["info"][0][15]["extra"]
    begin = data.draw(st.integers(0, len(extra) - 1))
    end = data.draw(st.integers(begin, len(extra)))
    new = data.draw(st.sampled_from(["", '"', "\\", ",", "{", "}", '"id":"abc",', "x", "\0", "\n"]))
    agrees_where_it_is_json(written(with_extra(message, extra[:begin] + new + extra[end:])), message)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(BOTH), min_size=2, max_size=4), st.data())
def test_what_stands_beside_it_in_a_frame_makes_no_difference(
    sound: list[bytes], data: st.DataObject
) -> None:
    cut = data.draw(st.sampled_from(BOTH))
    begin = data.draw(st.integers(0, len(cut)))
    end = data.draw(st.integers(begin, len(cut)))
    bodies = [*sound, data.draw(st.sampled_from([cut[:begin] + cut[end:], cut[:end]]))]
    bodies = data.draw(st.permutations(bodies))
    alone = Decoded()
    for decoded in (decode_message(body, ROOM, RECEIVED) for body in bodies):
        alone.events += decoded.events
        alone.tally.add(decoded.tally)
        alone.oddities += decoded.oddities
    frame = b"".join(pack(MESSAGE, body, version=PLAIN) for body in bodies)
    assert decode_frame(frame, ROOM, RECEIVED) == alone


def portrait(body: bytes) -> range:
    """Where the part stands that is not looked at."""
    return range(body.index(b',"mode":0,"show_player_type":0,"user":'), body.index(b'},{"activity_identity"'))


def extra_in(body: bytes) -> range:
    begin = body.index(b'{"extra":"') + len(b'{"extra":"')
    return range(begin, body.index(b'","mode":0', begin))


def is_json(text: str | bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def agrees_where_it_is_json(body: bytes, whole: Any) -> None:
    """Of an extra that is no JSON the fast reader may say what stands there in the form of today: the id and
    the emotes, of one that is no mirror's. Nothing else in the event is another's."""
    if is_json(body) and is_json(json.loads(body)["info"][0][15]["extra"]):
        agrees(body)
        return
    found, taken = fast(body), taken_out(body)
    if taken is None:
        agrees(body)
    elif found is not None:
        _, id_str, emotes = taken
        shown = {name: {"url": url} for name, url in emotes.items()}
        told = {"id_str": id_str.decode(), "emots": shown}
        assert rb"\"id_str\":\"%b\"" % id_str in body
        assert found == lenient(written(with_extra(whole, told)))


def damaged(body: bytes, places: range, data: st.DataObject) -> bytes:
    found = bytearray(body)
    for _ in range(data.draw(st.integers(1, 3))):
        found[data.draw(st.sampled_from(places))] = data.draw(st.integers(0, 255))
    return bytes(found)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.sampled_from(FEW), st.data())
def test_a_body_with_damaged_bytes_is_read_alike_by_both(body: bytes, data: st.DataObject) -> None:
    before, behind = range(9, extra_in(body).start), range(portrait(body).stop, len(body))
    agrees(damaged(body, data.draw(st.sampled_from([before, behind])), data))


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.sampled_from([*FEW, *(body for body in TODAYS if rb"\"emots\":{" in body)][:20]), st.data())
def test_damaged_bytes_in_the_extra_are_read_alike_by_both_or_not_looked_at(
    body: bytes, data: st.DataObject
) -> None:
    agrees_where_it_is_json(damaged(body, extra_in(body), data), json.loads(body))


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.sampled_from(OLDER[:12]), st.data())
def test_one_whose_extra_is_parsed_with_damaged_bytes_is_read_alike_by_both(
    body: bytes, data: st.DataObject
) -> None:
    agrees(damaged(body, range(9, len(body)), data))


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.sampled_from(BOTH), st.data())
def test_an_extra_by_itself_is_read_alike_or_declined(body: bytes, data: st.DataObject) -> None:
    told = extra_of(json.loads(body))
    changes = st.sampled_from([told, *(changed(told, path, data.draw(VALUES)) for path in paths(told))])
    text = written(data.draw(changes), escaped=data.draw(st.booleans())).decode()
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=2)):
        text = text[:place] + data.draw(st.characters()) + text[place + 1 :]
    found = read_typed_extra(text)
    assert found is None or found == read_extra(text)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.sampled_from(FEW), st.data())
def test_a_damaged_portrait_changes_nothing_of_the_event(body: bytes, data: st.DataObject) -> None:
    event = lenient(body)
    assert fast(damaged(body, portrait(body), data)) in (None, event)


@pytest.mark.parametrize("name", ["]", "}},{", '}},{"activity_identity":"', ',0],"', "[", '"'])
def test_a_name_that_looks_like_the_end_of_a_portrait_is_a_name(name: str) -> None:
    message = json.loads(FEW[0])
    named = changed(message, ("info", 0, 15, "user", "base", "name"), name)
    agrees(written(changed(named, ("info", 2, 1), name)))


@pytest.mark.parametrize(
    "said", ["", "x", '"', "\\", '","id_str":"abc"', "\0", "\x7f", "\ud800", "😀", "[dog]"]
)
def test_whatever_is_said_both_readers_agree(said: str) -> None:
    for message, escaped in product(map(json.loads, (FEW[0], OLDER[0])), (False, True)):
        extra = {**extra_of(message), "content": said}
        agrees(written(with_extra(changed(message, ("info", 1), said), extra), escaped))


@pytest.mark.parametrize("said", ["", "x", '"', "\\", '","id_str":"abc"', "\x7f", "😀", "[dog]", "a\nb"])
def test_whatever_people_do_say_is_read_fast(said: str) -> None:
    for message in map(json.loads, (FEW[0], OLDER[0])):
        extra = {**extra_of(message), "content": said}
        assert agrees(written(with_extra(changed(message, ("info", 1), said), extra)))


def test_an_extra_that_stands_elsewhere_is_not_taken_for_the_danmakus() -> None:
    message = json.loads(FEW[0])
    stolen = {"extra": message["info"][0][15]["extra"], "mode": 0}
    mine = changed(message, ("info", 0, 15, "extra"), '{"id_str":"mine"}')
    body = written(changed(mine, ("info", 0, 13), stolen))
    assert taken_out(body) is not None
    assert not agrees(body)


@pytest.mark.parametrize("emotes", [0, 1, 50, 51])
def test_emotes_are_read_alike_up_to_the_most_that_are_kept(emotes: int) -> None:
    message = json.loads(FEW[0])
    shown = {f"[{number}]": {"url": f"u{number}"} for number in range(emotes)}
    event = lenient(body := written(with_extra(message, {**extra_of(message), "emots": shown})))
    assert event is not None
    assert len(event.emotes) == min(emotes, 50)
    agrees(body)
    short = {name: {"url": ""} for name in shown}
    assert agrees(written(with_extra(message, {**extra_of(message), "emots": short}))) == (emotes <= 50)


@pytest.mark.parametrize("body", [FEW[0], OLDER[0]])
def test_a_mirrored_danmaku_is_read_as_one(body: bytes) -> None:
    message = json.loads(body)
    mirrored = written(with_extra(message, {**extra_of(message), "is_mirror": True}))
    assert agrees(mirrored)
    event = fast(mirrored)
    assert event is not None
    assert event.is_mirror


def test_an_emote_map_is_no_other_events() -> None:
    one, two = (fast(next(body for body in TODAYS if rb"\"emots\":{" in body)) for _ in range(2))
    assert isinstance(one, Danmaku)
    assert isinstance(two, Danmaku)
    assert one.emotes == two.emotes != {}
    assert one.emotes is not two.emotes


@pytest.mark.parametrize("depth", [500, 1_500])
def test_a_deeply_nested_body_is_left_to_the_lenient_reader_or_read_alike(depth: int) -> None:
    message = json.loads(FEW[0])
    message["info"] = message["info"][:17]
    body = written(message)[:-2] + b"," + b"[" * depth + b"]" * depth + b"]}"
    assert len(body) > 0
    try:
        agrees(body)
    except RecursionError:
        pytest.fail("nesting left the reader")


def test_another_command_that_begins_alike_is_declined() -> None:
    assert fast(msgspec.json.encode({"cmd": "DANMU_MSG_MIRROR"})) is None
    message = json.loads(FEW[0])
    assert not agrees(written({**message, "cmd": "DANMU_MSG_MIRROR"}))
    assert agrees(written({**message, "cmd": "DANMU_MSG:4:0:2:2:2:0"}))
