"""Whatever is said and whatever is asked: a search finds what plain substring matching finds, on any page."""

from collections.abc import Callable
from datetime import UTC
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_data.instants import moment
from live_data.models import DanmakuData, SearchFilling, SuperChatData
from live_data.search import filling, index, looking
from live_data.search.documents import docid_of
from live_data.search.engines import postgresql
from live_data.search.folding import fold
from live_data.search.language import parse
from live_data.search.searching import BUDGET, search
from live_data.search.terms import Query, Term
from live_data.search.wanted import Session
from tests.live_data.search.rows import paid, said
from tests.live_data.search.ways import WAYS
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

#: Few characters, so that words are found; traps of tokenizers and of folding among them.
_texts = st.text(st.sampled_from("哈哈主播Aａ1 \"'-_:*()\x00é🐶\u200d\ufe0fガ"), max_size=8) | st.text(
    max_size=4
)
storable = _texts.map(lambda text: text.encode("utf-8", "replace").decode().replace("\x00", "\u2400"))
words = storable.filter(bool)
#: Milliseconds and hashes so few that numbers of documents collide.
_rows = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.integers(AT, AT + 3),
            "tail": st.integers(0, 2).flatmap(
                lambda high: st.integers(0, 30).map(lambda low: (high << 64) + low)
            ),
            "message": storable,
            "message_trans": st.none() | storable,
            "room_id": st.sampled_from([ROOM, ROOM + 1]),
            "uid": st.sampled_from([None, 1, 2**60]),
            "username": storable,
            "guard_level": st.integers(0, 3),
            "medal_name": st.none() | storable,
            "medal_level": st.integers(0, 3),
            "price": st.integers(0, 3),
        }
    ),
    unique_by=lambda row: (row["at"], row["tail"]),
    max_size=12,
)
SESSIONS = {
    "first": Session(ROOM, moment(AT), moment(AT + 2)),
    "second": Session(ROOM + 1, moment(AT + 1), None),
}
_facets = st.one_of(
    st.builds(Term, st.just("room"), st.sampled_from([str(ROOM), str(ROOM + 1)]), st.booleans()),
    st.builds(Term, st.just("session"), st.sampled_from([*SESSIONS]), st.booleans()),
    st.builds(Term, st.just("from"), st.sampled_from(["1", str(2**60)]), st.booleans()),
    st.builds(Term, st.just("from"), words.map("@".__add__), st.booleans()),
    st.builds(Term, st.just("type"), st.sampled_from(["danmaku", "sc"]), st.booleans()),
    st.builds(Term, st.just("guard"), st.sampled_from(["captain", "any", "none"]), st.booleans()),
    st.builds(Term, st.just("price"), st.sampled_from([">1", "<=2", "1..2"]), st.booleans()),
    st.builds(Term, st.just("level"), st.sampled_from([">1", "2"]), st.booleans()),
    st.builds(Term, st.just("medal"), words, st.booleans()),
)
_queries = st.lists(st.builds(Term, st.just(""), words, st.booleans()) | _facets, max_size=4)


def _is_hit(row: dict[str, Any], terms: list[Term]) -> bool:
    holds: dict[str, list[bool]] = {}
    for term in terms:
        found = _FINDS[term.key](row, term.value)
        if term.is_excluded and found:
            return False
        if not term.is_excluded:
            holds.setdefault(term.key, []).append(found)
    return all(
        any(found) if key in ("room", "session", "from", "type", "guard", "medal") else all(found)
        for key, found in holds.items()
    )


def _finds_word(row: dict[str, Any], word: str) -> bool:
    return any(
        fold(word) in fold(text) for text in (row["message"], row["message_trans"]) if text is not None
    )


def _finds_person(row: dict[str, Any], value: str) -> bool:
    if value.startswith("@"):
        return fold(value[1:]) in fold(str(row["username"]))
    return bool(row["uid"] == int(value))


def _finds_session(row: dict[str, Any], value: str) -> bool:
    room_id, since, until = {"first": (ROOM, 0, 2), "second": (ROOM + 1, 1, 4)}[value]
    return bool(row["room_id"] == room_id and AT + since <= row["at"] < AT + until)


def _finds_amount(amount: int | None, value: str) -> bool:
    return (
        amount is not None
        and {
            ">1": amount > 1,
            "<=2": amount <= 2,
            "1..2": 1 <= amount <= 2,
            "2": amount == 2,
        }[value]
    )


_FINDS: dict[str, Callable[[dict[str, Any], str], bool]] = {
    "": _finds_word,
    "room": lambda row, value: row["room_id"] == int(value),
    "session": _finds_session,
    "from": _finds_person,
    "type": lambda row, value: value == ("danmaku" if row["message_trans"] is None else "sc"),
    "guard": lambda row, value: row["guard_level"] in {"captain": [3], "any": [1, 2, 3], "none": [0]}[value],
    "price": lambda row, value: _finds_amount(None if row["message_trans"] is None else row["price"], value),
    "level": lambda row, value: _finds_amount(row["medal_level"], value),
    "medal": lambda row, value: row["medal_name"] is not None and fold(row["medal_name"]) == fold(value),
}


