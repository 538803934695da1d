"""/live/people/<uid>/ and its JSON: figures, names, lines, days, bad ids, hostile text."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from random import Random
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bilibili_live.events import AnyEvent
from live_data import keyset
from live_data.models import DanmakuData, GiftData, GuardPurchase, LiveRoom, RollupCalendar, SuperChatData
from live_data.payloads import cny
from live_data.queries import person_lines
from live_data.storing.events import Arrival
from live_data.storing.events import store as store_events
from tests.live_data.paid_rows import a_mixture, gift, purchase, store, super_chat
from tests.live_data.web_rows import danmaku_row
from tests.made import AT, ROOM, danmaku

pytestmark = pytest.mark.django_db

DAY = 86_400_000  #: ms
HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</script><script>alert(1)</script>",
    "\u202eoverride\u2066",
    "\x01\x1b[31m\u2400\r\n",
    "长" * 5000,
    "   ",
    "",
]
KINDS: dict[str, Any] = {
    "danmaku": DanmakuData,
    "gifts": GiftData,
    "super_chats": SuperChatData,
    "guards": GuardPurchase,
}


def keep(events: Iterable[AnyEvent]) -> None:
    """By the sync's own code."""
    with transaction.atomic():
        store_events([Arrival(event, 1) for event in events], datetime(2026, 11, 27, tzinfo=UTC))


def said(number: int, at: int = AT, room_id: int = ROOM, **fields: Any) -> AnyEvent:
    """The ``number``-th line of uid 7."""
    event = danmaku(number, room_id, **({"uid": 7, "username": "话多"} | fields))
    event_id = at.to_bytes(6, "big") + event.event_id[6:]
    return msgspec.structs.replace(event, at=at, event_id=event_id)


def a_history(seed: int = 1, number: int = 120) -> None:
    """Of uids 7, 8, 9 and masked people, of all kinds, over three days in two rooms."""
    dice, times = Random(seed), range(AT, AT + 3 * DAY, 7_000_003)
    store(a_mixture(dice, number, times, [1, 2]))
    keep(
        said(index, dice.choice(times), dice.choice([1, 2]), uid=dice.choice([7, 8, None]))
        for index in range(number)
    )


def page(client: Client, uid: object = 7, query: str = "", status: int = 200) -> str:
    response = client.get(f"/live/people/{uid}/?{query}")
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


def figures(client: Client, uid: object = 7, query: str = "", status: int = 200) -> Any:
    response = client.get(f"/live/api/people/{uid}?{query}")
    assert response.status_code == status, response.content
    return response.json()


def text(html: str) -> str:
    """What a person reads, spaces once."""
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)).split())


