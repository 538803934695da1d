"""A guard purchase counts once, by whichever of its reports, in whatever order and however far apart."""

from typing import Any

import pytest

from live_data.models import GuardPurchase
from tests.bilibili_live.messages import SENT_S, guard_buy, toast, toast_v2
from tests.live_data.conftest import Log
from tests.live_data.telling import WAYS, Case, Wire, assert_once, tell

pytestmark = pytest.mark.django_db(transaction=True)

LIST, PAID = 198_000, 138_000
MASK = "小***"  #: of the builders' 小明
ONE = {"guards": 1}
TWO = {"guards": 2}


def bought(seconds: int = 0, num: int = 1, **fields: Any) -> Wire:
    return guard_buy(num=num, start_time=SENT_S + seconds, **fields)


def paid(seconds: int = 0, **fields: Any) -> Wire:
    return toast(start_time=SENT_S + seconds, **fields)


def paid_v2(
    seconds: int = 0, source: int = 0, uid: int | str = 14225357, name: str = "小明", **pay: Any
) -> Wire:
    message = toast_v2(source, **pay)
    message["data"]["guard_info"]["start_time"] = SENT_S + seconds
    message["data"]["sender_uinfo"] = {"uid": uid, "base": {"name": name}}
    return message


def masked(message: Wire) -> Wire:
    """As a guest's connection is told it."""
    data = message["data"]
    if "sender_uinfo" in data:
        return message | {"data": data | {"sender_uinfo": {"uid": 0, "base": {"name": MASK}}}}
    return message | {"data": data | {"uid": 0, "username": MASK}}


REPORTS = {
    "the purchase notice alone": Case([bought()], guard=LIST, lines=ONE),
    "the toast alone": Case([paid()], guard=PAID, lines=ONE),
    "the toast's second form alone": Case([paid_v2()], guard=PAID, lines=ONE),
    "notice and toast": Case([bought(), paid(2)], guard=PAID, lines=ONE),
    "notice and second form": Case([bought(), paid_v2(2)], guard=PAID, lines=ONE),
    "both forms of the toast": Case([paid(), paid_v2()], guard=PAID, lines=ONE),
    "both forms, a second apart": Case([paid(), paid_v2(1)], guard=PAID, lines=ONE),
    "all three": Case([bought(), paid(1), paid_v2(1)], guard=PAID, lines=ONE),
    "all three and the second form's copy": Case(
        [bought(), paid(1), paid_v2(1), paid_v2(1, source=2)], guard=PAID, lines=ONE
    ),
    "only the copy": Case([paid_v2(source=2)]),
    "a notice and only the copy": Case([bought(), paid_v2(source=2)], guard=LIST, lines=ONE),
    "the copy with another time": Case([paid(), paid_v2(3, source=2)], guard=PAID, lines=ONE),
    "thirty seconds apart": Case([bought(), paid(30), paid_v2(30)], guard=PAID, lines=ONE),
    "the toast thirty seconds before": Case([bought(30), paid()], guard=PAID, lines=ONE),
    "a second more than thirty": Case([bought(), paid(31)], guard=LIST + PAID, lines=TWO),
    "everything and the banners": Case(
        [
            bought(),
            paid(),
            {"cmd": "NOTICE_MSG", "msg_type": 3},
            {"cmd": "GUARD_HONOR_THOUSAND", "data": {"a": 1}},
        ],
        guard=PAID,
        lines=ONE,
        ignored={"NOTICE_MSG": 1, "GUARD_HONOR_THOUSAND": 1},
    ),
}

