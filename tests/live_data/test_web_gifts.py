"""/live/gifts/ and its JSON: figures, filters, lines, bad input, hostile text, Redis away."""

import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from live_data.instants import epoch_ms, moment
from live_data.models import CoverageSpan, LiveRoom
from live_data.views.takings import MOST, forget
from tests.live_data.paid_rows import GUEST, a_mixture, gift, purchase, store, super_chat
from tests.live_data.web_rows import room
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

PAGE = "/live/gifts/"
#: 21 September 2026 in Shanghai, which AT is in; in New York it began in the middle of it.
DAY = "since=2026-09-21T00:00&until=2026-09-22T00:00&tz=Asia/Shanghai"
HOUR = 3_600_000  # ms
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


def page(client: Client, query: str = DAY, status: int = 200) -> str:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


def takings(client: Client, query: str = DAY, status: int = 200) -> Any:
    response = client.get(f"/live/api/takings?{query}")
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


def links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', html)]


def test_an_empty_database_has_a_page(client: Client) -> None:
    said = text(page(client, ""))
    assert "Nobody paid anything in this time." in said
    assert "No gift was paid in this time." in said


def test_revenue_is_told_in_yuan_with_batteries_beside(client: Client) -> None:
    store(
        [gift("1", total_coin=1_550), super_chat(2), purchase("3"), purchase("4", guard_level=1, gold=1_000)]
    )
    said = text(page(client))
    assert "Revenue ¥170.55 1,705.5 battery 3 payers" in said
    assert "Gifts ¥1.55 15.5 battery 1 paid line" in said
    assert "Super chats ¥30.00 300 battery 1 super chat" in said
    assert "Guards ¥139.00 1,390 battery Governor 1 · Captain 1" in said


def test_free_gifts_stand_apart(client: Client) -> None:
    store(
        [
            gift("1", is_backpack=True, gift_name="包裹里的", total_coin=2_000),
            gift("2", coin_type="silver", total_coin=500),
            gift("3", receiver_uid=GUEST, total_coin=300),
            gift("4", total_coin=0),
        ]
    )
    said = text(page(client))
    assert "Revenue ¥0.00" in said
    assert "From the backpack 1 1 ¥2.00" in said
    assert "To other people than the streamer 1 1 ¥0.30" in said
    assert "Free of charge 1 1 –" in said
    assert "For silver seeds 1 1 500 silver seeds" in said


def test_by_room_payer_gift_and_hour(client: Client) -> None:
    store(
        [
            gift("1", total_coin=5_000, blind_box_id=5, blind_box_name="盲盒甲", num=2, username="甲"),
            gift("2", AT + HOUR, room_id=2, total_coin=9_000, uid=None, username="乙***"),
        ]
    )
    said = text(page(client))
    assert "主播 2 ¥9.00 ¥9.00 – –" in said
    assert f"主播 {ROOM} ¥5.00 ¥5.00 – –" in said
    assert "乙*** masked name, may be several people ¥9.00" in said
    assert "甲 7 ¥5.00" in said
    assert "盲盒甲 blind box 5 ¥5.00 ¥0.20 came out 50 battery 2 1" in said
    [box, _] = sorted(takings(client)["by_gift"], key=lambda item: "gift_id" in item)
    assert (box["blind_box_id"], box["gold"], box["revealed_gold"]) == (5, 5_000, 200)
    assert "2026-09-21 23:00 ¥9.00 ¥9.00 – – 2026-09-21 22:00 ¥5.00" in said
    assert "1 payer and 1 masked name" in said


def test_the_chart_has_the_figures_of_the_table(client: Client) -> None:
    store([gift("1"), super_chat(2, AT + HOUR), purchase("3", AT + HOUR)])
    chart = given(page(client), "chart")
    assert chart["labels"][22:] == ["2026-09-21 22:00", "2026-09-21 23:00"]
    assert [chart[kind][22:] for kind in ("gift", "super_chat", "guard")] == [
        [100, 0],
        [0, 30_000],
        [0, 138_000],
    ]


