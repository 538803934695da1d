"""/live/rooms/: what it lists, in which order, and what may be typed and pressed there."""

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from event_store import connect
from event_store.rooms import RoomConnection, show_connections
from live_data import tasks
from live_data.instants import epoch_ms
from live_data.models import EventCount, LiveRoom, MonitoringTask
from tests.live_data.conftest import with_settings
from tests.live_data.web_rows import danmaku_row

pytestmark = pytest.mark.django_db

ROOMS = "/live/rooms/"
TABLE = "/live/rooms/table"
HOSTILE = ["<script>alert(1)</script>", "\u202ereversed", "\x07\x1b[31m", "长" * 5000, "{{ q }}{% now %}"]
ABSURD = [0, 2**53 + 1, 2**64, int("9" * 400)]


@pytest.fixture(autouse=True)
def _redis_is_away(settings: Settings) -> None:
    with_settings(settings, redis_url="unix:///nowhere/valkey.sock")


def watched(*room_ids: int, name: str = "t") -> MonitoringTask:
    task = tasks.create(name, room_ids)
    tasks.start(task)
    return task


def made(room_id: int, **fields: object) -> LiveRoom:
    return LiveRoom.objects.create(room_id=room_id, **fields)


def page(client: Client, address: str = ROOMS, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def order(text: str, titles: Sequence[str]) -> list[str]:
    return sorted(
        (title for title in titles if f">{title}<" in text), key=lambda title: text.index(f">{title}<")
    )


def test_rooms_on_air_stand_first_and_those_of_the_past_last(client: Client) -> None:
    for room_id, title, status in (
        (1, "off", 0),
        (2, "live", 1),
        (3, "past", 1),
        (4, "paused", 1),
        (5, "replay", 2),
    ):
        made(room_id, title=title, status=status, is_paused=title == "paused")
    watched(1, 2, 4, 5)
    text = page(client)
    assert order(text, ["live", "off", "replay", "paused", "past"]) == [
        "live",
        "off",
        "replay",
        "paused",
        "past",
    ]
    assert "Paused" in text
    assert "Not watched any more" in text
    assert text.count("Unknown while Redis is away.") == 3


def test_a_room_of_a_stopped_task_and_one_without_a_row_are_listed(client: Client) -> None:
    tasks.create("stopped", [77])
    text = page(client)
    assert "Not watched: its task is stopped" in text
    assert "Room 77" in text
    assert "1 room\n" in text


def test_a_list_that_cannot_be_read_hides_no_other_room(client: Client) -> None:
    broken = watched(name="broken")
    MonitoringTask.objects.filter(pk=broken.pk).update(room_ids_json="{", last_error="cannot be <read>")
    made(9, title="good")
    text = page(client)
    assert ">good<" in text
    assert "cannot be &lt;read&gt;" in text
    assert "no list of room numbers" in page(client, f"/live/rooms/tasks/{broken.pk}/")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_wrote_stays_text(client: Client, text: str) -> None:
    made(8, title=text, uname=text, area_name=text)
    task = watched(8, name=text[:100])
    MonitoringTask.objects.filter(pk=task.pk).update(last_error=text)
    shown = page(client)
    assert "<script>alert" not in shown
    assert "{{ q }}" in shown or "{{ q }}" not in text
    start = shown.index('<tbody id="rooms-body">')
    assert '<bdi class="foreign" translate="no">' in shown[start : start + 600]


def test_why_a_room_is_not_connected_is_told_with_the_next_try(
    client: Client, redis: connect.Redis, redis_url: str, settings: Settings
) -> None:
    with_settings(settings, redis_url=redis_url)
    made(8, title="lost")
    watched(8)
    now = epoch_ms(datetime.now(UTC))
    lost = RoomConnection("blind", "unreachable", "<b>no route", since=now - 5000, retry_at=now + 60_000)

    async def tell() -> None:
        client = connect.async_client(redis_url)
        await show_connections(client, {8: lost})
        await client.aclose()

    asyncio.run(tell())
    text = page(client)
    assert "Not connected: the site cannot be reached" in text
    assert "&lt;b&gt;no route" in text
    assert text.count("<time ") >= 2
    assert "next try" in text


def test_last_event_and_what_was_stored_are_shown(client: Client) -> None:
    now = datetime.now(UTC)
    danmaku_row("old", at=epoch_ms(now) - 7_200_000)
    danmaku_row("now", at=epoch_ms(now) - 1000)
    danmaku_row("far future", at=epoch_ms(now + timedelta(days=900)))
    EventCount.objects.create(room_id=90001, outcome="stored", name="danmaku", count=12_345)
    EventCount.objects.create(room_id=90001, outcome="ignored", name="X", count=1)
    watched(90001)
    text = page(client)
    assert (now - timedelta(seconds=1)).isoformat(timespec="milliseconds").removesuffix("+00:00")[:-1] in text
    assert "12,345" in text
    assert text.split("12,345")[0].rsplit("<td", 2)[1].split(">")[1].split() == ["1", "</td"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("DEUTSCH", ["Deutsch lernen"]),
        ("主播乙", ["唱歌"]),
        ("220", ["唱歌"]),
        ("99", ["Deutsch lernen"]),
        ("", ["Deutsch lernen", "唱歌"]),
        ("   ", ["Deutsch lernen", "唱歌"]),
        ("<b>", []),
        ("\u202e", []),
        ("%", []),
    ],
)
def test_rooms_are_found_by_a_part_of_title_name_or_number(
    client: Client, asked: str, found: list[str]
) -> None:
    made(11, title="Deutsch lernen", uname="甲", short_id=99)
    made(2208, title="唱歌", uname="主播乙")
    watched(11, 2208)
    response = client.get(TABLE, {"q": asked})
    text = response.content.decode()
    assert response.status_code == 200
    assert order(text, ["Deutsch lernen", "唱歌"]) == found
    assert ("No room has this" in text) == (not found)


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 201, "q=%00", "page=0", "page=x", "page=" + "9" * 5000, "page=-1"]
)
def test_a_bad_question_is_told_and_the_list_is_there_all_the_same(client: Client, query: str) -> None:
    made(11, title="there")
    for address in (ROOMS, TABLE):
        assert ">there<" in page(client, f"{address}?{query}", 400)
    assert "must" in page(client, f"{ROOMS}?{query}", 400).split('id="filter-said"')[1][:300]


