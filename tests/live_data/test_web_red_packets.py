"""Red packets on the page of gifts, in the API, over the live stream, and after a clean-up."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from live_data import payloads, retention, sync
from live_data.instants import moment
from live_data.models import RedPacketData, RedPacketReportData
from tests.bilibili_live import red_packets
from tests.bilibili_live.messages import SENT_S
from tests.live_data.conftest import Log
from tests.live_data.paid_rows import gift, red_packet, store
from tests.live_data.telling import append, decoded
from tests.live_data.test_web_gifts import DAY, given, page, takings, text
from tests.made import AT, ROOM

HOSTILE = "<img src=x onerror=alert(1)>\u202e"


@pytest.mark.django_db
def test_they_stand_beside_revenue(client: Client) -> None:
    store([gift("1")])
    for number in (1, 2):
        red_packet(number)
    red_packet(3, paid_gold=None)
    found = takings(client)
    assert found["gold"] == 100
    assert found["outside_revenue"] == [{"sort": "red_packet", "lines": 3, "num": 3, "coins": 4_000}]
    html = page(client)
    shown = text(html)
    assert "Red packets" in shown
    assert "kind=red_packets" in html
    assert "4.00" in shown


@pytest.mark.django_db
def test_one_finds_them_line_by_line(client: Client) -> None:
    store([gift("1", AT + 5_000)])
    red_packet(7, AT + 1_000, uid=2**60 + 1, username=HOSTILE)
    red_packet(8, AT + 2_000)
    everything = given(page(client), "lines-given")
    assert [line["kind"] for line in everything] == ["gifts", "red_packets", "red_packets"]
    [late, early] = given(page(client, f"{DAY}&kind=red_packets"), "lines-given")
    assert (late["lot_id"], early["lot_id"]) == ("8", "7")
    assert (early["uid"], early["username"]) == (str(2**60 + 1), HOSTILE)
    assert (early["paid_gold"], early["gifts_gold"], early["gold"]) == (2_000, 1_600, 0)
    assert early["gifts"] == {"小花花": 16}
    assert HOSTILE not in page(client)


@pytest.mark.django_db
def test_they_are_chosen_by_room_and_person(client: Client) -> None:
    red_packet(1)
    red_packet(2, room_id=5, uid=9, username="别人")
    for query, lots in (("room_id=5", ["2"]), ("user=6", ["1"]), ("user=@别", ["2"])):
        lines = given(page(client, f"{DAY}&kind=red_packets&{query}"), "lines-given")
        assert [line["lot_id"] for line in lines] == lots
        assert [each["lines"] for each in takings(client, f"{DAY}&{query}")["outside_revenue"]] == [1]


@pytest.mark.django_db(transaction=True)
def test_the_api_lists_them(client: Client, log: Log) -> None:
    append(log, [(ROOM, red_packets.sent()), (ROOM, red_packets.started()), (ROOM, red_packets.drawn())])
    sync.step(log.redis)
    answer = client.get("/live/api/red_packets").json()
    [item] = answer["results"]
    assert (item["lot_id"], item["paid_gold"], item["gifts_gold"], item["winners"]) == (
        str(red_packets.LOT),
        2_000,
        1_600,
        4,
    )
    assert client.get("/live/api/red_packets?q=x").status_code == 400


def live(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    happened = [event for message in messages for event in decoded(message, ROOM).events]
    items: list[dict[str, Any]] = json.loads(json.dumps(payloads.events(happened)["red_packets"]))
    return items


def test_a_page_hears_what_each_message_tells() -> None:
    sent, started, drawn = live(red_packets.sent(), red_packets.started(), red_packets.drawn())
    assert {item["lot_id"] for item in (sent, started, drawn)} == {str(red_packets.LOT)}
    assert [item["report"] for item in (sent, started, drawn)] == ["sent", "started", "drawn"]
    assert [item["paid_gold"] for item in (sent, started, drawn)] == [2_000, None, None]
    assert [item["gifts_gold"] for item in (sent, started, drawn)] == [None, 1_600, None]
    assert drawn["winners"] == 4


@pytest.mark.django_db(transaction=True)
def test_a_clean_up_leaves_what_was_paid_for_one_that_stays(log: Log) -> None:
    """It was paid for before the cut and started after it."""
    start = (SENT_S + 120) // 60 * 60
    waiting = red_packets.sent(start_time=start - 30)
    append(log, [(ROOM, waiting), (ROOM, red_packets.started(start_time=start + 10))])
    append(log, [(ROOM, red_packets.sent(lot_id=5, start_time=start - 40))])
    sync.step(log.redis)
    for _name, rows in retention.outdated(moment(start * 1000)):
        list(retention.delete(rows))
    append(log, [(ROOM, red_packets.started(2, start_time=start + 10))])
    sync.step(log.redis)
    packet = RedPacketData.objects.get()
    assert (packet.lot_id, packet.paid_gold, packet.gifts_gold) == (red_packets.LOT, 2_000, 1_600)
    assert set(RedPacketReportData.objects.values_list("lot_id", flat=True)) == {red_packets.LOT}
    call_command("cleanup_old_data", days=0)
    assert not RedPacketReportData.objects.exists()
