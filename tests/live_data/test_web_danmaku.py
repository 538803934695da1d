"""The danmaku browser and permalinks: what is chosen, what is refused, what hostile text becomes."""

import json
import random
import re
from typing import Any

import pytest
from django.test import Client

from live_data.models import DanmakuData
from live_data.queries import lists
from live_data.queries.lists import Chosen
from tests.live_data.web_rows import danmaku_row, room
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u2400\x1b[31m"
OTHER = ROOM + 1


def given(client: Client, address: str, status: int = 200) -> Any:
    """What the page's script begins with."""
    response = client.get(address)
    assert response.status_code == status
    found = re.search(r'<script id="given" type="application/json">(.*?)</script>', response.content.decode())
    assert found
    return json.loads(found[1])


def texts(client: Client, query: str) -> list[str]:
    return [item["message"] for item in given(client, f"/live/danmaku/?{query}")["results"]]


def test_the_newest_come_first_and_the_page_says_where_they_go_on(client: Client) -> None:
    for number in range(102):
        danmaku_row(f"第{number}条", at=AT + number)
    page = given(client, "/live/danmaku/")
    assert [item["message"] for item in page["results"]] == [f"第{number}条" for number in range(101, 1, -1)]
    assert page["is_live"]
    older = given(client, f"/live/danmaku/?cursor={page['next']}")
    assert [item["message"] for item in older["results"]] == ["第1条", "第0条"]
    assert older["next"] is None
    assert not older["is_live"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=晚上", ["主播晚上好"]),
        ("q=GOOD", ["good 100%"]),
        ("q=100%25", ["good 100%"]),
        ("q=_", []),
        ("user=7", ["good 100%", "主播晚上好"]),
        ("user=8", []),
        ("user=狸", ["good 100%", "主播晚上好"]),
        ("user=@7", []),
        (f"room_id={OTHER}", ["other room"]),
        (f"room_id={OTHER}&room_id={ROOM}", ["good 100%", "other room", "主播晚上好"]),
        ("since=2026-09-21T22:13:21&tz=Asia/Shanghai", ["good 100%", "other room"]),
        ("since=2026-09-21T14:13:21Z", ["good 100%", "other room"]),
        ("until=2026-09-21T14:13:21Z", ["主播晚上好"]),
        ("since=2026-09-21&until=2026-09-22", ["good 100%", "other room", "主播晚上好"]),
    ],
)
def test_filters_choose(client: Client, query: str, found: list[str]) -> None:
    danmaku_row("主播晚上好")
    danmaku_row("other room", at=AT + 1000, room_id=OTHER, uid=None)
    danmaku_row("good 100%", at=AT + 2000)
    DanmakuData.objects.filter(room_id=OTHER).update(username="x***")
    assert texts(client, query) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-09-22&until=2026-09-21", "until"),
        ("since=yesterday", "since"),
        ("until=9999-12-31T23:59:59-23:59", "until"),
        ("since=0001-01-01", "since"),
        ("tz=../../etc/passwd", "tz"),
        ("room_id=123456", "room_id"),
        ("room_id=one", "room_id"),
        ("room_id=" + "9" * 5000, "room_id"),
        ("q=" + "长" * 201, "q"),
        ("q=%00", "q"),
        ("user=" + "9" * 25, "user"),
        ("cursor=AAAA", "cursor"),
        ("cursor=" + "_" * 22, "cursor"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(client: Client, query: str, field: str) -> None:
    response = client.get(f"/live/danmaku/?{query}")
    page = response.content.decode()
    assert response.status_code == 400
    assert f'id="{field}-said"' in page
    assert 'id="given"' not in page
    api = client.get(f"/live/api/danmaku?{query}")
    assert api.status_code == (404 if query == "room_id=123456" else 400)
    assert api.json()["error"].startswith(f"{field}: ")


def test_words_and_names_are_shown_again_and_run_nothing(client: Client) -> None:
    page = client.get("/live/danmaku/", {"q": HOSTILE[:150], "user": HOSTILE[:90]}).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page.replace('<img src="/static/', "")
    assert "&lt;script&gt;alert(1)" in page


def test_a_line_stands_among_its_neighbours(client: Client) -> None:
    rows = [danmaku_row(f"第{number}条", at=AT + number * 7) for number in range(60)]
    danmaku_row("elsewhere", room_id=OTHER)
    line = bytes(rows[30].event_id).hex()
    page = given(client, f"/live/danmaku/{line}/")
    assert page["line"] == line
    assert [item["message"] for item in page["results"]] == [f"第{n}条" for n in range(50, 9, -1)]


def test_lines_of_the_same_moment_are_neighbours_once(client: Client) -> None:
    rows = [danmaku_row(f"第{number}条") for number in range(9)]
    ids = sorted((bytes(row.event_id).hex() for row in rows), reverse=True)
    for line in ids:
        page = given(client, f"/live/danmaku/{line}/")
        assert [item["event_id"] for item in page["results"]] == ids


@pytest.mark.parametrize("event_id", ["00" * 16, "zz", "0" * 31, "長", "ab" * 5000])
def test_a_permalink_of_nothing_says_so(client: Client, event_id: str) -> None:
    response = client.get(f"/live/danmaku/{event_id}/")
    assert response.status_code == 404
    assert "There is no such danmaku." in response.content.decode()


def test_a_hostile_line_is_text_on_its_own_page(client: Client) -> None:
    row = danmaku_row(HOSTILE)
    DanmakuData.objects.update(username=HOSTILE, medal_name=HOSTILE, sticker_url="javascript:alert(1)")
    room().__class__.objects.update(title=HOSTILE, uname=HOSTILE)
    page = client.get(f"/live/danmaku/{bytes(row.event_id).hex()}/").content.decode()
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page


def test_pages_of_chosen_rooms_join_without_a_gap_or_a_double(client: Client) -> None:
    dice = random.Random(5)
    for number in range(80):
        danmaku_row(f"line {number}", at=AT + dice.randrange(40), room_id=ROOM + dice.randrange(3))
    query, found = f"room_id={ROOM}&room_id={ROOM + 2}&limit=7", []
    cursor = ""
    while True:
        page = client.get(f"/live/api/danmaku?{query}{cursor}").json()
        found += [item["event_id"] for item in page["results"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    wanted = DanmakuData.objects.exclude(room_id=ROOM + 1).order_by("-event_id")
    assert found == [bytes(row.event_id).hex() for row in wanted]


def test_guards_have_no_text_to_look_in(client: Client) -> None:
    assert client.get("/live/api/guards?q=x").status_code == 400


def test_everything_is_chosen_by_an_empty_choice() -> None:
    danmaku_row("one")
    assert len(lists.newest(DanmakuData, Chosen(), None, 10)) == 1
