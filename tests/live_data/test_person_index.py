"""Danmaku of people are found by their index, in however many stretches of the table they lie."""

from typing import Any

import pytest

from live_data.models import DanmakuData, GiftData
from live_data.models.person_index import of_people
from live_data.queries import lists
from live_data.queries.lists import Chosen
from tests.live_data.test_rollups import keep
from tests.made import danmaku, gift

pytestmark = pytest.mark.django_db

STRETCH = 2**18


def spread() -> None:
    """Lines of three people, at both ends of stretches and with an empty one between."""
    keep(*(danmaku(number, uid=number % 3) for number in range(9)))
    places = [
        1,
        2,
        STRETCH - 1,
        STRETCH,
        STRETCH + 1,
        2 * STRETCH,
        5 * STRETCH - 1,
        5 * STRETCH,
        5 * STRETCH + 9,
    ]
    for event_id, place in zip(
        DanmakuData.objects.order_by("event_id").values_list("event_id", flat=True), places, strict=True
    ):
        DanmakuData.objects.filter(event_id=event_id).update(id=place)


def ids(rows: Any) -> list[bytes]:
    return sorted(bytes(row.event_id) for row in rows)


@pytest.mark.parametrize("uids", [[0], [1, 2], [99], []])
def test_they_are_those_that_a_walk_through_the_table_finds(uids: list[int]) -> None:
    spread()
    found = of_people(DanmakuData.objects.exclude(message=""), uids)
    assert ids(found) == ids(row for row in DanmakuData.objects.all() if row.uid in uids)
    assert found.count() == 3 * len(set(uids) & {0, 1, 2})


def test_they_are_listed_newest_first_a_page_at_a_time() -> None:
    spread()
    newest = lists.newest(DanmakuData, Chosen(uid=1), None, 2)
    rest = lists.newest(DanmakuData, Chosen(uid=1), bytes(newest[-1].event_id), 2)
    assert [*newest, *rest] == list(DanmakuData.objects.filter(uid=1).order_by("-event_id"))


def test_of_an_empty_table_and_of_one_with_another_index_it_says_the_same() -> None:
    assert not of_people(DanmakuData.objects.all(), [1]).exists()
    keep(gift(1, uid=7), gift(2, uid=8))
    assert [row.uid for row in of_people(GiftData.objects.all(), [7])] == [7]