def given(html: str, name: str) -> Any:
    """What the script begins with."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def sums(rows: dict[str, list[Any]]) -> dict[str, int]:
    """What the figures must be, row by row."""
    gold = {kind: sum(row.gold for row in rows[kind]) for kind in ("gifts", "super_chats", "guards")}
    return {
        **{kind: len(rows[kind]) for kind in KINDS},
        "gift_gold": gold["gifts"],
        "super_chat_gold": gold["super_chats"],
        "guard_gold": gold["guards"],
        "gold": sum(gold.values()),
    }


def rows_of(uid: int, **chosen: Any) -> dict[str, list[Any]]:
    return {kind: list(table.objects.filter(uid=uid, **chosen)) for kind, table in KINDS.items()}


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_the_sums_of_the_rows(client: Client, seed: int) -> None:
    a_history(seed)
    for uid in (7, 8, 9):
        found, expected = figures(client, uid), sums(rows_of(uid))
        assert found["uid"] == str(uid)
        assert {name: found[name] for name in expected} == expected
        for room in found["by_room"]:
            expected = sums(rows_of(uid, room_id=room["room_id"]))
            assert {name: room[name] for name in expected} == expected
        for name in expected:
            assert sum(part[name] for part in found["by_time"]) == found[name]
            assert sum(room[name] for room in found["by_room"]) == found[name]


def test_chosen_days_are_those_of_the_rollups(client: Client) -> None:
    midnight = int(datetime(2026, 9, 21, 16, tzinfo=UTC).timestamp() * 1000)  # in Shanghai
    keep([said(1, midnight - 1), said(2, midnight), said(3, midnight + DAY - 1), said(4, midnight + DAY)])
    query = "first=2026-09-22&last=2026-09-22"
    assert figures(client, query=query)["danmaku"] == 2
    html = page(client, query=query)
    assert [line["message"] for line in given(html, "lines-given")] == ["第3条", "第2条"]
    assert "Days are those of Asia/Shanghai and begin at 00:00 ." in text(html)
    assert "First seen 2026-09-21, last seen 2026-09-23." in text(html)
    assert figures(client, query="last=2026-09-21")["danmaku"] == 1
    assert figures(client, query="first=2026-09-23")["danmaku"] == 1
    assert "They said and gave nothing in this time." in text(page(client, query="first=2027-01-01"))


@pytest.mark.parametrize("query", ["", "first=2026-09-22", "first=2026-09-22&last=2026-09-22"])
def test_every_figure_leads_to_its_lines(client: Client, query: str) -> None:
    a_history()
    html, checked = page(client, query=query), 0
    for address, shown in re.findall(r'<a href="([^"]*\?user=7&[^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL):
        path, _, asked = unescape(address).partition("#")[0].partition("?")
        figure = text(shown).replace(",", "")
        if path == "/live/danmaku/":
            assert len(client.get(f"/live/api/danmaku?{asked}&limit=100").json()["results"]) == int(figure)
        else:
            found = client.get(f"/live/api/ledger?{asked}").json()
            expected = f"¥{cny(found['gold'])}" if figure.startswith("¥") else str(found["lines"])
            assert figure == expected, address
        checked += 1
    assert checked > 15


def test_the_chart_has_the_figures_of_the_table_and_the_days_without_any(client: Client) -> None:
    keep([said(1), said(2), said(3, AT + 2 * DAY)])
    store([gift("1", AT + 2 * DAY), super_chat(1, AT, uid=7), purchase("1", uid=7)])
    html = page(client)
    assert given(html, "chart") == {
        "labels": ["2026-09-21", "2026-09-22", "2026-09-23"],
        "danmaku": [2, 0, 1],
        "gift": [0, 0, 100],
        "super_chat": [30_000, 0, 0],
        "guard": [138_000, 0, 0],
    }
    assert "2026-09-23 1 ¥0.10 ¥0.10 1 – – 2026-09-21 2 ¥168.00 – ¥30.00 1 ¥138.00 1" in text(html)


def test_beyond_a_year_it_goes_by_month(client: Client) -> None:
    keep([said(1), said(2, AT + DAY), said(3, AT + 400 * DAY)])
    html = page(client)
    chart = given(html, "chart")
    assert (chart["labels"][0], chart["labels"][-1], len(chart["labels"])) == ("2026-09", "2027-10", 14)
    assert chart["danmaku"] == [2, *[0] * 12, 1]
    [month] = re.findall(r'href="([^"]*)"[^>]*>2026-09<', html)
    assert figures(client, query=unescape(month).removeprefix("?"))["danmaku"] == 2


def test_names_are_told_over_time_and_the_newest_is_the_person_s(client: Client) -> None:
    keep(
        [said(1, username="旧名"), said(2, AT + DAY, username="旧名"), said(3, AT + 2 * DAY, username="新名")]
    )
    assert figures(client)["username"] == "新名"
    assert figures(client)["names"] == [
        {"username": "新名", "first_day": "2026-09-23", "last_day": "2026-09-23"},
        {"username": "旧名", "first_day": "2026-09-21", "last_day": "2026-09-22"},
    ]
    html = page(client)
    assert "2 names over time 新名 2026-09-23 旧名 2026-09-21 – 2026-09-22" in text(html)
    assert re.search(r'<a href="https://space\.bilibili\.com/7"\s+rel="noreferrer">', html)


def walk(client: Client, query: str) -> list[Any]:
    """All lines, page by page, by the links of the pages."""
    found: list[Any] = []
    while query:
        html = page(client, query=query)
        found += given(html, "lines-given")
        older = re.search(r'rel="next"\s+href="\?([^"#]*)', html)
        query = unescape(older[1]) if older else ""
    return found


@pytest.mark.parametrize("few", [0, 10**6])
@pytest.mark.parametrize("kind", ["", *KINDS])
def test_walking_the_pages_visits_each_line_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: str, few: int
) -> None:
    monkeypatch.setattr(person_lines, "_FEW", few)
    a_history()
    found = walk(client, f"kind={kind}&limit=7")
    rows = rows_of(7)
    expected = [row for each in ([kind] if kind else KINDS) for row in rows[each]]
    assert [item["event_id"] for item in found] == sorted(
        (bytes(row.event_id).hex() for row in expected), reverse=True
    )
    assert {item["uid"] for item in found} == {"7"}


@pytest.mark.parametrize(("at", "lines"), [(0, 0), (AT + DAY, 1), (253_402_300_799_999, 2)])
def test_a_page_may_begin_anywhere_in_the_calendar(
    client: Client, monkeypatch: pytest.MonkeyPatch, at: int, lines: int
) -> None:
    monkeypatch.setattr(person_lines, "_FEW", 0)
    keep([said(1), said(2, AT + 2 * DAY)])
    place = keyset.to_text(at.to_bytes(6, "big") + bytes(10))
    assert len(given(page(client, query=f"cursor={place}"), "lines-given")) == lines


@pytest.mark.parametrize("few", [0, 10**6])
def test_lines_that_no_rollup_counts_are_there_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(person_lines, "_FEW", few)
    mirrored = [said(number, AT + number * DAY, is_mirror=True) for number in (0, 2, 4)]
    keep([*mirrored, said(5, AT + DAY), said(6, AT + 3 * DAY)])
    assert figures(client)["danmaku"] == 2
    assert [line["is_mirror"] for line in walk(client, "limit=1")] == [True, False, True, False, True]


def test_who_was_only_mirrored_has_a_page_with_a_name(client: Client) -> None:
    keep([said(1, is_mirror=True)])
    html = page(client)
    assert "话多" in re.findall(r"<h1.*?</h1>", html, re.DOTALL)[0]
    assert len(given(html, "lines-given")) == 1


def test_of_who_said_much_a_page_reads_no_more_than_its_stretch(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("its plans are told by statistics, not by the query alone")
    monkeypatch.setattr(person_lines, "_FEW", 100)
    keep(said(number, AT + number * DAY // 20) for number in range(200))
    middle = re.search(r"cursor=[^&\"#]*", page(client, query="kind=danmaku"))
    assert middle is not None
    for query in ("kind=danmaku", f"kind=danmaku&{middle[0]}"):
        with CaptureQueriesContext(connection) as asked:
            html = page(client, query=query)
        assert len(given(html, "lines-given")) == 50
        read = [each["sql"] for each in asked if "ORDER BY" in each["sql"] and "danmakudata" in each["sql"]]
        assert len(read) == 1
        assert "TEMP B-TREE" not in plan(read[0])


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


@pytest.mark.parametrize(
    "uid", ["0", "-1", "007", "9" * 20, "9223372036854775808", "x", "７", "1.5", "%00", "9" * 5000, "%3Cb%3E"]
)
def test_what_is_no_uid_has_no_page(client: Client, uid: str) -> None:
    assert "Nobody with this id was seen here." in text(page(client, uid, status=404))
    assert figures(client, uid, status=404) == {"error": "uid: nobody with this id was seen here"}


def test_who_was_never_seen_has_no_page_and_masked_people_neither(client: Client) -> None:
    keep([said(1, uid=None, username="话***")])
    for uid in (7, 2**63 - 1):
        assert "Nobody with this id was seen here." in text(page(client, uid, status=404))


NONSENSE = {
    "first": ["x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-09-21T00:00", "1" * 5000, "%00"],
    "last": ["x", "2026-02-30", "9999-12-31"],
    "kind": ["x", "red_packets"],
    "limit": ["-1", "x", "101"],
    "cursor": ["x", "%00", "AAAA", "é"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values]
)
def test_nonsense_is_refused_beside_its_field_and_the_page_stands(
    client: Client, name: str, value: str
) -> None:
    keep([said(1)])
    html = page(client, query=f"{name}={value}", status=400)
    assert re.search(rf'<p id="{name}-said"\s+class="field-error"', html)
    assert "话多" in text(html)
    assert "takings-tiles" not in html
    if name in ("first", "last"):
        assert figures(client, query=f"{name}={value}", status=400)["error"].startswith(f"{name}: ")


def test_days_the_wrong_way_round_are_refused(client: Client) -> None:
    keep([said(1)])
    html = page(client, query="first=2026-09-22&last=2026-09-21", status=400)
    assert "must not be before the first day" in text(html)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_text(client: Client, hostile: str) -> None:
    store([gift("1", username=hostile, gift_name=hostile), super_chat(2, uid=7, message=hostile)])
    keep([said(1, username=hostile, message=hostile)])
    LiveRoom.objects.update(uname=hostile, title=hostile)
    html = page(client)
    for word in ("<script>alert", "<img src=x", "<svg/onload"):
        assert word not in html
    assert len(given(html, "lines-given")) == 3
    shown = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    if hostile.startswith("\u202e"):
        outside = re.sub(r"<bdi[^>]*>[^<]*</bdi>|<title>.*?</title>", "", shown, flags=re.DOTALL)
        assert "\u202e" not in outside
    assert len(re.findall("长{300}", shown)) == 0


def test_a_rebuild_that_is_due_is_told(client: Client) -> None:
    keep([said(1)])
    assert "rebuild_rollups" not in page(client)
    RollupCalendar.objects.update(is_whole=False)
    assert "until manage.py rebuild_rollups has run" in text(page(client))
    assert figures(client)["is_complete"] is False


def test_a_thousand_rows_take_as_many_queries_as_ten(client: Client) -> None:
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, query=query)
        return len(captured)

    keep([said(10**6, room_id=2), said(0)])
    store(a_mixture(Random(2), 40, [AT], [1, 2]))
    few = [queries(""), queries("kind=danmaku"), queries("kind=gifts")]
    a_history(3, 1_000)
    assert [queries(""), queries("kind=danmaku"), queries("kind=gifts")] == few


def test_it_is_only_read(client: Client) -> None:
    danmaku_row("一")
    assert client.head("/live/people/7/").status_code == 200
    assert client.post("/live/people/7/").status_code == 405
    assert client.post("/live/api/people/7").status_code == 405


def test_the_page_speaks_the_viewers_language(client: Client) -> None:
    keep([said(1)])
    client.cookies["language"] = "zh-hans"
    assert '<html lang="zh-hans"' in page(client)


def test_a_uid_beyond_what_a_double_holds_stays_exact(client: Client) -> None:
    uid = 2**60 + 1
    keep([said(1, uid=uid)])
    assert figures(client, uid)["uid"] == str(uid)
    assert f'space.bilibili.com/{uid}"' in page(client, uid)
