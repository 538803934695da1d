"""Red packets: what the messages about one lot tell, in gold."""

from typing import Any

import pytest

from bilibili_live.events import RedPacket, event_id
from tests.bilibili_live import red_packets
from tests.bilibili_live.messages import RECEIVED, ROOM, SENT_MS, SENT_S, decode, only, reason
from tests.bilibili_live.red_packets import LOT


def test_batteries_become_gold() -> None:
    told = only(red_packets.sent(price=520))
    assert isinstance(told, RedPacket)
    assert (told.price, told.num, told.total_price) == (52_000, 1, None)
    assert (told.lot_id, told.uid, told.username) == (LOT, 3493286400494454, "小明")
    assert (told.at, told.received_at) == (SENT_S * 1000, RECEIVED)


def test_what_is_inside_is_told_in_gold_when_it_starts() -> None:
    told = only(red_packets.started())
    assert (told.price, told.total_price, told.end_at) == (None, 1_600, (SENT_S + 180) * 1000)
    assert told.gifts == {"打call": 2, "牛哇": 3}
    assert (told.uid, told.username) == (3493286400494454, "小明")


def test_a_start_sent_again_is_the_same_event() -> None:
    again = only(red_packets.started(current_time=SENT_S + 30), RECEIVED + 30_000)
    assert again.event_id == only(red_packets.started()).event_id


@pytest.mark.parametrize("form", [1, 2])
def test_each_kind_and_form_of_report_is_an_event_of_its_own(form: int) -> None:
    told = [only(make(form)) for make in (red_packets.sent, red_packets.started, red_packets.drawn)]
    assert [(each.report, each.form) for each in told] == [("sent", form), ("started", form), ("drawn", form)]
    for each in told:
        assert each.event_id == event_id(each.at, ROOM, "red_packet", [LOT, each.report, form])


def test_the_winners_are_counted_at_the_time_that_is_told() -> None:
    assert (only(red_packets.drawn()).winners, only(red_packets.drawn()).at) == (4, (SENT_S + 181) * 1000)
    old = red_packets.drawn(timestamp=None) | {"send_time": SENT_MS}
    del old["data"]["award_num"]
    assert (only(old).winners, only(old).at) == (5, SENT_MS)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"price": -1}, "number out of range"),
        ({"price": 10**14}, "number out of range"),
        ({"price": 10**8, "num": 10**9}, "number out of range"),
        ({"price": None}, "missing price"),
        ({"price": "two"}, "missing price"),
        ({"start_time": None}, "missing start_time"),
        ({"lot_id": None}, "missing lot_id"),
        ({"lot_id": 2**63}, "number out of range"),
        ({"uid": -1}, "bad uid"),
    ],
)
def test_what_money_and_identity_need_is_refused_by_name(changed: dict[str, Any], why: str) -> None:
    assert reason(red_packets.sent(**changed)) == why


@pytest.mark.parametrize(
    "changed",
    [
        {"lot_id": str(LOT), "price": "20", "num": "1", "uid": "3493286400494454", "start_time": str(SENT_S)},
        {"lot_id": float(LOT), "price": 20.0, "num": 1.0},
        {"num": 0},
        {"num": None},
    ],
)
def test_numbers_of_another_type_mean_the_same(changed: dict[str, Any]) -> None:
    assert only(red_packets.sent(**changed)) == only(red_packets.sent())


@pytest.mark.parametrize("awards", [None, "x", {}, [None, 1, {"num": 3}]])
def test_gifts_that_cannot_be_read_cost_nothing_else(awards: object) -> None:
    told = only(red_packets.started(awards=awards))
    assert (told.gifts, told.total_price) == ({}, 1_600)


def test_winners_without_names_of_lots_are_refused() -> None:
    assert decode(red_packets.drawn(lot_id=None)).tally.rejected == {"missing lot_id": 1}
