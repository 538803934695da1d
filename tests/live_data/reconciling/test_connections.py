"""What each connection was sent beside what is in SQL: a loss must be an end, and told as blind."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bilibili_live.events import AnyEvent
from live_data.reconciling import connections
from live_data.reconciling.connections import Connection, Sent, Told
from live_data.storing.events import Arrival, store
from tests.made import AT, ROOM, SECOND, coverage, danmaku, gift, guard, super_chat

NOW = datetime(2026, 9, 22, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def in_sql(*events: AnyEvent) -> None:
    store([Arrival(event, 1) for event in events], NOW)


def said(number: int, kind: str = "danmaku", after: int | None = None) -> Sent:
    """The ``number``-th danmaku or gift of tests.made, sent so many ms after it happened."""
    if kind == "danmaku":
        return Sent(kind, f"id-{number}", AT + number, AT + number + (after or 0), 0, True, (0, 0))
    at = AT + number * SECOND
    return Sent(kind, f"tid-{number}", at, at + (after or 0), 100, True, (0, 0))


def on(number: int, sent: Sequence[Sent]) -> Connection:
    return Connection(number, ROOM, list(sent))


def test_nothing_is_missing_when_all_is_stored() -> None:
    in_sql(danmaku(1), danmaku(2), gift(3))
    found = connections.compared([on(1, [said(1), said(2), said(3, "gift")])])
    assert found.is_well
    assert (found.connections, found.sent, found.missing) == (1, 3, 0)
    assert found.expected == {
        ROOM: {"danmaku": 2, "gift": 1, "super_chat": 0, "guard": 0, "red_packet": 0, "gold": 100}
    }


def test_the_end_of_a_connection_may_be_missing_in_a_blind_span() -> None:
    in_sql(
        danmaku(1), coverage(-1, "covered"), coverage(0, "blind", "connection lost"), coverage(1, "covered")
    )
    found = connections.compared([on(1, [said(1), said(2), said(3)])])
    assert found.is_well
    assert found.missing == 2
    assert found.expected[ROOM]["danmaku"] == 1


def test_the_end_of_a_connection_missing_while_the_room_was_covered_is_found() -> None:
    in_sql(danmaku(1), coverage(-1, "covered"), coverage(1, "blind", "connection lost"))
    found = connections.compared([on(1, [said(1), said(2)])])
    assert not found.is_well
    assert "danmaku id-2" in found.not_blind[0]
    assert found.not_a_suffix == []


def test_a_hole_in_the_middle_is_found_even_in_a_blind_span() -> None:
    in_sql(danmaku(1), danmaku(3), coverage(-1, "blind", "connecting"))
    found = connections.compared([on(1, [said(1), said(2), said(3)])])
    assert found.not_blind == []
    assert ["danmaku id-2" in line for line in found.not_a_suffix] == [True]
    assert not found.is_well


def test_what_another_connection_brought_again_does_not_make_a_hole() -> None:
    in_sql(danmaku(1), danmaku(3), coverage(-1, "blind", "connecting"))
    found = connections.compared([on(1, [said(1), said(2), said(3)]), on(2, [said(3)])])
    assert found.is_well
    assert found.missing == 1


def test_what_the_same_connection_brought_before_does_not_make_a_hole() -> None:
    in_sql(gift(1), coverage(-1, "blind", "connecting"))
    found = connections.compared([on(1, [said(1, "gift"), said(2, "gift"), said(1, "gift", after=1200)])])
    assert found.is_well
    assert (found.missing, found.expected[ROOM]["gift"]) == (1, 1)


def test_what_was_sent_twice_after_a_missing_one_makes_a_hole() -> None:
    in_sql(gift(2), coverage(-1, "blind", "connecting"))
    found = connections.compared([on(1, [said(1, "gift"), said(2, "gift"), said(2, "gift", after=1200)])])
    assert ["gift tid-1" in line for line in found.not_a_suffix] == [True]


def test_a_super_chat_of_a_gap_that_was_fetched_afterwards_makes_no_hole() -> None:
    in_sql(danmaku(1), super_chat(5), coverage(-1, "blind", "connecting"))
    chat = Sent("super_chat", "5", AT + 5 * SECOND, AT + 3, 30_000, True, (0, 0))
    found = connections.compared([on(1, [said(1), said(2), chat])])
    assert found.is_well
    assert found.missing == 1
    assert found.expected[ROOM]["gold"] == 30_000


def test_a_super_chat_that_the_list_alone_told_is_expected_once_it_is_stored() -> None:
    in_sql(super_chat(5))
    told = [Told(ROOM, "super_chat", str(number), AT + number * SECOND, 30_000) for number in (5, 6)]
    found = connections.compared([on(1, [])], told)
    assert found.is_well
    assert (found.sent, found.missing) == (0, 0)
    assert (found.expected[ROOM]["super_chat"], found.expected[ROOM]["gold"]) == (1, 30_000)


def test_a_copy_of_a_toast_does_not_stand_for_the_toast() -> None:
    in_sql(guard("toast", price=138_000, source=2), coverage(-1, "blind", "connecting"))
    paid = Sent("guard", f"pay-{AT}", AT, AT, 138_000, True, (7, 3))
    found = connections.compared([on(1, [paid])])
    assert found.is_well
    assert (found.missing, found.expected[ROOM]["guard"]) == (1, 0)


def test_a_guard_whose_toast_is_missing_counts_at_its_list_price() -> None:
    in_sql(guard("bought", price=198_000), super_chat(5), coverage(-1, "blind", "connecting"))
    bought = Sent("guard", "order", AT, AT, 198_000, False, (7, 3))
    paid = Sent("guard", "order", AT, AT, 138_000, True, (7, 3))
    chat = Sent("super_chat", "5", AT + 5 * SECOND, AT, 30_000, True, (0, 0))
    found = connections.compared([on(1, [chat, bought, paid])])
    assert found.is_well
    assert found.expected[ROOM] == {
        "danmaku": 0,
        "gift": 0,
        "super_chat": 1,
        "guard": 1,
        "red_packet": 0,
        "gold": 228_000,
    }


def test_a_ledger_that_forgot_a_part_proves_nothing() -> None:
    ledger = {"connections": [{"id": 1, "room": ROOM, "uid": 0, "sent": [], "forgotten": 7}]}
    with pytest.raises(ValueError, match="forgotten 7 reports"):
        connections.read(ledger)