def _store(rows: list[dict[str, Any]]) -> None:
    paid("in the room itself", at=AT - 1, room_id=ROOM)
    said("and in the other", at=AT - 2, room_id=ROOM + 1)
    for row in rows:
        fields = dict(row)
        if row["message_trans"] is None:
            del fields["message_trans"], fields["price"]
            said(**fields)
        else:
            paid(**fields)


def _all_pages(query: Query, limit: int, budget: int) -> list[bytes]:
    found: list[bytes] = []
    before = None
    while True:
        page = search(query, UTC, before, limit, budget, session_of=SESSIONS.get)
        found += [hit.event_id for hit in page.hits]
        if page.next is None:
            return found
        assert before is None or page.next < before
        before = page.next


#: How much of the history the index has when it is asked.
_fillings = st.sampled_from(["all", "none", "half"])
#: How many rows a search looks at in one go: so few that there are several of them.
_pieces = st.sampled_from([{"_FIRST": 1, "_LARGEST": 1}, {"_FIRST": 2, "_LARGEST": 3}, {}])


@given(
    rows=_rows,
    terms=_queries,
    limit=st.integers(1, 5),
    budget=st.sampled_from([1, 40, BUDGET]),
    filled=_fillings,
    way=st.sampled_from(WAYS),
    pieces=_pieces,
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_search_is_plain_substring_matching(
    rows: list[dict[str, Any]],
    terms: list[Term],
    *,
    limit: int,
    budget: int,
    filled: str,
    way: dict[str, int],
    pieces: dict[str, int],
) -> None:
    with (
        transaction.atomic(),
        patch.dict(vars(postgresql), way),
        patch.dict(vars(looking), pieces),
    ):
        _store(rows)
        if filled != "all":
            filling.begin()
        if filled == "half":
            _fill_half(rows)
        wanted = [
            row["at"].to_bytes(6, "big") + row["tail"].to_bytes(10, "big")
            for row in rows
            if _is_hit(row, terms)
        ]
        query = parse(str(Query(tuple(terms))))
        found = [
            event_id for event_id in _all_pages(query, limit, budget) if event_id[:6] >= AT.to_bytes(6, "big")
        ]
        assert found == sorted(wanted, reverse=True)
        transaction.set_rollback(True)


def _fill_half(rows: list[dict[str, Any]]) -> None:
    """Down to the middle one."""
    while filling.fill():
        pass
    if rows:
        middle = sorted(
            docid_of(row["at"].to_bytes(6, "big") + row["tail"].to_bytes(10, "big")) for row in rows
        )
        SearchFilling.objects.create(filled_from=middle[len(rows) // 2])


@given(rows=_rows, word=words, keep=st.integers(0, 12))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_goes_leaves_the_index_and_nothing_else_does(
    rows: list[dict[str, Any]], word: str, keep: int
) -> None:
    with transaction.atomic():
        _store(rows)
        for table in (DanmakuData, SuperChatData):
            gone = list(table.objects.filter(timestamp__gte="2026-09-21T14:13:20Z").order_by("pk")[keep:])
            table.objects.filter(pk__in=[row.pk for row in gone]).delete()
            index.remove(table, gone)
        left = [
            bytes(event_id)
            for table in (DanmakuData, SuperChatData)
            for event_id in table.objects.filter(timestamp__gte="2026-09-21T14:13:20Z").values_list(
                "event_id", flat=True
            )
        ]
        wanted = [
            event_id
            for row in rows
            if (event_id := row["at"].to_bytes(6, "big") + row["tail"].to_bytes(10, "big")) in left
            and _finds_word(row, word)
        ]
        found = [
            each
            for each in _all_pages(Query((Term("", word),)), 5, BUDGET)
            if each[:6] >= AT.to_bytes(6, "big")
        ]
        assert found == sorted(wanted, reverse=True)
        transaction.set_rollback(True)


@pytest.mark.parametrize("paid_ones", ["none", "few", "half", "most", "all"])
@pytest.mark.parametrize("pieces", [{"_FIRST": 1, "_LARGEST": 1}, {"_FIRST": 2, "_LARGEST": 5}])
def test_super_chats_are_found_between_danmaku_however_many_they_are(
    paid_ones: str, pieces: dict[str, int]
) -> None:
    share = {"none": 0, "few": 1, "half": 5, "most": 9, "all": 10}[paid_ones]
    dice = Random(paid_ones)
    for number in range(30):
        say = paid if dice.randrange(10) < share else said
        say("晚上好", AT + number // 2, number, room_id=ROOM + number % 2)
    rows = [row for table in (DanmakuData, SuperChatData) for row in table.objects.all()]
    for text, wanted in (
        ("晚上", rows),
        (f"晚上 room:{ROOM}", [row for row in rows if row.room_id == ROOM]),
        ("晚上 type:sc", [row for row in rows if isinstance(row, SuperChatData)]),
        (
            f"晚上 room:{ROOM} type:sc",
            [r for r in rows if r.room_id == ROOM and isinstance(r, SuperChatData)],
        ),
    ):
        with patch.dict(vars(looking), pieces):
            found = _all_pages(parse(text), 4, BUDGET)
        assert found == sorted((bytes(row.event_id) for row in wanted), reverse=True), text