def test_the_hours_to_come_are_not_shown_as_silence(client: Client) -> None:
    now = datetime.now(UTC)
    since, until = (now - timedelta(hours=3)).isoformat(), (now + timedelta(hours=9)).isoformat()
    [*_before, last] = takings(client, f"since={since}&until={until}".replace("+", "%2B"))["by_time"]
    assert datetime.fromisoformat(last["since"]) <= datetime.now(UTC)


def test_without_a_range_it_is_today(client: Client) -> None:
    now = epoch_ms(datetime.now(UTC))
    store([gift("1", now), gift("2", now - 49 * HOUR), gift("3", now + 49 * HOUR)])
    assert takings(client, "")["gold"] == 100
    html = page(client, "")
    assert re.search(r'name="since"\s+value="\d{4}-\d\d-\d\dT00:00"', html)
    assert re.search(r'aria-current="true">Today<', html)


def test_an_end_that_is_left_away_is_that_of_its_day(client: Client) -> None:
    answer = takings(client, "until=2026-09-22T00:00&tz=Asia/Shanghai")
    assert (answer["since"], answer["until"]) == ("2026-09-20T16:00:00.000Z", "2026-09-21T16:00:00.000Z")
    answer = takings(client, "since=2060-09-21T20:00&tz=Asia/Shanghai")
    assert (answer["since"], answer["until"]) == ("2060-09-21T12:00:00.000Z", "2060-09-21T16:00:00.000Z")


def test_an_address_means_the_same_to_everyone(client: Client) -> None:
    store([gift("1", AT - 20 * HOUR), gift("2", AT), gift("3", AT + 3 * HOUR)])
    client.cookies["timezone"] = "America/New_York"
    html = page(client)
    assert "Revenue ¥0.20 2 battery" in text(html)
    assert 'name="tz" value="Asia/Shanghai"' in html
    assert 'value="2026-09-21T00:00"' in html
    assert "Hours, days and months are those of Asia/Shanghai" in text(html)
    assert "Times are those of America/New_York" in text(html)


def test_times_without_a_zone_are_the_viewers(client: Client) -> None:
    client.cookies["timezone"] = "America/New_York"
    assert takings(client, "since=2026-09-21T00:00")["since"] == "2026-09-21T04:00:00.000Z"


def test_usual_times_are_links_that_keep_the_other_filters(client: Client) -> None:
    room()
    html = page(client, f"{DAY}&room_id={ROOM}&user=@甲&cursor=")
    [yesterday] = re.findall(r'href="([^"]*)"\s*>Yesterday<', html)
    address = unescape(yesterday)
    assert f"room_id={ROOM}" in address
    assert "user=%40%E7%94%B2" in address
    assert "%2B08%3A00&until=" in address
    assert page(client, address.removeprefix("?"))


def test_several_rooms_can_be_chosen(client: Client) -> None:
    store([gift(str(number), room_id=number, total_coin=10**number) for number in range(1, 5)])
    answer = takings(client, f"{DAY}&room_id=2&room_id=3")
    assert answer["gold"] == 1_100
    assert [each["room_id"] for each in answer["by_room"]] == [3, 2]
    html = page(client, f"{DAY}&room_id=2&room_id=3")
    assert len(re.findall(r"checked", html)) == 2
    assert {line["room_id"] for line in given(html, "lines-given")} == {2, 3}


def test_a_thousand_rooms_can_be_chosen_from(client: Client) -> None:
    LiveRoom.objects.bulk_create(LiveRoom(room_id=number, uname=f"主播{number}") for number in range(1, 1001))
    html = page(client)
    assert html.count('name="room_id"') == 1000


@pytest.mark.parametrize(
    ("user", "gold"), [("7", 100), ("@7", 20), ("观众7", 20), ("nobody", 0), ("9223372036854775807", 0)]
)
def test_a_person_is_a_uid_or_part_of_a_name(client: Client, user: str, gold: int) -> None:
    store([gift("1", uid=7, username="甲"), gift("2", uid=8, username="观众7", total_coin=20)])
    answer = takings(client, f"{DAY}&user={user}")
    assert answer["gold"] == gold
    assert sum(part["gold"] for part in answer["by_time"]) == gold
    assert sum(each["gold"] for each in answer["by_room"]) == gold