PRICES = {
    "three months by the notice": Case([bought(num=3)], guard=3 * LIST, lines=ONE),
    "three months by the toast, which tells the whole price": Case(
        [bought(num=3), paid(num=3, price=534_000)], guard=534_000, lines=ONE
    ),
    "thirty days": Case([bought(), paid(num=30, unit="天", price=LIST)], guard=LIST, lines=ONE),
    "three days given on top": Case([paid(unit="*3天", price=168_000)], guard=168_000, lines=ONE),
    "a year": Case([bought(num=12), paid_v2(num=1, unit="年", price=1_998_000)], guard=1_998_000, lines=ONE),
    "a governor at list price": Case([bought(guard_level=1, price=19_998_000)], guard=19_998_000, lines=ONE),
    "a number of nothing": Case([bought(num=0)], guard=LIST, lines=ONE),
    "in numbers that are texts": Case(
        [
            guard_buy(num="1", price="198000", uid="14225357", guard_level="3", start_time=str(SENT_S)),
            paid_v2(uid="14225357", price="138000", num="1"),
        ],
        guard=PAID,
        lines=ONE,
    ),
    "a price that is none": Case([paid(price="cheap")], rejected={"missing price": 1}),
    "a level that is none": Case([bought(guard_level=4)], rejected={"bad guard_level": 1}),
}

SEVERAL = {
    "two orders of one person at once": Case(
        [paid(payflow_id="1"), paid(5, payflow_id="2"), paid_v2(payflow_id="1")],
        guard=2 * PAID,
        lines=TWO,
    ),
    "two notices and one toast": Case([bought(), bought(10), paid(1)], guard=PAID + LIST, lines=TWO),
    "two notices and two toasts": Case(
        [bought(), bought(10), paid(1, payflow_id="1"), paid(11, payflow_id="2")], guard=2 * PAID, lines=TWO
    ),
    "two levels within a second": Case(
        [
            bought(),
            bought(guard_level=2, price=1_998_000),
            paid(),
            paid(guard_level=2, price=1_598_000, payflow_id="2"),
        ],
        guard=PAID + 1_598_000,
        lines=TWO,
    ),
    "two people at once": Case([bought(), paid(uid=5, username="小红")], guard=LIST + PAID, lines=TWO),
}

MASKED = {
    "all reports to a guest": Case(
        [masked(bought()), masked(paid(1)), masked(paid_v2(1))], guard=PAID, lines=ONE
    ),
    "the notice by uid, the toast masked": Case([bought(), masked(paid(2))], guard=PAID, lines=ONE),
    "the notice masked, the toast by uid": Case([masked(bought()), paid(2)], guard=PAID, lines=ONE),
    "one notice to an account and to a guest": Case([bought(), masked(bought())], guard=LIST, lines=ONE),
    "one toast to an account and to a guest": Case([paid(), masked(paid())], guard=PAID, lines=ONE),
    "everything to both": Case(
        [bought(), masked(bought()), paid(1), masked(paid_v2(1))], guard=PAID, lines=ONE
    ),
    "by the full name without a uid": Case([bought(), paid(uid=0)], guard=PAID, lines=ONE),
    "another first letter": Case([bought(), paid(uid=0, username="大***")], guard=LIST + PAID, lines=TWO),
    "the mask half a minute too late": Case([bought(), masked(paid(31))], guard=LIST + PAID, lines=TWO),
    "two people, one mask: the toast of the known one is his": Case(
        [bought(), paid(20), masked(paid(1, payflow_id="2"))], guard=2 * PAID, lines=TWO
    ),
    "two people, one mask: a notice takes one toast": Case(
        [bought(), bought(1, uid=5, username="小红"), masked(paid(2))], guard=LIST + PAID, lines=TWO
    ),
    "two guests of one mask": Case(
        [masked(paid(payflow_id="1")), masked(paid(5, payflow_id="2"))], guard=2 * PAID, lines=TWO
    ),
}

CASES = {**REPORTS, **PRICES, **SEVERAL, **MASKED}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_a_purchase_counts_once(log: Log, name: str, way: str) -> None:
    assert_once(CASES[name], tell(log, CASES[name], way), way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name",
    ["the notice by uid, the toast masked", "one toast to an account and to a guest", "everything to both"],
)
def test_the_buyer_is_the_one_whom_a_report_names(log: Log, name: str, way: str) -> None:
    tell(log, MASKED[name], way)
    assert set(GuardPurchase.objects.values_list("uid", "username")) == {(14225357, "小明")}
