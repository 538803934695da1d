"""Revenue to the last seed, whatever the order in which its reports arrive."""

from itertools import permutations
from random import Random
from typing import Any

import pytest

from bilibili_live.events import PARSER_VERSION, AnyEvent, GuardReport
from live_data import sync
from live_data.instants import moment
from live_data.models import GiftData, GuardPurchase, GuardReportData, MinuteCount, SuperChatData
from live_data.revenue import revenue_by_kind
from live_data.storing import guards, purchases
from tests.live_data.conftest import Log, assert_balanced
from tests.made import AT, ROOM, batch, danmaku, deletion, gift, guard, room_info, super_chat

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(log: Log, *events: AnyEvent) -> None:
    """Each in a step of its own."""
    for event in events:
        log.append(batch([event]))
        sync.step(log.redis)


def rolled_gold() -> int:
    return sum(MinuteCount.objects.values_list("gold", flat=True))


@pytest.mark.parametrize(
    ("fields", "gold"),
    [
        ({"total_coin": 5_000, "price": 2_500}, 5_000),  # a blind box: what was paid
        ({"total_coin": 5_000, "coin_type": "silver"}, 0),
        ({"total_coin": 5_000, "is_backpack": True}, 0),
        ({"total_coin": 5_000, "receiver_uid": 42}, 5_000),
        ({"total_coin": 5_000, "receiver_uid": 43}, 0),
        ({"total_coin": 5_000, "receiver_uid": None}, 5_000),
    ],
)
def test_only_what_was_paid_to_the_anchor_is_revenue(log: Log, fields: dict[str, Any], gold: int) -> None:
    deliver(log, room_info(0, uid=42), gift(1, **fields))
    assert GiftData.objects.get().gold == rolled_gold() == gold


def test_gifts_are_valued_anew_when_the_anchor_becomes_known(log: Log) -> None:
    deliver(log, gift(1, receiver_uid=43), gift(2, receiver_uid=42), gift(3), gift(4, receiver_uid=43))
    assert rolled_gold() == 400
    deliver(log, room_info(0, uid=42))
    assert list(GiftData.objects.order_by("tid").values_list("gold", flat=True)) == [0, 100, 100, 0]
    assert rolled_gold() == 200
    deliver(log, room_info(9, uid=43))
    assert rolled_gold() == 300
    assert_balanced()


def test_an_old_word_about_the_anchor_is_heard_when_there_is_no_newer(log: Log) -> None:
    deliver(log, room_info(10, uid=None), gift(1, receiver_uid=43), room_info(0, uid=42))
    assert rolled_gold() == 0


