"""The query language: what is read, what is refused and where, and that canonical text reads into itself."""

import string
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_data.search import spans
from live_data.search.facets import FACETS, GUARDS, KINDS
from live_data.search.language import LONGEST, MOST_TERMS, QueryError, parse
from live_data.search.terms import Query, Term

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(text: str) -> list[str]:
    return [str(term) for term in parse(text).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        (" \u3000\t", []),
        ("晚上 好", ["晚上", "好"]),
        ("晚上\u3000好", ["晚上", "好"]),
        ('"晚上 好" -"a b"', ['"晚上 好"', '-"a b"']),
        ("“晚上 好”", ['"晚上 好"']),
        ("＂a＂", ["a"]),
        ('"she said ""hi"""', ['"she said ""hi"""']),
        ('a"b', ['a"b']),
        ("-坏 －坏", ["-坏", "-坏"]),
        ("- -- ---", ['"-"', '-"-"', '-"--"']),
        ("http://a.b", ['"http://a.b"']),
        (":) 3:2", ['":)"', '"3:2"']),
        ('"room:1"', ['"room:1"']),
        ("room:1,2，阿狸", ["room:1", "room:2", "room:阿狸"]),
        ("房间：1 -房间：２", ["room:1", "-room:2"]),
        ('ROOM:"a b","c,d"', ['room:"a b"', 'room:"c,d"']),
        ("uid:7 用户:阿狸 from:@7", ["from:7", "from:阿狸", "from:@7"]),
        ("from:@阿狸 from:@@x", ["from:阿狸", "from:@@x"]),
        ("type:SC 类型：弹幕", ["type:sc", "type:danmaku"]),
        ("price:>30 价格：≥５０ price:=7", ["price:>30", "price:>=50", "price:7"]),
        ("price:30-100 price:030", ["price:30..100", "price:30"]),
        ("guard:3 大航海:总督 -guard:any", ["guard:captain", "guard:governor", "-guard:any"]),
        ("level:>20 medal:小电视 粉丝牌:大", ["level:>20", "medal:小电视", "medal:大"]),
        ("since:2026-1-2 until:2026/10", ["since:2026-01-02", "until:2026-10"]),
        ("date:2026年10月5日", ["date:2026-10-05"]),
        ('since:"2026-10-05 8:30"', ["since:2026-10-05T08:30"]),
        ("到:2026-10-05T20:30:15+08:00", ["until:2026-10-05T20:30:15+08:00"]),
        ("'; DROP TABLE danmaku; --", ["';", "DROP", "TABLE", "danmaku;", '-"-"']),
        ("NEAR(a b) a* OR ^b", ["NEAR(a", "b)", "a*", "OR", "^b"]),
        ("😂 👨\u200d👩\u200d👧", ["😂", "👨\u200d👩\u200d👧"]),
    ],
)
def test_what_people_type_is_read(text: str, terms: list[str]) -> None:
    assert read(text) == terms


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('好 "晚上', '"晚上'),
        ("“晚上", "“晚上"),
        ('好 ""', '""'),
        ("好 room:", "room:"),
        ("好 -room: x", "-room:"),
        ("type:gift", "gift"),
        ("price:cheap", "cheap"),
        ("price:100..30", "100..30"),
        ("price:" + "9" * 30, "9" * 30),
        ("from:" + "9" * 30, "9" * 30),
        ("好 since:2026-02-30", "2026-02-30"),
        ("since:1969", "1969"),
        ("since:9999", "9999"),
        ("until:2026-10-05T25:00", "2026-10-05T25:00"),
        ("until:2026-10T20:00", "2026-10T20:00"),
        ("date:2026-10-05T20:30", "2026-10-05T20:30"),
        ("-since:2026", "-since:2026"),
        ("guard:4", "4"),
        ("room:1,,2", "room:1,"),
        ("medal:" + "长" * 101, "长" * 101),
        ("长" * 10_000, "长" * 9_000),
        ("a " * (MOST_TERMS + 2), "a a "),
    ],
)
def test_what_makes_no_sense_is_said_with_its_place(text: str, wrong: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    start, end = caught.value.place
    assert text[start:end] == wrong
    assert str(caught.value).endswith(".")


@given(st.text(max_size=LONGEST + 5))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        start, end = error.place
        assert 0 <= start <= end <= len(text)
    else:
        assert parse(str(query)[:LONGEST]) == query or len(str(query)) > LONGEST
        for term in query.terms:
            assert 0 <= term.place[0] < term.place[1] <= len(text)


_names = st.text(min_size=1, max_size=12)
_amounts = st.integers(0, 10**17).flatmap(
    lambda n: st.sampled_from([f"{n}", f">{n}", f">={n}", f"<{n}", f"<={n}", f"{n}..{n + 5}"])
)
_moments = st.dates(date(1971, 1, 1), date(2999, 1, 1))
_times = st.tuples(
    _moments, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT20:30", "%Y-%m-%dT08:30:15+08:00"])
).map(lambda pair: pair[0].strftime(pair[1]))
_values = {
    "room": _names.map("@".__add__) | st.integers(0, 2**63 - 1).map(str),
    "from": _names.map("@".__add__) | st.integers(0, 2**63 - 1).map(str),
    "session": st.text("abyzABYZ019_-", min_size=1, max_size=40),
    "type": st.sampled_from(sorted(KINDS)),
    "guard": st.sampled_from(sorted(GUARDS)),
    "medal": _names,
    "price": _amounts,
    "level": _amounts,
    "date": _times.filter(lambda text: "T" not in text),
    "since": _times,
    "until": _times,
}


def terms_of(key: str) -> st.SearchStrategy[Term]:
    values = _values[key].map(FACETS[key].read) if key else _names
    may_exclude = not key or FACETS[key].may_exclude
    return st.builds(Term, st.just(key), values, st.booleans() if may_exclude else st.just(False))


QUERIES = st.lists(st.sampled_from(["", *FACETS]).flatmap(terms_of), max_size=5).map(
    lambda terms: Query(tuple(terms))
)


@given(QUERIES)
def test_a_query_reads_back_from_its_text(query: Query) -> None:
    if len(str(query)) <= LONGEST:
        assert parse(str(query)) == query


@given(
    st.sampled_from(sorted(set(_values) - {"room", "from", "medal"})), st.text(string.printable, max_size=30)
)
def test_a_canonical_value_reads_into_itself(key: str, text: str) -> None:
    try:
        canonical = FACETS[key].read(text)
    except ValueError:
        return
    assert FACETS[key].read(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("2026", "2025-12-31T16:00Z", "2026-12-31T16:00Z"),
        ("2026-12", "2026-11-30T16:00Z", "2026-12-31T16:00Z"),
        ("2026-10-05", "2026-10-04T16:00Z", "2026-10-05T16:00Z"),
        ("2026-10-05T08:00", "2026-10-05T00:00Z", "2026-10-05T00:00Z"),
        ("2026-10-05T08:00Z", "2026-10-05T08:00Z", "2026-10-05T08:00Z"),
    ],
)
def test_a_time_is_a_stretch_where_the_viewer_is(written: str, begin: str, end: str) -> None:
    assert spans.of(written, SHANGHAI) == (datetime.fromisoformat(begin), datetime.fromisoformat(end))
