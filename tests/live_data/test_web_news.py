"""New from Bilibili: from a message that nobody knows to the page, and what happened to rooms, in words."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from bilibili_live.protocol.ignored import Reason
from event_store.connect import Redis
from live_data import happening_words, sync
from live_data.inspection import passed_over
from live_data.instants import moment
from live_data.models import DanmakuData, ProtocolNews, RoomStateData
from tests.collector.test_collector import Collector
from tests.live_data.conftest import Log
from tests.live_data.web_debug import page, part
from tests.live_data.web_rows import room
from tests.made import AT, ROOM, batch, room_state
from tests.simulator_process import SimulatorProcess

HOSTILE = "<script>alert(1)</script>\u202e" + "长" * 3000


def news(name: str = "NEW", kind: str = "unknown command", **changed: Any) -> ProtocolNews:
    told = {"first_seen": moment(AT), "last_seen": moment(AT + 60_000), "count": 1234, "parser_version": 2}
    return ProtocolNews.objects.create(kind=kind, name=name, **(told | changed))


@pytest.mark.django_db(transaction=True)
def test_what_nobody_knows_is_counted_sampled_and_shown(
    client: Client, redis: Redis, redis_url: str, folder: Path, tmp_path: Path
) -> None:
    with SimulatorProcess("--rooms", "1", "--rate", "1", "--seed", "5") as site:
        site.fault(stop=True)
        collector = Collector(tmp_path, redis_url, site.url)
        collector.start()
        try:
            collector.want(ROOM)
            collector.until(lambda: collector.is_connected(ROOM))
            site.fault(unknown=True, room=ROOM)
            collector.until(lambda: sum(len(each.header.news) for each in collector.batches()) == 2)
        finally:
            collector.end()
    while not sync.step(redis).is_drained:
        pass
    found = {row.kind: row for row in ProtocolNews.objects.all()}
    assert found["unknown command"].name == "SKY_LANTERN_RELEASED"
    assert json.loads(found["unknown command"].sample)["data"]["lantern"] == {
        "level": "int:1",
        "wish": "str:4",
    }
    shape = "DANMU_MSG: expected int | null, got str at $.info[0][4]"
    assert found["changed shape"].name == shape
    # Read all the same: the danmaku of a changed shape is a danmaku.
    assert DanmakuData.objects.count() == 1
    said = part(page(client), "news")
    assert "Unknown command SKY_LANTERN_RELEASED" in said
    assert f"Changed shape {shape}" in said
    assert '"wish":"str:4"' in said
    assert "SKY_LANTERN_RELEASED not known: see New from Bilibili 1" in part(page(client), "ledger")
    assert client.get("/live/api/health").json()["news"] == {
        "unknown command": 1, "changed shape": 1, "rejected": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_news_are_no_problem_and_the_newest_come_first(client: Client, folder: Path) -> None:
    news("OLD", first_seen=moment(AT - 5000))
    news("NEWEST", sample='{"cmd":"NEWEST"}')
    said = part(page(client), "news")
    assert 'Unknown command NEWEST Sample {"cmd":"NEWEST"} 2026-09-21' in said
    assert said.index("NEWEST") < said.index("OLD")
    assert "1,234" in said
    assert "NEWEST" not in part(page(client), "problems")


@pytest.mark.django_db
def test_without_news_it_says_so_and_with_many_how_many_more(client: Client, folder: Path) -> None:
    assert "Nothing: everything that came is known." in part(page(client), "news")
    for number in range(33):
        news(f"CMD_{number}")
    assert "3 more" in part(page(client), "news")


@pytest.mark.django_db
def test_a_hostile_name_or_sample_does_nothing(client: Client, folder: Path) -> None:
    news(HOSTILE, sample=HOSTILE)
    html = page(client)
    assert "<script>alert" not in html
    assert html.count(escape(HOSTILE)) == 2


def test_every_reason_to_pass_over_a_command_has_words() -> None:
    assert set(passed_over.REASONS) == set(Reason)


def happened(what: str, value: str = "", **fields: str) -> happening_words.Told:
    return happening_words.told(room_state(1, what, value=value, **fields))


@pytest.mark.parametrize(
    ("told", "sentence", "said"),
    [
        (happened("live", "69387"), "Went live", ""),
        (happened("preparing"), "Off air", ""),
        (happened("preparing", "1"), "Off air, a replay follows", ""),
        (happened("change", "{}", title="标题", area_name="分区"), "New title or area", "标题 · 分区"),
        (happened("warning", "整改"), "Warned by the site", "整改"),
        (happened("lock", "2026-10-01"), "Locked by the site until", "2026-10-01"),
        (happened("block", "7", detail="某人"), "Silenced by the streamer", "某人"),
        (happened("silent_on", "level:5:-1"), "Chat restricted by", "level of the user: 5"),
        (happened("silent_on", "member:1:9"), "Chat restricted by", "followers only"),
        (happened("silent_on", "moon:3:9"), "Chat restricted by", "moon: 3"),
        (happened("recall", "2:7"), "Somebody's lines taken off the screens", "7"),
        (happened("pk", "5:401", detail="1: 6, 2: 7"), "PK settled", "1: 6, 2: 7"),
        (happened("pk", "5:77"), "PK goes on", ""),
        (happened("lottery_award", "14", detail="情书 ×1"), "Lottery drawn", "情书 ×1"),
        (happened("of tomorrow", "x"), "Something that this version has no words for", "of tomorrow"),
        (happened("", ""), "Something that this version has no words for", ""),
    ],
)
def test_what_happened_to_a_room_is_told_in_words(
    told: happening_words.Told, sentence: str, said: str
) -> None:
    assert told == (sentence, said)


@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_room_lists_what_happened_to_it(client: Client, log: Log) -> None:
    log.append(
        batch(
            [
                room_state(1, "warning", value=HOSTILE, detail="d"),
                room_state(2, "admin_added", value="7", uid=7),
                room_state(3, "live"),
            ]
        )
    )
    sync.step(log.redis)
    stored = RoomStateData.objects.get(what="admin_added")
    assert (stored.uid, stored.value) == (7, "7")
    for address in (f"/live/rooms/{ROOM}/", f"/live/rooms/{ROOM}/happenings"):
        html = client.get(address).content.decode()
        assert html.index("Went live") < html.index("Admin appointed") < html.index("Warned by the site")
        assert "<script>alert" not in html
        assert f'<bdi class="foreign" translate="no">{escape(HOSTILE)}</bdi>' in html


@pytest.mark.django_db(transaction=True)
def test_a_session_begins_once_however_often_the_site_says_so(client: Client, log: Log) -> None:
    begun = [(1, "live", "a"), (2, "live", "a"), (3, "preparing", ""), (4, "live", "b"), (5, "live", "b")]
    log.append(batch([room_state(number, what, value=key) for number, what, key in begun]))
    sync.step(log.redis)
    html = client.get(f"/live/rooms/{ROOM}/happenings").content.decode()
    assert re.findall(r"Went live|Off air", html) == ["Went live", "Off air", "Went live"]
    assert RoomStateData.objects.count() == len(begun)


@pytest.mark.django_db
def test_a_room_to_which_nothing_happened_says_so_and_an_unknown_one_has_no_list(client: Client) -> None:
    room()
    assert "Nothing yet." in client.get(f"/live/rooms/{ROOM}/happenings").content.decode()
    assert client.get("/live/rooms/5/happenings").status_code == 404
    assert client.get(f"/live/rooms/{2**64}/happenings").status_code == 404