def test_payers_lead_to_themselves_and_masked_names_to_what_was_given_under_them(client: Client) -> None:
    store([gift("1", uid=7, username="甲"), gift("2", uid=None, username="乙&user=***", total_coin=50)])
    addresses = links(page(client))
    [person] = [address for address in addresses if "/people/" in address]
    assert "甲" in client.get(person).content.decode()
    [masked] = [address for address in addresses if "&user=" in address and not address.endswith("#lines")]
    assert takings(client, masked.removeprefix("?"))["gold"] == 50


def test_an_hour_leads_to_itself(client: Client) -> None:
    store([gift("1", AT), gift("2", AT + HOUR, total_coin=50)])
    html = page(client)
    [address] = re.findall(r'href="([^"]*)"\s*>2026-09-21 23:00<', html)
    assert takings(client, unescape(address).removeprefix("?"))["gold"] == 50


def test_tables_have_their_first_rows_and_say_how_many_more(client: Client) -> None:
    store(gift(str(number), uid=number, gift_id=number) for number in range(1, MOST + 4))
    answer = takings(client)
    assert [len(answer[table]) for table in ("by_payer", "by_gift")] == [MOST, MOST]
    assert (answer["more"]["by_payer"], answer["more"]["by_gift"]) == (3, 3)
    assert text(page(client)).count("and 3 more") == 2


def test_blind_time_makes_lower_bounds(client: Client) -> None:
    assert "Lower bounds" not in page(client)
    forget()
    for number in (1, 2):
        CoverageSpan.objects.create(
            event_id=number.to_bytes(16, "big"),
            room=room(number),
            timestamp=moment(AT - 5 * number * 60_000),
            received_at=moment(AT),
            state="blind",
            end=moment(AT),
        )
    assert "2 rooms were not connected for some of this time, up to 10 min." in text(page(client, DAY))
    assert "1 room was not connected for 5 min of this time." in text(page(client, f"{DAY}&room_id=1"))
    assert takings(client, f"{DAY}&room_id=1")["blind"] == [{"room_id": 1, "uname": "主播", "seconds": 300}]


def walk(client: Client, query: str) -> list[Any]:
    """All lines, page by page, by the links of the pages."""
    found: list[Any] = []
    while query:
        html = page(client, query)
        found += given(html, "lines-given")
        older = re.search(r'rel="next"\s+href="\?([^"#]*)', html)
        query = unescape(older[1]) if older else ""
    return found


def test_walking_the_pages_visits_each_line_of_all_kinds_once(client: Client) -> None:
    rows = a_mixture(Random(1), 95, range(AT, AT + 20_000, 1_000), [1, 2])
    store(rows)
    found = walk(client, f"{DAY}&limit=10")
    assert len(found) == 95
    assert {item["event_id"] for item in found} == {bytes(row.event_id).hex() for row in rows}
    times = [item["timestamp"] for item in found]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("kind", ["gifts", "super_chats", "guards"])
def test_one_kind_can_be_listed(client: Client, kind: str) -> None:
    store([gift("1"), super_chat(2, deleted_at=moment(AT)), purchase("3")])
    [line] = given(page(client, f"{DAY}&kind={kind}"), "lines-given")
    assert line["kind"] == kind
    if kind == "super_chats":
        assert line["deleted_at"] is not None
        assert "1 super chat · 1 of them taken down" in text(page(client))


NONSENSE = {
    "since": ["nonsense", "2026-13-01", "9999-12-31T23:59", "0001-01-01T00:00%2B14:00", "1" * 5000, "%00"],
    "until": ["2026-09-21T00:00", "2026-09-20T00:00", "x", "2136-09-21T00:00"],
    "tz": ["Mars", "../../etc/passwd", "%00", "a" * 100],
    "room_id": ["5", "-1", "x", "9" * 400, "1.5", "%00"],
    "user": ["9" * 30, "a" * 101, "%00"],
}
OF_THE_LIST = {"kind": ["x", "danmaku"], "limit": ["-1", "x", "101"], "cursor": ["x", "%00", "AAAA", "é"]}


