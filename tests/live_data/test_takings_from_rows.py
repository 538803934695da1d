"""What pages add up in SQL, against plain sums of the same rows in Python."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from live_data import revenue
from live_data.instants import moment
from live_data.models import GiftData, GuardPurchase, RollupCalendar, SuperChatData
from live_data.queries import gift_items, payers, takings
from live_data.queries.gift_items import Item
from live_data.queries.lists import Chosen
from live_data.queries.payers import Payer
from live_data.queries.takings import Gold
from live_data.storing import calendar
from tests.live_data.paid_rows import Paid, a_mixture, gift, purchase, store, super_chat
from tests.made import AT

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # ms
MANY = 10_000
TABLES: tuple[type[Paid], ...] = (GiftData, SuperChatData, GuardPurchase)
#: Some sort in another order in other languages than by their bytes, and two are one name decomposed.
NAMES = ["a***", "B***", "Z***", "é***", "e\u0301***", "ab***", "a-b***", "见***", "𠮷***", "～***", " ***"]


def some_rows(dice: Random, number: int, within: int = 3 * HOUR) -> list[Paid]:
    """With few different prices, so that many people paid the same; and names that change."""
    times = [AT + dice.randrange(within) // 10 * 10 for _ in range(40)]
    rows = a_mixture(dice, number, times, [1, 2, 3])
    for row in rows:
        row.uid = dice.choice([None, *range(1, 40)])
        row.username = dice.choice(NAMES)
        if isinstance(row, GiftData):
            row.gift_name = dice.choice(["花", "Flower", "flower", "𠮷" * 99 + "花花", "𠮷" * 99 + "花"])
            row.total_coin = dice.choice([0, 100, 1000])
            row.gold = revenue.of_gift(row, 42)
        else:
            row.gold = 1000
    return rows


def within(chosen: Chosen) -> Iterable[tuple[int, Paid]]:
    """All that is chosen, with the place of its kind in Gold."""
    for place, table in enumerate(TABLES):
        manager: models.Manager[Any] = table._default_manager
        for row in manager.all():
            is_then = (chosen.since or row.timestamp) <= row.timestamp and (
                chosen.until is None or row.timestamp < chosen.until
            )
            is_theirs = chosen.uid in (None, row.uid) and chosen.name in row.username
            if is_then and is_theirs and row.room_id in (chosen.room_ids or (row.room_id,)):
                yield place, row


def expected_payers(chosen: Chosen) -> list[Payer]:
    """All of them, the dearest first."""
    paid = [(place, row) for place, row in within(chosen) if row.gold > 0]
    people: dict[Any, list[tuple[int, Paid]]] = defaultdict(list)
    for place, row in paid:
        people[row.username if row.uid is None else row.uid].append((place, row))
    found = []
    for lines in people.values():
        gold = [sum(row.gold for place, row in lines if place == wanted) for wanted in range(3)]
        _, name = max((row.timestamp, row.username) for _, row in lines)
        found.append(Payer(lines[0][1].uid, name, len(lines), Gold(*gold)))
    return sorted(
        found,
        key=lambda payer: (-payer.gold.total, payer.uid or 0, payer.name if payer.uid is None else ""),
    )


def choices(dice: Random) -> list[Chosen]:
    since, until = sorted(moment(AT + dice.randrange(3 * HOUR)) for _ in range(2))
    everything = Chosen()
    then = Chosen(since=since, until=until)
    return [
        everything,
        then,
        replace(then, room_ids=(2,)),
        replace(then, room_ids=(1, 3)),
        replace(everything, uid=7),
        replace(then, name="***"),
        replace(everything, uid=10**6),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_payers_are_those_of_the_rows(seed: int) -> None:
    dice = Random(seed)
    store(some_rows(dice, 150))
    for chosen in choices(dice):
        wanted = expected_payers(chosen)
        known = [payer.uid for payer in wanted if payer.uid is not None]
        assert sorted(payers.uids(chosen)) == sorted(known)
        for most in (1, 2, 5, 17, MANY):
            found = payers.payers(chosen, most)
            assert found == (wanted[:most], len(known), len(wanted) - len(known)), (chosen, most)


def test_payers_of_sums_beyond_doubles_are_exact_and_in_order() -> None:
    paid = {1: [2**53, 1], 2: [2**53 - 1, 1], 3: [2**53, 1, 1], 4: [5]}
    store(gift(f"{uid} {n}", uid=uid, total_coin=coins) for uid in paid for n, coins in enumerate(paid[uid]))
    found = payers.payers(Chosen(), 4)
    assert [(payer.uid, payer.gold.gift) for payer in found.first] == [
        (3, 2**53 + 2),
        (1, 2**53 + 1),
        (2, 2**53),
        (4, 5),
    ]


def test_payers_whose_rows_go_while_they_are_counted_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    store([gift("a", uid=1), gift("b", uid=None, username="x***")])
    dearest = payers._dearest

    def gone_meanwhile(sort: Any, *others: Any) -> Any:
        found = dearest(sort, *others)
        if sort is payers._MASKED:
            GiftData.objects.filter(uid=None).delete()
        return found

    monkeypatch.setattr(payers, "_dearest", gone_meanwhile)
    assert [payer.uid for payer in payers.payers(Chosen(), 5).first] == [1]


def expected_items(chosen: Chosen) -> list[Item]:
    lines: dict[tuple[str, bool, int], list[GiftData]] = defaultdict(list)
    for _, row in within(chosen):
        if isinstance(row, GiftData):
            box = row.blind_box_id
            number = row.gift_id if box is None else box
            lines[revenue.sort_of(row, row.gold), box is not None, number].append(row)
    found = []
    for (sort, is_box, number), rows in lines.items():
        named = [(row.timestamp, (row.blind_box_name if is_box else row.gift_name)[:100]) for row in rows]
        num, coins, gold = (
            sum(getattr(row, column) for row in rows) for column in ("num", "total_coin", "gold")
        )
        values = [revenue.values_of_gift(row, row.unit_coin).revealed or 0 for row in rows]
        revealed = sum(values) or None if is_box else None  # a price of 0 was not told
        found.append(Item(sort, is_box, number, max(named)[1], len(rows), num, coins, gold, revealed))
    return sorted(
        found, key=lambda item: (-item.gold, -item.coins, -item.lines, item.is_box, item.number, item.sort)
    )


@pytest.mark.parametrize("seed", range(4))
def test_gifts_are_those_of_the_rows(seed: int) -> None:
    dice = Random(seed)
    store(some_rows(dice, 150))
    for chosen in choices(dice):
        assert gift_items.items(chosen) == expected_items(chosen), chosen


def a_time_of_days(dice: Random) -> tuple[datetime, datetime]:
    """Ends are often those of days of statistics, or close to them."""
    days = calendar.days()
    midnights = [days.begins(days.of(AT) + timedelta(days=number)) for number in range(9)]
    ends = [dice.choice([*midnights, AT + dice.randrange(8 * DAY)]) for _ in range(2)]
    since, until = sorted(end + dice.choice([0, 0, -1, 1, -10, 10]) for end in ends)
    return moment(since), moment(until)


@pytest.mark.parametrize("seed", range(6))
def test_gifts_of_days_are_those_of_the_rows(seed: int) -> None:
    dice = Random(seed)
    store(some_rows(dice, 150, 7 * DAY))
    for _ in range(30):
        since, until = a_time_of_days(dice)
        rooms = dice.choice([(), (), (2,), (1, 3)])
        chosen = Chosen(rooms, dice.choice([None, None, None, 7]), since=since, until=until)
        assert gift_items.items(chosen) == expected_items(chosen), chosen


def test_gifts_of_whole_days_are_read_from_their_rollup_and_the_ends_from_lines() -> None:
    days = calendar.days()
    midnight = days.begins(days.of(AT) + timedelta(days=1))
    since, until = midnight - HOUR, midnight + 5 * DAY + HOUR
    names = {midnight - 1: "早", midnight: "旧", midnight + DAY: "新", midnight + 2 * DAY: "新"}
    store(gift(str(at), at, gift_name=name) for at, name in names.items())
    chosen = Chosen(since=moment(since), until=moment(until))
    GiftData.objects.filter(timestamp__gte=moment(midnight)).delete()
    assert gift_items.items(chosen) == [Item("paid", False, 1, "新", 4, 4, 400, 400)]
    store([gift("late", midnight + 5 * DAY, gift_name="晚")])
    assert [(item.name, item.lines) for item in gift_items.items(chosen)] == [("晚", 5)]
    # Where the rollup does not have everything, the lines decide.
    RollupCalendar.objects.update(is_whole=False)
    assert [(item.name, item.lines) for item in gift_items.items(chosen)] == [("晚", 2)]


def test_of_two_names_on_its_last_day_a_gift_has_the_later_one() -> None:
    days = calendar.days()
    midnight = days.begins(days.of(AT) + timedelta(days=1))
    store(
        [
            gift("1", midnight + DAY + 5, gift_name="一"),
            gift("2", midnight + DAY + 9, gift_name="二"),
            gift("3", midnight + DAY + 7, gift_name="三"),
            gift("4", midnight + 2 * DAY, gift_id=2, gift_name="别的"),
        ]
    )
    chosen = Chosen(since=moment(midnight), until=moment(midnight + 4 * DAY))
    assert {item.number: item.name for item in gift_items.items(chosen)} == {1: "二", 2: "别的"}


def test_a_box_that_comes_while_gifts_are_added_up_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    box: dict[str, Any] = {"unit_coin": 5, "blind_box_name": "盒"}
    store([gift("1", blind_box_id=77, **box)])
    revealed = gift_items._revealed

    def come_meanwhile(chosen: Chosen) -> Any:
        store([gift("2", blind_box_id=78, **box)])
        return revealed(chosen)

    monkeypatch.setattr(gift_items, "_revealed", come_meanwhile)
    assert [(item.number, item.lines, item.revealed) for item in gift_items.items(Chosen())] == [(77, 1, 5)]


@pytest.mark.parametrize("seed", range(4))
def test_parts_of_any_number_hold_the_rows_of_their_time(seed: int) -> None:
    dice = Random(seed)
    store(some_rows(dice, 150))
    for chosen in choices(dice):
        later = {moment((AT + dice.randrange(3 * HOUR)) // MINUTE * MINUTE) for _ in range(dice.randrange(9))}
        first = chosen.since or moment(AT)
        begins = [first, *sorted(at for at in later if at > first)]
        rooms: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        parts = [[0, 0, 0] for _ in begins]
        for place, row in within(chosen):
            if row.gold:
                rooms[row.room_id][place] += row.gold
                parts[max(0, sum(at <= row.timestamp for at in begins) - 1)][place] += row.gold
        found = takings.revenue(chosen, begins)
        assert found.by_time == [Gold(*part) for part in parts], chosen
        assert found.by_room == {room_id: Gold(*gold) for room_id, gold in rooms.items()}


@pytest.mark.only_on("sqlite")
def test_a_stretch_of_all_rooms_is_read_from_the_indexes_of_what_was_paid() -> None:
    store([gift("1"), super_chat(2), purchase("3")])
    chosen = Chosen(since=moment(AT - HOUR), until=moment(AT + HOUR))
    with CaptureQueriesContext(connection) as asked:
        payers.payers(chosen, 1)
        takings.revenue(chosen, [moment(AT - HOUR)])
    plans = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans += [detail for *_, detail in cursor.fetchall()]
    said = " / ".join(plans)
    assert "COVERING INDEX idx_gift_paid (event_id>? AND event_id<?)" in said
    assert "idx_minute_count_gold (minute>? AND minute<?)" in said