ONE_PURCHASE = [
    guard("bought"),
    guard("toast", AT + 1_000, price=138_000),
    guard("toast", AT + 1_000, source=2),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_one_purchase_by_three_reports_counts_once(
    log: Log, order: tuple[int, ...], in_one_batch: bool
) -> None:
    events: list[AnyEvent] = [ONE_PURCHASE[index] for index in order]
    if in_one_batch:
        log.append(batch(events))
        sync.step(log.redis)
    else:
        deliver(log, *events)
    purchase = GuardPurchase.objects.get()
    assert (purchase.gold, purchase.timestamp) == (138_000, moment(AT + 1_000))
    assert purchase.payflow_id == f"pay-{AT + 1_000}"
    assert GuardReportData.objects.count() == 2
    assert rolled_gold() == 138_000
    assert sum(MinuteCount.objects.values_list("guards", flat=True)) == 1
    assert_balanced()


def a_day_of_masked_guests(random: Random) -> list[GuardReport]:
    """Reports of people who all show the same name: some near each other, some hours apart."""
    reports = []
    for _ in range(random.randrange(4, 16)):
        at = AT + random.choice((0, 100_000, 3_600_000)) + random.randrange(0, 120_000, 10_000)
        fields: dict[str, Any] = {"uid": None, "username": "用***"}
        if random.random() < 0.5:
            reports.append(guard("bought", at, **fields))
        else:
            payflow = random.choice((f"pay-{at}", "pay-shared", ""))
            source = random.choice((0, 0, 0, 2))
            reports.append(guard("toast", at, payflow_id=payflow, source=source, price=at % 7, **fields))
    return reports


@pytest.mark.parametrize("seed", range(25))
def test_purchases_are_those_of_all_reports_in_whatever_pieces_they_come(log: Log, seed: int) -> None:
    random = Random(seed)
    events: list[AnyEvent] = [*a_day_of_masked_guests(random)]
    random.shuffle(events)
    while events:
        size = random.randrange(1, 4)
        log.append(batch(events[:size]))
        sync.step(log.redis)
        events = events[size:]
    told = guards.purchases(map(purchases._report, GuardReportData.objects.all()))
    expected = {purchase.opened_by.event_id: purchase.gold for purchase in told}
    stored = GuardPurchase.objects.values_list("event_id", "gold")
    assert {bytes(event_id): gold for event_id, gold in stored} == expected
    assert rolled_gold() == sum(expected.values())


def test_what_a_buyer_did_long_ago_is_not_read_again(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    masked: dict[str, Any] = {"uid": None, "username": "用***"}
    log.append(batch([guard("toast", AT + hour * 3_600_000, **masked) for hour in range(300)]))
    sync.step(log.redis)
    read: list[GuardReportData] = []

    def noted(row: GuardReportData) -> guards.Report:
        read.append(row)
        return original(row)

    original = purchases._report
    monkeypatch.setattr(purchases, "_report", noted)
    deliver(log, guard("bought", AT + 200 * 3_600_000 + 5_000, **masked))
    assert len(read) == 2
    assert GuardPurchase.objects.count() == 300


def test_buyers_without_uid_are_told_by_their_name(log: Log) -> None:
    deliver(
        log,
        guard("bought", uid=None, username="甲***"),
        guard("toast", AT + 1_000, uid=None, username="乙***", price=1_000),
    )
    assert sorted(GuardPurchase.objects.values_list("gold", flat=True)) == [1_000, 198_000]


def test_a_report_parsed_anew_for_another_buyer_moves_its_purchase(log: Log) -> None:
    log.append(batch([guard("toast", uid=None, username="甲")]))
    sync.step(log.redis)
    log.append(batch([guard("toast", uid=7, username="甲")], parser_version=PARSER_VERSION + 1))
    sync.step(log.redis)
    assert GuardPurchase.objects.get().uid == 7
    assert rolled_gold() == 198_000


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_a_super_chat_is_marked_whichever_came_first(
    log: Log, order: tuple[int, ...], in_one_batch: bool
) -> None:
    events: list[AnyEvent] = [super_chat(1), deletion(1, 5), deletion(1, at=AT + 200_000)]
    shuffled = [events[index] for index in order]
    if in_one_batch:
        log.append(batch(shuffled))
        sync.step(log.redis)
    else:
        deliver(log, *shuffled)
    assert SuperChatData.objects.get().deleted_at == moment(AT + 90_000)
    assert rolled_gold() == 30_000


def test_revenue_by_kind_is_exact_and_bounded_by_time(log: Log) -> None:
    deliver(log, gift(1, total_coin=1), super_chat(1), guard("toast"), danmaku(1))
    assert revenue_by_kind([ROOM, 5]) == {
        ROOM: {"gift": 1, "guard": 198_000, "super_chat": 30_000},
        5: {"gift": 0, "guard": 0, "super_chat": 0},
    }
    at = moment(AT + 1_000)
    assert revenue_by_kind([ROOM], since=at)[ROOM] == {"gift": 1, "guard": 0, "super_chat": 30_000}
    assert revenue_by_kind([ROOM], until=at)[ROOM] == {"gift": 0, "guard": 198_000, "super_chat": 0}
