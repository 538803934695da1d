"""/live/people/ and its JSON: who is found, what is marked as wrong, what hostile names become."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from live_data.models import DayCount, PersonDay
from live_data.search import filling, names
from live_data.search.language import parse
from live_data.storing import person_rooms
from live_data.views.names import glance
from tests.live_data.search.rows import said
from tests.live_data.search.test_names import called
from tests.live_data.web_rows import room
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u2400\x1b[31m🐶"


def page(client: Client, status: int = 200, **parameters: Any) -> str:
    response = client.get("/live/people/", parameters)
    assert response.status_code == status, response.content
    return response.content.decode()


def found(client: Client, q: str, **parameters: Any) -> list[str]:
    answer = client.get("/live/api/people", {"q": q, **parameters})
    assert answer.status_code == 200, answer.content
    return [item["username"] for item in answer.json()["results"]]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@pytest.fixture(params=["indexed", "not yet"])
def people(request: pytest.FixtureRequest) -> None:
    for number, username in enumerate(["阿狸", "阿狸2号", "ＡＢ 🐶", "100%", "it's -x"]):
        called(username, 7 + number)
    if request.param == "indexed":
        while filling.fill():
            pass


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("", []),
        ("   ", []),
        ("狸", ["阿狸2号", "阿狸"]),
        ("狸 2", ["阿狸2号"]),
        ("狸 -2", ["阿狸"]),
        ("-狸", ["it's -x", "100%", "ＡＢ 🐶"]),
        ("-狸 -1 -b -x", []),
        ("ab", ["ＡＢ 🐶"]),
        ("🐶", ["ＡＢ 🐶"]),
        ('"b 🐶"', ["ＡＢ 🐶"]),
        ("100%", ["100%"]),
        ("%", ["100%"]),
        ("_", []),
        ("it's", ["it's -x"]),
        ('"-x"', ["it's -x"]),
        ("' OR 1=1; --", []),
        ("NEAR(阿 狸) OR *", []),
        ('"', None),
        ("room:12345", None),
        ("狸 用户:7", None),
        ("长" * 10_000, None),
        ("长 " * 500, None),
    ],
)
def test_the_program_and_the_page_find_the_same(client: Client, q: str, wanted: list[str] | None) -> None:
    if wanted is None:
        assert client.get("/live/api/people", {"q": q}).status_code == 400
        assert 'id="q-said"' in page(client, 400, q=q)
        return
    assert found(client, q) == wanted
    html = page(client, q=q)
    assert html.count('<th scope="row">') == len(wanted)
    assert ("Nobody had such a name here." in html) == (bool(q.strip()) and not wanted)
    assert ("How to find people" in html) == (not q.strip())


def test_a_person_is_shown_with_the_name_of_now_and_what_they_did(client: Client) -> None:
    called("旧阿狸", 2**60 + 1, last_day="2026-09-23")
    called("新名", 2**60 + 1, first_day="2026-09-24", last_day="2026-09-24")
    for day, danmaku, gold in (("2026-09-21", 3, 0), ("2026-09-24", 1, 1550)):
        room()
        DayCount.objects.create(room_id=ROOM, day=day, danmaku=danmaku, gift_gold=gold)
        PersonDay.objects.create(room_id=ROOM, uid=2**60 + 1, day=day, danmaku=danmaku, gift_gold=gold)
    person_rooms.rebuild(ROOM)
    html = page(client, q="阿狸")
    assert "旧<mark>阿狸</mark>" in html
    assert f'href="/live/people/{2**60 + 1}/"' in html
    assert f"旧 阿狸 {2**60 + 1} now called 新名 2026-09-21 – 2026-09-23 4 ¥1.55" in text(html)
    assert client.get("/live/api/people", {"q": "阿狸"}).json() == {
        "query": "阿狸",
        "results": [
            {
                "uid": str(2**60 + 1),
                "username": "旧阿狸",
                "current_name": "新名",
                "first_day": "2026-09-21",
                "last_day": "2026-09-23",
                "danmaku": 4,
                "gold": 1550,
                "hits": [[1, 3]],
            }
        ],
        "next": None,
        "partial": False,
    }
    assert f"新名 {2**60 + 1} 2026-09-24 4 ¥1.55" in text(page(client, q="新名"))


def test_a_user_id_leads_to_the_person_too(client: Client) -> None:
    called("阿狸", 12345)
    called("12345号", 1)
    html = page(client, q="12345")
    assert "User ID 12345 阿狸" in text(html)
    assert "<mark>12345</mark>号" in html
    for other in ("123", "12345 1", "-12345", "0", "9" * 30):
        assert "User ID 12345" not in text(page(client, q=other))


def test_pages_join_without_a_gap_or_a_double(client: Client) -> None:
    for number in range(7):
        called(f"第{number}位", number)
        if number == 3:
            assert filling.fill() == 4
    wanted = [f"第{number}位" for number in range(6, -1, -1)]
    seen, query = [], "q=位&limit=2"
    while query:
        html = client.get(f"/live/people/?{query}").content.decode()
        seen += re.findall(r"第\d", html)
        older = re.search(r'rel="next"\s+href="\?([^"]*)"', html)
        query = unescape(older[1]) if older else ""
    assert seen == [name[:2] for name in wanted]
    by_program: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get("/live/api/people", {"q": "位", "limit": "3", "cursor": cursor}).json()
        by_program += [item["username"] for item in answer["results"]]
        cursor = answer["next"]
    assert by_program == wanted


@pytest.mark.usefixtures("people")
def test_behind_the_first_name_there_is_nothing(client: Client) -> None:
    for q in ("-a", "狸"):
        assert found(client, q, cursor="1") == []
        assert "阿狸" not in text(page(client, q=q, cursor="1")).split()


def test_what_looks_through_too_many_names_says_so_and_goes_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names.search, "__defaults__", (None, 50, 4))
    for number in range(6):
        called("甲" if number else "乙", number)
    answer = client.get("/live/api/people", {"q": "-甲"}).json()
    assert (answer["results"], answer["partial"]) == ([], True)
    html = page(client, q="-甲")
    assert "Nobody among the newest names." in html
    assert "there are older ones" in html
    assert "Search further back" in html
    assert found(client, "-甲", cursor=answer["next"]) == ["乙"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("cursor", value) for value in ("x", "0", "-1", "007", "９", "1.5", "9" * 30, "AAAA")]
    + [("limit", value) for value in ("-1", "x", "101")],
)
def test_nonsense_is_refused_beside_its_field(client: Client, name: str, value: str) -> None:
    assert re.search(rf'<p id="{name}-said"\s+class="field-error"', page(client, 400, q="a", **{name: value}))
    answer = client.get("/live/api/people", {"q": "a", name: value})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{name}: ")


def test_a_mistake_is_marked_where_it_stands(client: Client) -> None:
    assert "阿 room:<del>12345</del> x</p>" in page(client, 400, q="阿 room:12345 x")
    assert "阿 <del>&quot;x</del></p>" in page(client, 400, q='阿 "x')


def test_hostile_names_run_nothing(client: Client) -> None:
    called(HOSTILE, 1)
    called(f"{HOSTILE}2", 1, last_day="2026-09-22")
    said("script")
    for html in (page(client, q="script"), client.get("/live/search/?q=script").content.decode()):
        assert "<script>alert" not in html
        assert "onerror=alert(1)>" not in html
        outside = re.sub(r"<bdi[^>]*>.*?</bdi>", "", html, flags=re.DOTALL)
        assert "\u202e" not in outside
    assert "&lt;/<mark>script</mark>&gt;" in page(client, q="script")
    assert "<script>alert" not in page(client, 400, q=f'"{HOSTILE}')
    called("长" * 5000, 2)
    assert len(re.findall("长", page(client, q="长"))) < 300


def test_a_search_of_what_was_said_names_people_too(client: Client) -> None:
    said("阿狸晚上好")
    said("后来", AT + 1)
    for number in range(8):
        called(f"阿狸{number // 2}", number // 2) if number % 2 else called(f"小阿狸{number}", number // 2)

    def people(**parameters: Any) -> list[str]:
        html = client.get("/live/search/", parameters).content.decode()
        line = re.search(r'<p class="search-people">.*?</p>', html, re.DOTALL)
        return re.findall(r"[小阿狸0-9]{2,}(?=</bdi>)", line[0]) if line else []

    assert people(q="阿狸") == ["阿狸3", "阿狸2", "阿狸1", "阿狸0"]
    assert people(q="阿狸 -小") == ["阿狸3", "阿狸2", "阿狸1", "阿狸0"]
    assert people(q="阿狸 小") == ["小阿狸6", "小阿狸4", "小阿狸2", "小阿狸0"]
    for other in ("没有", "阿狸 type:sc", "-没有", ""):
        assert people(q=other) == []
    cursor = client.get("/live/api/search", {"q": "-没有", "limit": "1"}).json()["next"]
    assert people(q="阿狸", cursor=cursor) == []


def test_both_pages_lead_to_each_other(client: Client) -> None:
    html = client.get("/live/search/", {"q": f'阿狸 -"a&b" room:{room().room_id}'}).content.decode()
    address = re.search(r'href="(/live/people/\?[^"]*)"', html)
    assert address is not None
    assert parse_qs(urlsplit(unescape(address[1])).query) == {"q": ["阿狸 -a&b"]}
    back = re.search(r'href="(/live/search/\?[^"]*)"', client.get(unescape(address[1])).content.decode())
    assert back is not None
    assert parse_qs(urlsplit(unescape(back[1])).query) == {"q": ["阿狸 -a&b"]}
    assert 'href="/live/people/"' in client.get("/live/search/").content.decode()


def test_a_glance_looks_at_few_names() -> None:
    for number in range(400):
        called("甲乙丙甲", number)
    while filling.fill():
        pass
    called("丙甲乙", 1000)
    assert len(glance(parse("甲"))) == 5
    assert [name.uid for name in glance(parse("丙甲乙"))] == [1000]


def test_many_names_take_as_many_queries_as_few(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, q="阿狸")
        return len(captured)

    called("阿狸", 1)
    while filling.fill():
        pass
    few = queries()
    for number in range(2, 60):
        called("阿狸", number)
    while filling.fill():
        pass
    assert queries() == few


def test_it_is_only_read(client: Client) -> None:
    for address in ("/live/people/", "/live/api/people"):
        assert client.post(address).status_code == 405
    assert client.head("/live/people/").status_code == 200
