"""Whoever was called whatever: a search of names finds what plain substring matching finds, on any page."""

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_data.models import NameFilling, PersonName
from live_data.search import filling, name_index, names
from live_data.search.documents import BEHIND_ALL
from live_data.search.engines import postgresql
from live_data.search.folding import fold
from live_data.search.language import QueryError, parse
from live_data.search.needs import Needs
from live_data.search.terms import Query, Term
from live_data.storing import calendar, person_names
from tests.live_data.search.test_same_as_substring import storable, words

pytestmark = pytest.mark.django_db

DAY = "2026-09-21"
_names = st.lists(storable, max_size=12)
_queries = st.lists(st.builds(Term, st.just(""), words, st.booleans()), max_size=4)


def called(username: str, uid: int = 7, **days: Any) -> PersonName:
    """Not indexed yet."""
    return PersonName.objects.create(
        uid=uid, username=username, **({"first_day": DAY, "last_day": DAY} | days)
    )


def all_pages(query: Query, limit: int, budget: int) -> list[str]:
    found: list[str] = []
    before = None
    while True:
        page = names.search(query, before, limit, budget)
        found += [hit.username for hit in page.hits]
        assert page.is_partial == (page.next is not None and len(page.hits) < limit)
        if page.next is None:
            return found
        assert before is None or page.next < before
        before = page.next


def known(token: str) -> list[int]:
    """What the index has of it."""
    return name_index.candidates(Needs((token,)), BEHIND_ALL, 100)


@given(
    before=_names,
    after=_names,
    terms=_queries,
    limit=st.integers(1, 5),
    budget=st.sampled_from([1, 3, names.BUDGET]),
    gone=st.integers(0, 6),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_search_is_plain_substring_matching(
    before: list[str], after: list[str], terms: list[Term], *, limit: int, budget: int, gone: int
) -> None:
    with transaction.atomic():
        for uid, username in enumerate(before):
            called(username, uid)
        while filling.fill():
            pass
        for uid, username in enumerate(after, len(before)):
            called(username, uid)
        every = list(enumerate(before + after))
        person_names.replace([uid for uid, _ in every[:gone]], {})
        wanted = [
            username
            for _, username in reversed(every[gone:])
            if terms and all((fold(term.value) in fold(username)) is not term.is_excluded for term in terms)
        ]
        query = Query(tuple(terms))
        assert all_pages(query, limit, budget) == wanted
        assert all_pages(parse(str(query)), limit, names.BUDGET) == wanted
        while filling.fill():
            pass
        assert all_pages(query, limit, budget) == wanted
        transaction.set_rollback(True)


def test_names_are_indexed_in_order_a_piece_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_PIECE", 2)
    rows = [called("阿狸", uid) for uid in range(5)]
    assert (known("阿狸"), name_index.filled_to()) == ([], 0)
    assert filling.fill() == 2
    assert (known("阿狸"), name_index.filled_to()) == ([rows[1].pk, rows[0].pk], rows[1].pk)
    assert (filling.fill(), filling.fill(), filling.fill()) == (2, 1, None)
    assert (len(known("阿狸")), NameFilling.objects.count()) == (5, 1)
    called("阿狸", 5)
    assert (filling.fill(), filling.fill(), len(known("阿狸"))) == (1, None, 6)


def test_the_index_made_anew_has_the_same_names() -> None:
    for uid in range(5):
        called("阿狸", uid)
    while filling.fill():
        pass
    before = known("阿狸")
    filling.begin()
    assert (known("阿狸"), name_index.filled_to()) == ([], 0)
    assert len(all_pages(parse("阿狸"), 2, names.BUDGET)) == 5
    while filling.fill():
        pass
    assert known("阿狸") == before


def test_a_name_that_goes_leaves_nothing_in_the_index() -> None:
    called("Forget Me", 1)
    kept = called("Forget Me Not", 1)
    while filling.fill():
        pass
    later = called("forget", 1)
    spans = person_names.stored([1])
    assert person_names.replace([1], {(1, kept.username): spans[1, kept.username]}) == 2
    assert known("fo") == [kept.pk]
    assert not PersonName.objects.filter(pk=later.pk).exists()
    person_names.settle([1], calendar.days())
    assert known("fo") == known("n") == []
    assert not PersonName.objects.exists()


def test_what_the_sync_stores_is_found_at_once_and_not_indexed() -> None:
    days = calendar.days()
    day = days.of(0)
    person_names.write({(7, "阿狸", day): 1}, days)
    assert (known("阿狸"), all_pages(parse("狸"), 5, names.BUDGET)) == ([], ["阿狸"])
    assert filling.fill() == 1
    with_index = all_pages(parse("狸"), 5, names.BUDGET)
    person_names.write({(7, "阿狸", days.of(10**9)): 1}, days)  # the same name on another day
    assert (with_index, filling.fill(), len(known("阿狸"))) == (["阿狸"], None, 1)


def test_a_condition_is_no_part_of_a_name() -> None:
    with pytest.raises(QueryError, match="room: does not choose people") as refused:
        names.search(parse("阿狸 room:7"))
    assert refused.value.place == (8, 9)
    called("room:7")
    assert all_pages(parse('"room:7"'), 5, names.BUDGET) == ["room:7"]


def test_many_words_are_one_question() -> None:
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 200)))
    called(long)
    while filling.fill():
        pass
    assert all_pages(Query(tuple(Term("", long[at : at + 3]) for at in range(45))), 5, 1) == [long]


def test_a_long_list_is_not_read_to_its_end() -> None:
    for uid in range(300):
        called("阿狸" if uid == 0 else "别人", uid)
    while filling.fill():
        pass
    only_excluded = names.search(parse("-别人"), budget=100)
    assert (only_excluded.hits, only_excluded.is_partial) == ([], True)
    assert all_pages(parse("-别人"), 5, 100) == ["阿狸"]
    found = names.search(parse("阿狸"), budget=100)
    assert (len(found.hits), found.is_partial, found.next) == (1, False, None)


def test_names_that_go_while_others_are_looked_for_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word the index has nothing to be asked for."""
    monkeypatch.setattr(names, "_least", lambda: 1)
    assert names.search(parse("-别人")).hits == []


@pytest.mark.only_on("postgresql")
def test_who_stores_names_lets_no_filling_pass_before_the_end_of_his_transaction() -> None:
    question = (
        "SELECT count(*) FROM pg_locks"
        f" WHERE locktype = 'advisory' AND objid = {postgresql._LOCK} AND pid = pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        days = calendar.days()
        cursor.execute(question)
        assert cursor.fetchone() == (0,)
        person_names.write({(7, "阿狸", days.of(0)): 1}, days)
        cursor.execute(question)
        assert cursor.fetchone() == (1,)
