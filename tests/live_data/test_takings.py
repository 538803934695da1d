"""What was given, added up in several ways: to the seed what revenue.py says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from live_data.instants import moment
from live_data.models import CoverageSpan, SuperChatData
from live_data.queries import blindness, calendar, gift_items, payers, takings
from live_data.queries.calendar import Stretch
from live_data.queries.lists import Chosen
from live_data.queries.payers import Payer
from live_data.queries.takings import Gold
from live_data.revenue import SORTS, revenue_by_kind
from tests.live_data.paid_rows import GUEST, a_mixture, gift, purchase, store, super_chat
from tests.live_data.web_rows import room
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

ROOMS = [1, 2, 3]
DAY = 86_400_000  # ms
#: One with minutes of its own, and one whose clocks change within the days below.
ZONES = ["Asia/Shanghai", "Asia/Kathmandu", "America/New_York"]
CHANGE = int(datetime(2026, 11, 1, 6, tzinfo=UTC).timestamp() * 1000)


def expected(rooms: list[int], since: datetime | None, until: datetime | None) -> dict[int, Gold]:
    """By the one place of the rules, rooms without revenue left away."""
    sums = revenue_by_kind(rooms, since, until)
    gold = {
        room_id: Gold(kinds["gift"], kinds["super_chat"], kinds["guard"]) for room_id, kinds in sums.items()
    }
    return {room_id: each for room_id, each in gold.items() if each.total}


def total(golds: dict[int, Gold]) -> Gold:
    return Gold(*(sum(gold[place] for gold in golds.values()) for place in range(3)))


def _payers(chosen: Chosen) -> list[Payer]:
    """All of them."""
    found = payers.payers(chosen, 10_000)
    assert len(found.first) == found.known + found.masked
    assert sorted(payers.uids(chosen)) == sorted(payer.uid for payer in found.first if payer.uid is not None)
    return found.first


def _by_room(chosen: Chosen) -> dict[int, Gold]:
    return takings.revenue(chosen, [moment(AT)]).by_room


def some_time(dice: Random) -> Stretch:
    """To the minute, to the millisecond, or shorter than a minute."""
    size = dice.choice([1, 1000, 60_000, 3_600_000])
    first = CHANGE - DAY + dice.randrange(2 * DAY) // size * size
    return Stretch(moment(first), moment(first + size * dice.randrange(1, 50)))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_added_up_is_the_revenue(seed: int) -> None:
    dice = Random(seed)
    times = [CHANGE - DAY + dice.randrange(3 * DAY) // 1000 * 1000 for _ in range(60)]
    store(a_mixture(dice, 250, [*times, *(at + 60_000 for at in times)], ROOMS))
    for stretch in [Stretch(moment(CHANGE - 2 * DAY), moment(CHANGE + 4 * DAY)), *map(some_time, [dice] * 4)]:
        for rooms in ([], [2], [1, 3]):
            chosen = Chosen(room_ids=tuple(rooms), since=stretch.since, until=stretch.until)
            _assert_all_ways_agree(chosen, stretch, expected(rooms or ROOMS, *stretch))


def _assert_all_ways_agree(chosen: Chosen, stretch: Stretch, revenue: dict[int, Gold]) -> None:
    in_all = total(revenue)
    for zone in ZONES:
        begins = calendar.divided(stretch, ZoneInfo(zone))
        found = takings.revenue(chosen, begins)
        assert found.by_room == revenue, zone
        wanted = [
            total(expected(list(chosen.room_ids) or ROOMS, since, until))
            for since, until in zip(begins, [*begins[1:], stretch.until], strict=True)
        ]
        assert found.by_time == wanted, zone
    assert sum(item.gold for item in gift_items.items(chosen)) == in_all.gift
    assert takings.super_chats(chosen).gold == in_all.super_chat
    assert sum(level.gold for level in takings.guards(chosen)) == in_all.guard
    assert sum(payer.gold.total for payer in _payers(chosen)) == in_all.total


@pytest.mark.parametrize("seed", range(10))
def test_what_one_person_paid_is_part_of_it(seed: int) -> None:
    dice = Random(seed)
    store(a_mixture(dice, 200, [AT + dice.randrange(DAY) for _ in range(100)], ROOMS))
    everything = Chosen(since=moment(AT), until=moment(AT + DAY))
    for payer in _payers(everything):
        if payer.uid is not None:
            of_payer = _by_room(replace(everything, uid=payer.uid))
            assert total(of_payer) == payer.gold
            assert [one.gold for one in _payers(replace(everything, uid=payer.uid))] == [payer.gold]
    named = replace(everything, name="***")
    found = _payers(named)
    assert total(_by_room(named)).total == sum(payer.gold.total for payer in found) > 0


def test_a_stretch_without_ends_is_everything() -> None:
    store([gift("1"), super_chat(2, AT + 400 * DAY), purchase("3", AT - 400 * DAY)])
    assert _by_room(Chosen()) == {ROOM: Gold(100, 30_000, 138_000)}


def test_each_gift_is_of_one_sort_and_only_paid_ones_are_revenue() -> None:
    store(
        [
            gift("paid"),
            gift("backpack", is_backpack=True, total_coin=200),
            gift("guest", receiver_uid=GUEST, total_coin=300),
            gift("nothing", total_coin=0),
            gift("silver", coin_type="silver", total_coin=400),
            gift("silver of the backpack", coin_type="silver", is_backpack=True, total_coin=500),
        ]
    )
    found = gift_items.items(Chosen())
    assert {item.sort: (item.lines, item.coins, item.gold) for item in found} == {
        "paid": (1, 100, 100),
        "backpack": (1, 200, 0),
        "others": (1, 300, 0),
        "free": (1, 0, 0),
        "silver": (2, 900, 0),
    }
    assert [each.sort for each in gift_items.outside(found)] == list(SORTS[1:])


def test_a_box_is_one_gift_at_the_price_of_the_box() -> None:
    box: dict[str, Any] = {"blind_box_id": 77, "blind_box_name": "星座盲盒", "total_coin": 15_000}
    store(
        [
            gift("1", gift_id=1, gift_name="柠檬", unit_coin=2_000, **box),
            gift("2", gift_id=2, gift_name="城堡", unit_coin=90_000, num=2, **box),
            # Its price makes no sense, and is not taken for one.
            gift("3", gift_id=3, gift_name="坏", unit_coin=10**15, num=2**31 - 1, **box),
        ]
    )
    [item] = gift_items.items(Chosen())
    assert (item.is_box, item.number, item.name, item.num) == (True, 77, "星座盲盒", 3 + 2**31 - 1)
    assert (item.gold, item.revealed) == (45_000, 182_000)


def test_what_came_out_of_a_box_is_unknown_when_the_site_did_not_price_it() -> None:
    store([gift("1", unit_coin=0, blind_box_id=77, blind_box_name="盲盒", total_coin=15_000)])
    assert gift_items.items(Chosen())[0].revealed is None


def test_a_gift_and_a_box_of_one_number_are_two() -> None:
    store([gift("1", gift_id=77), gift("2", blind_box_id=77, blind_box_name="")])
    assert sorted((item.is_box, item.name) for item in gift_items.items(Chosen())) == [
        (False, "小花花"),
        (True, ""),
    ]


def test_a_renamed_gift_is_one_under_its_last_name() -> None:
    store(
        [
            gift("1", AT + 1, gift_name="新"),
            gift("2", AT, gift_name="旧"),
            gift("3", AT - 1, gift_name="更旧"),
        ]
    )
    [item] = gift_items.items(Chosen())
    assert (item.name, item.lines, item.num, item.gold) == ("新", 3, 3, 300)


def test_a_person_is_one_by_uid_under_the_last_name_and_nobody_without() -> None:
    store(
        [
            gift("1", uid=7, username="旧名"),
            super_chat(2, AT + 1000, uid=7, username="新名"),
            purchase("3", AT, uid=None, username="旧名"),
            gift("4", uid=None, username="新名", total_coin=50),
            gift("5", uid=1, username="白嫖", is_backpack=True),
        ]
    )
    found = _payers(Chosen())
    assert [(payer.uid, payer.name, payer.gold.total, payer.purchases) for payer in found] == [
        (None, "旧名", 138_000, 1),
        (7, "新名", 30_100, 2),
        (None, "新名", 50, 1),
    ]
    assert payers.payers(Chosen(), 2) == (found[:2], 1, 2)


def test_guards_are_told_by_level_and_deleted_super_chats_stay() -> None:
    store([purchase("1"), purchase("2", num=12, gold=10), purchase("3", guard_level=1, gold=19_998_000)])
    store([super_chat(1), super_chat(2, deleted_at=moment(AT))])
    assert [tuple(level) for level in takings.guards(Chosen())] == [
        (1, 1, 1, 19_998_000),
        (3, 2, 13, 138_010),
    ]
    assert tuple(takings.super_chats(Chosen())) == (2, 60_000, 1)
    SuperChatData.objects.all().delete()
    assert tuple(takings.super_chats(Chosen())) == (0, 0, 0)


def span(number: int, state: str, begin: int, end: int | None, room_id: int = ROOM) -> None:
    """From ``begin`` to ``end``, in minutes after AT; None = until now."""
    room(room_id)
    CoverageSpan.objects.create(
        event_id=number.to_bytes(16, "big"),
        room_id=room_id,
        timestamp=moment(AT + begin * 60_000),
        received_at=moment(AT),
        state=state,
        end=None if end is None else moment(AT + end * 60_000),
    )


def test_blind_time_is_what_of_it_lies_in_the_stretch() -> None:
    span(1, "blind", -30, 10)
    span(2, "degraded", 10, 20)
    span(3, "blind", 20, 25)
    span(4, "blind", 50, None, room_id=2)
    span(5, "blind", -30, 0, room_id=3)
    span(6, "blind", 60, None, room_id=4)
    stretch, now = Stretch(moment(AT), moment(AT + 60 * 60_000)), moment(AT + 53 * 60_000)
    blind = blindness.blind_time(stretch, now)
    assert list(blind.items()) == [(ROOM, timedelta(minutes=15)), (2, timedelta(minutes=3))]
    assert blindness.blind_time(stretch, now, (2, 3)) == {2: timedelta(minutes=3)}
