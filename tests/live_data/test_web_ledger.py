"""Every figure of /live/gifts/ leads to lines that add up to it; the same lines for programs."""

import re
from html import unescape
from random import Random
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from live_data.instants import moment
from live_data.models import GiftData
from live_data.payloads import cny, gift_row
from live_data.revenue import SORTS, gift_sort, sort_of
from tests.live_data.paid_rows import GUEST, a_mixture, gift, purchase, red_packet, store, super_chat
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

DAY = "since=2026-09-21T00:00&until=2026-09-22T00:00&tz=Asia/Shanghai"
HOUR = 3_600_000  # ms


def ledger(client: Client, query: str, status: int = 200) -> Any:
    response = client.get(f"/live/api/ledger?{query}")
    assert response.status_code == status, response.content
    return response.json()


def figures(client: Client) -> list[tuple[str, str]]:
    """(query, what is written there) of all links to lines, those without a figure too."""
    html = client.get(f"/live/gifts/?{DAY}").content.decode()
    found = re.findall(r'<a href="\?([^"]*)#lines"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [(unescape(query), " ".join(re.sub(r"<[^>]*>", " ", said).split())) for query, said in found]


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_leads_to_lines_that_add_up_to_it(client: Client, seed: int) -> None:
    rows = a_mixture(Random(seed), 60, [AT, AT + HOUR, AT + HOUR + 1], [ROOM, 2, 3])
    store(rows)
    red_packet(1)
    checked = 0
    for query, said in figures(client):
        found = ledger(client, query)
        if said.startswith("¥"):
            assert unescape(said).replace(",", "") == f"¥{cny(found['gold'])}", query
        elif count := re.fullmatch(r"(?:[A-Z][a-z]+ |· )?([\d,]+)(?: of them taken down)?", said):
            assert int(count[1].replace(",", "")) == found["lines"], query
        else:
            assert set(parse_qs(query)) <= {"since", "until", "tz", "kind"}, (query, said)
            continue
        assert found["lines"] > 0
        checked += 1
    assert checked > 20


def test_the_lines_of_a_figure_are_walked_to_their_end_and_say_what_they_add_up_to(client: Client) -> None:
    store([gift(str(number), gift_id=5, total_coin=1_000) for number in range(7)])
    store([gift("other", gift_id=6), super_chat(1)])
    query, seen = f"{DAY}&kind=gifts&sort=paid&gift=5&limit=3", []
    found = ledger(client, query)
    assert (found["lines"], found["gold"]) == (7, 7_000)
    while True:
        seen += [line["event_id"] for line in found["results"]]
        if found["next"] is None:
            break
        found = ledger(client, f"{query}&cursor={found['next']}")
    assert len(seen) == len(set(seen)) == 7
    html = client.get(f"/live/gifts/?{query}").content.decode()
    assert "Only what was chosen: 7 lines, ¥7.00 of revenue." in " ".join(html.split())


def test_a_super_chat_that_was_taken_down_stays_and_is_found(client: Client) -> None:
    store([super_chat(1), super_chat(2, deleted_at=moment(AT + 5))])
    found = ledger(client, f"{DAY}&taken_down=1")
    assert [line["super_chat_id"] for line in found["results"]] == ["2"]
    assert (found["lines"], found["gold"]) == (1, 30_000)


def test_a_masked_payer_is_the_name_and_nobody_with_an_id(client: Client) -> None:
    store([gift("1", uid=None, username="x***"), gift("2", uid=7, username="x***"), gift("3", uid=None)])
    found = ledger(client, f"{DAY}&masked=x***")
    assert [(line["uid"], line["username"]) for line in found["results"]] == [(None, "x***")]


def test_what_a_blind_box_cost_and_what_came_out_are_told(client: Client) -> None:
    store([gift("1", num=2, unit_coin=2_500, total_coin=9_000, blind_box_id=5, blind_box_price=5_000)])
    (line,) = ledger(client, DAY)["results"]
    assert (line["list_gold"], line["paid_gold"], line["revealed_gold"]) == (10_000, 9_000, 5_000)
    assert (line["gold"], line["sort"]) == (9_000, "paid")


@pytest.mark.parametrize(
    ("fields", "sort", "values"),
    [
        ({"unit_coin": 200, "total_coin": 150}, "paid", (200, 150, None)),
        ({"is_backpack": True}, "backpack", (100, 0, None)),
        ({"coin_type": "silver"}, "silver", (None, 0, None)),
        ({"total_coin": 0, "unit_coin": 0}, "free", (0, 0, None)),
        ({"receiver_uid": GUEST}, "others", (100, 100, None)),
        ({"blind_box_id": 5, "blind_box_price": 0}, "paid", (None, 100, 100)),
    ],
)
def test_a_line_says_its_sort_and_its_list_paid_and_revealed_values(
    fields: dict[str, Any], sort: str, values: tuple[int | None, int, int | None]
) -> None:
    item = gift_row(_stored(gift("1", **fields)))
    assert item["sort"] == sort
    assert (item["list_gold"], item["paid_gold"], item["revealed_gold"]) == values


def _stored(row: GiftData) -> GiftData:
    store([row])
    return GiftData.objects.get()


@pytest.mark.parametrize("seed", range(5))
def test_the_sort_of_a_row_is_the_same_in_the_database(seed: int) -> None:
    store(a_mixture(Random(seed), 200, [AT], [ROOM]))
    rows = list(GiftData.objects.annotate(sort=gift_sort()))
    assert {row.sort for row in rows} == set(range(len(SORTS)))
    assert [sort_of(row, row.gold) for row in rows] == [SORTS[row.sort] for row in rows]


def test_choices_that_exclude_each_other_have_no_lines(client: Client) -> None:
    store([gift("1"), super_chat(2), purchase("3")])
    for query in (
        "gift=1&level=3",
        "kind=guards&gift=1",
        "taken_down=1&sort=silver",
        "kind=red_packets&sort=paid",
    ):
        found = ledger(client, f"{DAY}&{query}")
        assert (found["results"], found["lines"], found["gold"]) == ([], 0, 0), query


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "danmaku"),
        ("sort", "dear"),
        ("gift", "-1"),
        ("box", "x"),
        ("level", "4"),
        ("masked", "x" * 101),
    ],
)
def test_nonsense_is_refused_by_name(client: Client, name: str, value: str) -> None:
    assert name in str(ledger(client, f"{DAY}&{name}={value}", 400))
    assert client.get(f"/live/gifts/?{DAY}&{name}={value}").status_code == 400
