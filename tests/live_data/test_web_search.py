"""The search page and its JSON: what is found, what is marked as wrong, what hostile text becomes."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from live_data.forms.search import BuilderForm
from live_data.search.language import parse
from live_data.views.highlighting import pieces
from tests.live_data.search.rows import paid, said
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u2400\x1b[31m"


def page(client: Client, status: int = 200, **parameters: Any) -> str:
    response = client.get("/live/search/", parameters)
    assert response.status_code == status
    return response.content.decode()


def found(client: Client, q: str, **parameters: Any) -> list[str]:
    answer = client.get("/live/api/search", {"q": q, **parameters})
    assert answer.status_code == 200, answer.content
    return [item["message"] for item in answer.json()["results"]]


def test_hits_are_marked_and_lead_to_their_context(client: Client) -> None:
    row = said("主播晚上好ＡＢ晚上")
    text = page(client, q="晚上 ab")
    assert "主播<mark>晚上</mark>好<mark>ＡＢ晚上</mark>" in text
    assert f"/live/danmaku/{bytes(row.event_id).hex()}/" in text


def test_a_super_chat_has_a_context_too(client: Client) -> None:
    said("before", AT - 5)
    row = paid("the question")
    said("after", AT + 5)
    text = client.get(f"/live/danmaku/{bytes(row.event_id).hex()}/").content.decode()
    assert "the question" in text
    assert "before" in text
    assert "after" in text


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("", ["paid 晚", "good 100%", "晚上好"]),
        ("晚", ["paid 晚", "晚上好"]),
        ("type:sc", ["paid 晚"]),
        ("price:>30", []),
        ("价格：30", ["paid 晚"]),
        ("-晚", ["good 100%"]),
        ("-晚 -good", []),
        ("100%", ["good 100%"]),
        ("房间:主播 晚上", ["晚上好"]),
        (f"room:{ROOM + 1}", ["good 100%"]),
        (f"-room:{ROOM + 1}", ["paid 晚", "晚上好"]),
        ("from:7 晚上", ["晚上好"]),
        ("from:阿 晚上", ["晚上好"]),
        ("date:2026-09-21", ["paid 晚", "good 100%", "晚上好"]),
        ("since:2026-09-22", []),
        ("until:2026-09-20", []),
        ("' OR 1=1; --", []),
        ("NEAR(晚 上) OR *", []),
        ('"', None),
        ("room:12345", None),
        ("长" * 10_000, None),
    ],
)
def test_the_program_and_the_page_find_the_same(client: Client, q: str, wanted: list[str] | None) -> None:
    said("晚上好")
    said("good 100%", AT + 1, room_id=ROOM + 1)
    paid("paid 晚", AT + 2)
    if wanted is None:
        assert client.get("/live/api/search", {"q": q}).status_code == 400
        assert 'id="q-said"' in page(client, 400, q=q)
        return
    assert found(client, q) == wanted
    assert page(client, q=q).count('class="line ') == len(wanted if q else [])


def test_a_mistake_is_marked_where_it_stands(client: Client) -> None:
    assert "好 room:<del>12345</del> x</p>" in page(client, 400, q="好 room:12345 x")
    assert "好 <del>&quot;x</del></p>" in page(client, 400, q='好 "x')


def test_pages_join_without_a_gap_or_a_double(client: Client) -> None:
    for number in range(7):
        said(f"第{number}条", AT + number // 2, tail=number)
    found_all: list[str] = []
    cursor = ""
    while True:
        answer = client.get("/live/api/search", {"q": "条", "limit": "2", "cursor": cursor}).json()
        found_all += [item["message"] for item in answer["results"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert found_all == [f"第{number}条" for number in range(6, -1, -1)]


def test_the_fields_write_a_query(client: Client) -> None:
    fields = {
        "build": "1",
        "words": "晚上 好",
        "without": "坏",
        "room": "1, 2",
        "from": "@7",
        "type": "sc",
        "price": ">30",
    }
    response = client.get("/live/search/", fields)
    assert response.status_code == 302
    assert Client().get(response["Location"]).status_code == 400  # no such rooms
    assert "q=%E6%99%9A%E4%B8%8A" in response["Location"]
    wrong = client.get("/live/search/", {"build": "1", "price": "cheap"})
    assert wrong.status_code == 400
    assert 'id="price-said"' in wrong.content.decode()


def test_the_fields_show_what_was_asked(client: Client) -> None:
    text = page(client, q='"a b" -c from:7 guard:any since:2026-10')
    for value in ("&quot;a b&quot;", "c", "7", "2026-10"):
        assert f'value="{value}"' in text


@pytest.mark.parametrize(
    "query",
    [
        "hello -room:1",
        '好 -from:7 medal:"a,b"',
        "好 type:danmaku type:sc",
        "date:2026-10-05 price:>30",
        "-guard:any -早",
        'from:"- " room:"@ " 好',
    ],
)
def test_the_fields_write_the_query_that_they_show(client: Client, query: str) -> None:
    builder = BuilderForm.showing(parse(query))
    fields = {name: value for name, value in builder.data.items() if value}
    answer = client.get("/live/search/", {"build": "1", "tz": "Asia/Tokyo", **fields})
    assert answer.status_code == 302, answer.content.decode()
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert set(parse(asked["q"][0]).terms) == set(parse(query).terms)
    assert asked["tz"] == ["Asia/Tokyo"]


def test_more_conditions_than_a_search_has_are_refused(client: Client) -> None:
    answer = client.get("/live/search/", {"build": "1", "words": "a " * 30, "without": "b " * 30})
    assert answer.status_code == 400
    assert "at most" in answer.content.decode()


def test_hostile_words_and_texts_run_nothing(client: Client) -> None:
    said(HOSTILE, username=HOSTILE, medal_name=HOSTILE)
    text = page(client, q="script")
    assert "<script>alert" not in text
    assert "onerror=alert(1)>" not in text
    assert "&lt;/<mark>script</mark>&gt;" in text
    assert "<script>alert" not in page(client, 400, q=f'"{HOSTILE}')


def test_a_long_text_is_shown_around_its_hit() -> None:
    shown = pieces("长" * 5000 + "x" + "长" * 5000, ("x",))
    assert [text for text, is_hit in shown if is_hit] == ["x"]
    assert sum(len(text) for text, _ in shown) < 700
    assert pieces("", ("x",)) == []


def test_what_was_searched_to_its_end_is_not_called_partial(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        said("a", AT + number, medal_name="b")
    for budget in range(1_500, 2_500, 100):
        monkeypatch.setattr("live_data.search.searching.search.__defaults__", (None, 50, budget))
        answer = client.get("/live/api/search", {"q": "medal:c"}).json()
        assert not answer["partial"] or answer["searched_to"] > "2026-09-01"
    assert answer["next"] is None


def test_what_reads_back_too_far_says_so_and_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live_data.search.searching.search.__defaults__", (None, 50, 300))
    for number in range(100):
        said("a", AT + number, medal_name="b")
    answer = client.get("/live/api/search", {"q": "medal:c"}).json()
    assert answer["partial"]
    assert answer["results"] == []
    assert answer["searched_to"] < "2026-09-21T14:13:20.099Z"
    assert "Search further back" in page(client, q="medal:c")
