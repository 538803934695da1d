"""The page of one room: when it is connected, its figures over time, what changed in its description."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from event_store import connect
from event_store.rooms import RoomConnection, show_connections
from live_data import scheduler, tasks
from live_data.instants import epoch_ms
from live_data.models import CoverageSpan, GaugeMinute, LiveRoom, RoomDescription
from live_data.queries import blindness, calendar
from tests.live_data.conftest import with_settings
from tests.live_data.web_rows import room
from tests.made import ROOM

pytestmark = pytest.mark.django_db

PAGE = f"/live/rooms/{ROOM}/"
API = "/live/api/room_figure"


@pytest.fixture(autouse=True)
def _redis_is_away(settings: Settings) -> None:
    with_settings(settings, redis_url="unix:///nowhere/valkey.sock")
    room()


def gauge(ago: timedelta, value: int, name: str = "followers") -> GaugeMinute:
    minute = datetime.now(UTC).replace(second=0, microsecond=0) - ago
    return GaugeMinute.objects.create(
        room_id=ROOM,
        minute=minute,
        name=name,
        low=value - 1,
        high=value + 1,
        last=value,
        last_at=minute,
        samples=1,
    )


def described(minutes: int, **texts: str) -> None:
    since = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    RoomDescription.objects.create(room_id=ROOM, since=since, **texts)


def points(client: Client, **query: Any) -> list[list[int]]:
    response = client.get(API, {"room_id": ROOM, **query})
    assert response.status_code == 200
    found: list[list[int]] = response.json()["points"]
    return found


@pytest.mark.parametrize("when", ["live", "always"])
def test_a_room_is_connected_as_it_was_chosen(client: Client, when: str) -> None:
    tasks.connect([ROOM], LiveRoom.ConnectWhen("always" if when == "live" else "live"))
    response = client.post(f"{PAGE}connect", {"connect_when": when})
    assert (response.status_code, response.headers["Location"]) == (302, f"{PAGE}#coverage")
    assert tasks.only_while_live([ROOM]) == ([ROOM] if when == "live" else [])
    assert f'<option value="{when}" selected>' in " ".join(client.get(PAGE).content.decode().split())


@pytest.mark.parametrize(
    "data", [{}, {"connect_when": ""}, {"connect_when": "<b>"}, {"connect_when": "长" * 9999}]
)
def test_anything_else_is_refused_in_words(client: Client, data: dict[str, str]) -> None:
    response = client.post(f"{PAGE}connect", data)
    assert response.status_code == 400
    assert "Choose when the room is connected." in response.content.decode()
    assert tasks.only_while_live([ROOM]) == []


def test_a_choice_needs_a_post_a_token_and_a_known_room(client: Client) -> None:
    assert client.get(f"{PAGE}connect").status_code == 405
    assert client.post("/live/rooms/404404/connect", {"connect_when": "live"}).status_code == 404
    assert client.post(f"/live/rooms/{2**70}/connect", {"connect_when": "live"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{PAGE}connect", {"connect_when": "live"}).status_code == 403


def test_all_rooms_of_a_task_are_chosen_for_at_once(client: Client) -> None:
    task = tasks.create("t", [ROOM, ROOM + 1])
    address = f"/live/rooms/tasks/{task.pk}/"
    assert "Connect all its rooms" in client.get(address).content.decode()
    assert client.post(f"{address}connect", {"connect_when": "no"}).status_code == 400
    assert client.post(f"{address}connect", {"connect_when": "live"}).status_code == 302
    assert tasks.only_while_live(task.room_ids) == [ROOM, ROOM + 1]
    assert client.post("/live/rooms/tasks/999/connect", {"connect_when": "live"}).status_code == 404


def test_a_short_number_passes_its_choice_to_the_long_one() -> None:
    task = tasks.create("t", [7])
    tasks.connect([7], LiveRoom.ConnectWhen.LIVE)
    LiveRoom.objects.filter(room_id=ROOM).update(short_id=7)
    tasks.replace_short_ids()
    task.refresh_from_db()
    assert task.room_ids == [ROOM]
    assert tasks.only_while_live([ROOM]) == [ROOM]


def test_collectors_are_told_which_rooms_wait(redis: connect.Redis) -> None:
    tasks.start(tasks.create("t", [ROOM, ROOM + 1]))
    tasks.connect([ROOM + 1, ROOM + 2], LiveRoom.ConnectWhen.LIVE)
    scheduler.publish(redis, datetime.now(UTC))
    assert b'"live_only":[%d]' % (ROOM + 1) in redis.get("rooms:desired")  # type: ignore[operator]


def test_a_room_that_waits_is_shown_calmly(client: Client, redis_url: str, settings: Settings) -> None:
    with_settings(settings, redis_url=redis_url)
    tasks.start(tasks.create("t", [ROOM]))
    tasks.connect([ROOM], LiveRoom.ConnectWhen.LIVE)
    waiting = RoomConnection("blind", "not live", since=epoch_ms(datetime.now(UTC)))

    async def tell() -> None:
        async with connect.async_client(redis_url) as redis:
            await show_connections(redis, {ROOM: waiting})

    asyncio.run(tell())
    text = client.get("/live/rooms/").content.decode()
    assert '<span class="room-connection is-waiting">Waits until it is live</span>' in text
    [item] = client.get(f"/live/api/rooms?room_id={ROOM}").json()["results"]
    assert (item["connection"]["state"], item["connection"]["text"]) == ("waiting", "Waits until it is live")


def test_a_room_that_is_connected_only_while_live_says_so_in_the_list(client: Client) -> None:
    tasks.start(tasks.create("t", [ROOM]))
    assert "connected only while it is live" not in client.get("/live/rooms/").content.decode()
    tasks.connect([ROOM], LiveRoom.ConnectWhen.LIVE)
    assert "connected only while it is live" in client.get("/live/rooms/").content.decode()


def test_a_time_of_waiting_is_shown_calmly(client: Client) -> None:
    start = datetime.now(UTC)
    for number, cause in enumerate(("not live", "unreachable")):
        CoverageSpan.objects.create(
            event_id=bytes([number] * 16),
            room_id=ROOM,
            timestamp=start - timedelta(hours=1 + number),
            received_at=start,
            state="blind",
            cause=cause,
            end=start - timedelta(hours=number),
        )
    text = " ".join(client.get(PAGE).content.decode().split())
    assert '<span class="room-connection is-waiting">Waits until it is live</span>' in text
    assert "room-connection is-blind" in text
    assert "not live" not in text


def test_waiting_is_not_counted_as_missed_time() -> None:
    now = datetime.now(UTC)
    for number, cause in enumerate(("not live", "unreachable")):
        start = now - timedelta(hours=2 - number)
        CoverageSpan.objects.create(
            event_id=bytes([number] * 16),
            room_id=ROOM,
            timestamp=start,
            received_at=start,
            state="blind",
            cause=cause,
            end=start + timedelta(hours=1),
        )
    stretch = calendar.Stretch(now - timedelta(hours=3), now)
    assert blindness.blind_time(stretch, now) == {ROOM: timedelta(hours=1)}


def test_a_figure_is_thinned_to_stretches(client: Client) -> None:
    for minutes, value in ((0, 30), (24 * 60 - 5, 10), (25 * 60, 5)):
        gauge(timedelta(minutes=minutes), value)
    gauge(timedelta(), 99, "ranked")
    day = points(client)
    assert [point[1:] for point in day] == [[9, 11, 10], [29, 31, 30]]
    assert all(point[0] % 600_000 == 0 for point in day)
    assert [point[3] for point in points(client, span="week")][-1] == 30
    assert [point[3] for point in points(client, figure="ranked", span="month")] == [99]
    assert [point[3] for point in points(client, span="hours")] == [30]
    assert points(client, figure="guards") == []


def test_readings_of_one_stretch_become_one_point(client: Client) -> None:
    begin = datetime.now(UTC).replace(minute=0) - timedelta(hours=5)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    for number, value in enumerate((5, 50, 20)):
        gauge(now - begin.replace(second=0, microsecond=0) - timedelta(minutes=number), value)
    assert [point[1:] for point in points(client)] == [[4, 51, 20]]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "room_id: one room is needed"),
        (f"room_id={ROOM}&figure=gold", "figure: must be one of followers"),
        (f"room_id={ROOM}&span=year", "span: must be one of hours, day, week, month"),
        (f"room_id={ROOM}&room_id={ROOM + 1}", "never watched"),
        ("room_id=404404", "never watched"),
        ("room_id=x", "whole number"),
        (f"room_id={ROOM}&figure=%00", "figure: must be one of"),
    ],
)
def test_a_bad_question_for_a_figure_is_refused_in_a_line(client: Client, query: str, said: str) -> None:
    response = client.get(f"{API}?{query}")
    assert response.status_code in (400, 404)
    assert said in response.json()["error"]


def test_the_page_lists_what_changed_newest_first(client: Client) -> None:
    described(0, title="一", cover="https://i0.hdslb.com/1.jpg")
    described(5, title="<script>二</script>", cover="javascript:alert(1)")
    text = client.get(PAGE).content.decode()
    shown = text[text.index('id="changes"') :]
    assert shown.index("&lt;script&gt;二") < shown.index(">一<")
    assert 'href="https://i0.hdslb.com/1.jpg"' in shown
    assert 'href="javascript:' not in shown
    assert "<img" not in shown


def test_older_changes_are_a_page_further_on(client: Client) -> None:
    for number in range(45):
        described(number, title=f"({number})")
    addresses, seen = [PAGE], 0
    for address in addresses:
        text = client.get(address).content.decode()
        seen += text.count('<dl class="change-texts">')
        if older := re.search(r"\?before=\d+(?=#changes)", text):
            addresses.append(PAGE + older[0])
    assert (len(addresses), seen) == (3, 45)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 400, "%00", ""])
def test_a_place_that_is_none_shows_the_newest(client: Client, before: str) -> None:
    described(0, title="一")
    response = client.get(f"{PAGE}?before={before}")
    assert response.status_code == 200
    assert ">一<" in response.content.decode()
