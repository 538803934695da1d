"""Which purchases reports tell of: the same ones, in whatever order they come."""

from itertools import permutations
from random import Random

import pytest

from live_data.storing.guards import Report, purchases


def toast(at: int, name: str, price: int = 138_000, source: int = 0, payflow: str | None = None) -> Report:
    payflow_id = f"pay-{name}" if payflow is None else payflow
    return Report(at, name.encode(), "toast", 1, price, payflow_id=payflow_id, source=source)


def bought(at: int, name: str, num: int = 1) -> Report:
    return Report(at, name.encode(), "bought", num, 198_000)


def told(reports: list[Report]) -> list[tuple[str, int]]:
    return [(purchase.opened_by.event_id.decode(), purchase.gold) for purchase in purchases(reports)]


CASES: dict[str, tuple[list[Report], list[tuple[str, int]]]] = {
    "a toast says what was paid": ([toast(0, "t")], [("t", 138_000)]),
    "a GUARD_BUY without toast counts its list price times num": ([bought(0, "b", 3)], [("b", 594_000)]),
    "both tell of one purchase": ([bought(0, "b"), toast(1_000, "t")], [("t", 138_000)]),
    "thirty seconds are near enough": ([bought(0, "b"), toast(30_000, "t")], [("t", 138_000)]),
    "a millisecond more is not": ([bought(0, "b"), toast(30_001, "t")], [("b", 198_000), ("t", 138_000)]),
    "a copy opens no purchase": ([toast(0, "t", source=2)], []),
    "a copy takes no GUARD_BUY": ([toast(0, "t", source=2), bought(10, "b")], [("b", 198_000)]),
    "one payflow is one purchase": (
        [toast(0, "t"), toast(5_000, "u", payflow="pay-t")],
        [("t", 138_000)],
    ),
    "two toasts without payflow are two": (
        [toast(0, "t", payflow=""), toast(5, "u", payflow="")],
        [("t", 138_000), ("u", 138_000)],
    ),
    "a toast takes one GUARD_BUY only": (
        [bought(0, "b"), bought(2_000, "c"), toast(2_500, "t")],
        [("b", 198_000), ("t", 138_000)],
    ),
    "the nearest pair is joined first": (
        [bought(0, "b"), toast(10_000, "t"), bought(11_000, "c"), toast(-25_000, "s")],
        [("s", 138_000), ("t", 138_000)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_purchases_are_the_same_in_any_order_of_reports(name: str) -> None:
    reports, expected = CASES[name]
    for order in permutations(reports):
        assert told(list(order)) == expected


def test_the_list_price_is_what_the_notice_told() -> None:
    for order in permutations([bought(0, "b", 2), toast(5, "t"), toast(10**6, "u")]):
        listed = {each.opened_by.payflow_id: each.list_gold for each in purchases(order)}
        assert listed == {"pay-t": 396_000, "pay-u": None}


@pytest.mark.parametrize("number", [0, 1])
def test_a_notice_without_a_toast_tells_its_own_list_price(number: int) -> None:
    (purchase,) = purchases([bought(0, "b", number)])
    assert purchase.list_gold == purchase.gold == 198_000


def a_month_of_reports(random: Random) -> list[Report]:
    """Of one buyer who buys far too often: reports near each other, copies, missing toasts."""
    reports = []
    for number in range(random.randrange(12)):
        at = random.randrange(0, 120_000, 5_000)
        if random.random() < 0.5:
            reports.append(bought(at, f"b{number}"))
        else:
            source = random.choice((0, 0, 2))
            payflow = random.choice(("", f"pay-{number}", "pay-shared"))
            reports.append(toast(at, f"t{number}", source=source, payflow=payflow))
    return reports


@pytest.mark.parametrize("seed", range(200))
def test_the_order_of_arrival_never_matters_and_nothing_counts_twice(seed: int) -> None:
    random = Random(seed)
    reports = a_month_of_reports(random)
    expected = told(reports)
    for _ in range(5):
        random.shuffle(reports)
        assert told(reports + reports[:2]) == expected
    opening = [each for each in reports if each.report == "toast" and each.source != 2]
    toasts = {each.payflow_id or each.event_id for each in opening}
    alone = [event_id for event_id, _ in expected if event_id.startswith("b")]
    bought_once = sum(each.report == "bought" for each in reports)
    assert len(expected) == len(toasts) + len(alone)
    assert bought_once - len(toasts) <= len(alone) <= bought_once