def test_a_thousand_rooms_come_in_pages_with_as_many_queries_as_one(client: Client) -> None:
    LiveRoom.objects.bulk_create(LiveRoom(room_id=n, title=f"t{n}", uname="u") for n in range(1, 1001))
    watched(*range(1, 1001))
    with CaptureQueriesContext(connection) as many:
        text = page(client, f"{ROOMS}?page=2")
    assert text.count('class="room-line') == 100
    assert "1000 rooms" in text
    assert "101 to 200 shown" in text
    assert ">t101<" in text
    assert "page=1" in text
    assert "page=3" in text
    assert ">t1000<" in page(client, f"{ROOMS}?page=99")
    MonitoringTask.objects.update(room_ids_json="[1]")
    LiveRoom.objects.exclude(room_id=1).delete()
    with CaptureQueriesContext(connection) as one:
        page(client)
    assert len(many) == len(one)


def test_the_part_that_is_fetched_anew_is_what_the_page_shows(client: Client) -> None:
    made(11, title="there")
    watched(11)
    part = page(client, TABLE)
    assert part.strip() in page(client)
    assert "<html" not in part
    assert "csrf" not in part  # it would differ each time, and every cell would be drawn anew


def test_a_paused_room_rests_until_it_is_resumed(client: Client) -> None:
    made(11)
    watched(11, 12)
    back = client.post("/live/rooms/11/pause", {"q": "a b", "page": "2"})
    assert (back.status_code, back["Location"]) == (302, "/live/rooms/?q=a+b&page=2")
    assert tasks.desired_rooms() == [12]
    assert client.post("/live/rooms/12/pause")["Location"] == "/live/rooms/"
    assert tasks.desired_rooms() == []
    client.post("/live/rooms/11/resume")
    assert tasks.desired_rooms() == [11]


def test_a_removed_room_leaves_all_tasks_and_its_data_stays(client: Client) -> None:
    danmaku_row("kept", room_id=11)
    watched(11, 12, name="a")
    watched(11, name="b")
    client.post("/live/rooms/11/pause")
    client.post("/live/rooms/11/remove")
    assert [task.room_ids for task in MonitoringTask.objects.order_by("task_name")] == [[12], []]
    assert LiveRoom.objects.get(room_id=11).danmakudata_set.count() == 1
    assert not LiveRoom.objects.get(room_id=11).is_paused
    client.post("/live/rooms/11/watch")
    assert sorted(tasks.desired_rooms()) == [11, 12]


@pytest.mark.parametrize("what", ["pause", "resume", "remove", "watch"])
@pytest.mark.parametrize("room_id", [5, *ABSURD])
def test_a_room_that_nobody_listed_cannot_be_acted_on(client: Client, what: str, room_id: int) -> None:
    assert client.post(f"/live/rooms/{room_id}/{what}").status_code == 404
    assert not LiveRoom.objects.exists()
    assert not MonitoringTask.objects.exists()


def test_nothing_is_changed_by_a_link_or_by_another_site(client: Client) -> None:
    made(11)
    task = watched(11)
    actions = [f"/live/rooms/11/{what}" for what in ("pause", "resume", "remove", "watch")]
    actions += [f"/live/rooms/tasks/{task.pk}/{what}" for what in ("start", "stop", "delete")]
    stranger = Client(enforce_csrf_checks=True)
    for address in (*actions, "/live/rooms/add", "/live/rooms/add_several", "/live/rooms/split"):
        assert client.get(address).status_code == 405
        assert stranger.post(address).status_code == 403
    assert stranger.post("/live/rooms/tasks/new", {"name": "x"}).status_code == 403
    assert tasks.desired_rooms() == [11]
    assert MonitoringTask.objects.count() == 1


def test_what_the_setting_lists_says_that_it_comes_back(client: Client) -> None:
    watched(11, name="ROOMS")
    assert "it comes back at the next start" in page(client)
    watched(12, name="other")
    MonitoringTask.objects.filter(task_name="ROOMS").delete()
    assert "it comes back at the next start" not in page(client)


def test_a_pause_outlives_a_start_and_a_short_number(settings: Settings) -> None:
    made(7_000_000, short_id=77, uid=1)
    tasks.start(tasks.create("t", [77]))
    tasks.pause(77)
    tasks.replace_short_ids()
    assert tasks.desired_rooms() == []
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, rooms=("7000000",))
    tasks.watch_from_settings()
    assert tasks.desired_rooms() == []
    tasks.watch([7_000_000])
    assert tasks.desired_rooms() == [7_000_000]