def with_one_wrong(name: str, value: str) -> str:
    usual = [part for part in DAY.split("&") if not part.startswith(f"{name}=")]
    return "&".join([*usual, f"{name}={value}"])


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in (NONSENSE | OF_THE_LIST).items() for value in values],
)
def test_nonsense_is_refused_beside_its_field_and_the_page_stands(
    client: Client, name: str, value: str
) -> None:
    html = page(client, with_one_wrong(name, value), 400)
    assert re.search(rf'<p id="{name}-said"\s+class="field-error"', html)
    assert 'name="since"' in html
    assert "Last 7 days" in html
    assert "takings-tiles" not in html


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values]
)
def test_programs_are_told_the_same_in_a_line(client: Client, name: str, value: str) -> None:
    answer = takings(client, with_one_wrong(name, value), 404 if value == "5" else 400)
    assert answer["error"].startswith(f"{name}: ")
    assert "\n" not in answer["error"]


def test_parameters_that_nobody_knows_change_nothing(client: Client) -> None:
    assert page(client, f"{DAY}&q=%00&x=%3Cscript%3E&since=2026-09-21T00:00&q=%ff")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_text(client: Client, hostile: str) -> None:
    names: dict[str, Any] = {"uid": None, "username": hostile}
    store([gift("1", gift_name=hostile, blind_box_id=1, blind_box_name=hostile, **names)])
    store([gift("2", is_backpack=True, gift_name=hostile, **names), super_chat(3, message=hostile, **names)])
    LiveRoom.objects.update(uname=hostile, title=hostile)
    html = page(client)
    for word in ("<script>alert", "<img src=x", "<svg/onload"):
        assert word not in html
    assert len(given(html, "lines-given")) == 3
    shown = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    if hostile.startswith("\u202e"):
        outside = re.sub(r"<bdi[^>]*>[^<]*</bdi>", "", shown)
        assert "\u202e" not in outside
    assert len(re.findall("长{100}", shown)) == 0
    for address in links(html):
        if "user=" in address and address.startswith("?"):
            page(client, address.removeprefix("?").partition("#")[0])


def test_a_hostile_filter_is_shown_as_text(client: Client) -> None:
    html = page(client, f"{DAY}&user=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html


def test_it_stands_while_redis_is_away(client: Client, settings: Settings) -> None:
    nowhere = "unix:///nowhere/valkey.sock"
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=nowhere)
    store([gift("1")])
    assert "¥0.10 1 battery" in text(page(client))
    assert takings(client)["gold"] == 100


def queries_of(client: Client, query: str) -> int:
    forget()
    with CaptureQueriesContext(connection) as captured:
        page(client, query)
    return len(captured)


def test_ten_thousand_rows_take_as_many_queries_as_a_hundred(client: Client) -> None:
    pages = [DAY, f"{DAY}&room_id=1", f"{DAY}&user=观众"]
    rows = a_mixture(Random(1), 10_000, range(AT - 10 * HOUR, AT), [1])
    for row in rows:
        row.gold = min(row.gold, 10**9)  # more than a double holds is asked for once more on PostgreSQL
    store(rows[:100])
    few = [queries_of(client, query) for query in pages]
    store(rows[100:])
    assert [queries_of(client, query) for query in pages] == few


def test_it_is_only_read(client: Client) -> None:
    assert client.head(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 405
    assert client.post("/live/api/takings").status_code == 405


def test_the_page_speaks_the_viewers_language(client: Client) -> None:
    client.cookies["language"] = "zh-hans"
    assert '<html lang="zh-hans"' in page(client)


def test_gold_is_exact_beyond_what_a_float_holds(client: Client) -> None:
    store([gift(str(number), total_coin=10**15 - 1) for number in range(99)])
    assert takings(client)["gold"] == 99 * (10**15 - 1)
    assert "¥98,999,999,999,999.901" in text(page(client))
