"""/live/rooms/<id>/days/ and its JSON: figures, their lines, people, blind time, bad input."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from live_data.instants import moment
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    GiftData,
    GuardPurchase,
    LiveRoom,
    RollupCalendar,
    SuperChatData,
)
from tests.live_data.paid_rows import a_mixture, store
from tests.live_data.test_web_people import keep, said, text
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

DAY = 86_400_000  #: ms
FIRST = datetime(2026, 9, 20, 16, tzinfo=UTC)  #: where the day of AT begins in Shanghai
CHOSEN = "first=2026-09-21&last=2026-09-25"
PAID = (GiftData, SuperChatData, GuardPurchase)


def page(client: Client, query: str = CHOSEN, room_id: int = ROOM, status: int = 200) -> str:
    response = client.get(f"/live/rooms/{room_id}/days/?{query}")
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


def figures(client: Client, query: str = CHOSEN, room_id: int = ROOM, status: int = 200) -> Any:
    response = client.get(f"/live/api/rooms/{room_id}/days?{query}")
    assert response.status_code == status, response.content
    return response.json()


def a_history(seed: int) -> None:
    """Of two rooms, over three days, by people with and without a uid."""
    dice, times = Random(seed), range(AT, AT + 3 * DAY, 7_000_003)
    store(a_mixture(dice, 100, times, [1, 2]))
    keep(
        said(index, dice.choice(times), dice.choice([1, 2]), uid=dice.choice([5, 6, 7, 8, None]))
        for index in range(60)
    )


def new_and_all(tables: tuple[Any, ...], day: int, **chosen: Any) -> tuple[int, int]:
    """(people of that day, those of them who were there on no day before), row by row."""
    begin, end = FIRST + timedelta(day), FIRST + timedelta(day + 1)

    def uids(**time: Any) -> set[int]:
        rows = (table.objects.filter(room_id=1, uid__isnull=False, **chosen, **time) for table in tables)
        return {uid for each in rows for uid in each.values_list("uid", flat=True)}

    there = uids(timestamp__gte=begin, timestamp__lt=end)
    return len(there), len(there - uids(timestamp__lt=begin))


@pytest.mark.parametrize("seed", range(3))
def test_each_day_has_what_its_rows_add_up_to(client: Client, seed: int) -> None:
    a_history(seed)
    results = figures(client, room_id=1)["results"]
    assert [each["day"] for each in results] == [f"2026-09-{day}" for day in range(25, 20, -1)]
    for number, found in enumerate(reversed(results)):
        time = {"timestamp__gte": FIRST + timedelta(number), "timestamp__lt": FIRST + timedelta(number + 1)}
        rows = {table: list(table.objects.filter(room_id=1, **time)) for table in (DanmakuData, *PAID)}
        assert found["danmaku"] == len(rows[DanmakuData])
        assert found["gold"] == sum(row.gold for table in PAID for row in rows[table])
        counted = [found["chatters"], found["new_chatters"], found["payers"], found["new_payers"]]
        assert counted == [*new_and_all((DanmakuData,), number), *new_and_all(PAID, number, gold__gt=0)]


def test_every_figure_leads_to_its_lines(client: Client) -> None:
    a_history(1)
    html, checked = page(client, room_id=1), 0
    for found, row in zip(
        figures(client, room_id=1)["results"], re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)[1:], strict=True
    ):
        for link in re.findall(r'href="([^"#]*)', row):
            name, _, query = unescape(link).removeprefix("/live/").partition("/?")
            kind = re.search("kind=([a-z_]+)", query)
            if name == "danmaku":
                lines = client.get(f"/live/api/danmaku?{query}&limit=100").json()
                assert len(lines["results"]) == found["danmaku"]
            else:
                lines = client.get(f"/live/api/ledger?{query}").json()
                assert lines["lines"] == found[kind[1]] if kind else lines["gold"] == found["gold"]
            checked += 1
    assert checked > 10


def test_a_day_that_was_not_watched_says_so(client: Client) -> None:
    keep([said(1), said(2, AT + 2 * DAY)])
    CoverageSpan.objects.create(
        event_id=bytes(16),
        room=LiveRoom.objects.get(room_id=ROOM),
        timestamp=FIRST + timedelta(hours=47),
        received_at=moment(AT),
        state="blind",
        end=FIRST + timedelta(hours=50),
    )
    results = figures(client)["results"]
    assert [each["danmaku"] for each in results] == [0, 0, 1, 0, 1]
    assert [each["blind_seconds"] for each in results] == [0, 0, 7_200, 3_600, 0]
    shown = text(page(client))
    assert "2026-09-22 not connected for 1 h" in shown
    assert "2026-09-23 not connected for 2 h" in shown
    assert shown.count("not connected for") == 2


def test_days_before_anything_was_heard_say_that_the_room_was_not_connected(client: Client) -> None:
    LiveRoom.objects.create(room_id=ROOM)
    CoverageSpan.objects.create(
        event_id=bytes(16),
        room=LiveRoom.objects.get(),
        timestamp=FIRST,
        received_at=FIRST,
        state="blind",
        end=FIRST + timedelta(hours=36),
    )
    assert [each["blind_seconds"] for each in figures(client)["results"]] == [0, 0, 0, 43_200, 86_400]


def test_what_is_dated_in_the_future_is_there(client: Client) -> None:
    ahead = datetime.now(UTC) + timedelta(days=9)
    keep([said(1, int(ahead.timestamp() * 1000))])
    last = f"last={(ahead + timedelta(days=2)).date()}"
    assert [each["danmaku"] for each in figures(client, last)["results"]] == [1]


@pytest.mark.parametrize(("zone", "hours"), [("America/New_York", 25), ("Asia/Tokyo", 24)])
def test_days_have_the_length_that_their_zone_gives_them(client: Client, zone: str, hours: int) -> None:
    RollupCalendar.objects.create(zone=zone, day_start=0, is_whole=True)
    begin = datetime(2025, 11, 2, tzinfo=ZoneInfo(zone))  # the clocks of New York are set back
    keep([said(1, int(begin.timestamp() * 1000)), said(2, int(begin.timestamp() + hours * 3600) * 1000)])
    CoverageSpan.objects.create(
        event_id=bytes(16),
        room=LiveRoom.objects.get(room_id=ROOM),
        timestamp=begin - timedelta(days=1),
        received_at=begin,
        state="blind",
        end=begin + timedelta(days=9),
    )
    found = figures(client, "first=2025-11-02&last=2025-11-03")["results"]
    assert [(each["danmaku"], each["blind_seconds"] // 3600) for each in found] == [(1, 24), (1, hours)]


def test_without_a_choice_the_last_two_weeks_are_shown_and_lead_further(client: Client) -> None:
    keep([said(1)])
    html = page(client, "")
    assert html.count('<th scope="row"') == 14
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html
    html = page(client)
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html  # there is nothing before its first day
    assert len(figures(client, "first=2026-09-21&last=2026-12-20")["results"]) > 60
    assert page(client, "first=2026-09-01&last=2026-09-20").count('<th scope="row"') == 0
    assert figures(client, "last=2026-09-22")["results"][-1]["day"] == "2026-09-21"


def test_hostile_names_are_text(client: Client) -> None:
    keep([said(1)])
    LiveRoom.objects.update(uname="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(client)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("first=2026-09-22&last=2026-09-21", "last: must not be before the first day"),
        ("first=2026-01-01&last=2026-09-21", "last: must be at most three months after the first day"),
        ("first=soon", "first: must be a day such as 2026-10-01"),
        ("last=9999-12-31", "last: must be a day such as 2026-10-01"),
        ("first=1969-12-31", "first: must be a day such as 2026-10-01"),
    ],
)
def test_bad_days_are_refused_in_words(client: Client, query: str, why: str) -> None:
    keep([said(1)])
    assert figures(client, query, status=400) == {"error": why}
    html = page(client, query, status=400)
    assert why.partition(": ")[2] in text(html)
    # What was typed stays in its field, if it is a day at all: browsers refuse to show anything else there.
    for name, _, typed in (each.partition("=") for each in query.split("&")):
        [shown] = re.findall(rf'name="{name}"\s+value="([^"]*)"', html)
        assert shown == ("" if typed == "soon" else typed)


def test_rooms_that_are_not_known_are_not_found(client: Client) -> None:
    for room_id in (ROOM + 5, 2**70):
        assert "never watched" in page(client, room_id=room_id, status=404)
        assert "never watched" in figures(client, room_id=room_id, status=404)["error"]
    LiveRoom.objects.create(room_id=ROOM)
    assert figures(client)["results"] == []
    assert "Nothing of this room was counted on these days." in text(page(client))
