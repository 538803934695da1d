"""Adding a room on the page: the site's answer where it was typed, nothing half-created."""

import dataclasses
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from live_data import tasks
from live_data.models import LiveRoom, MonitoringTask
from tests.simulator_process import SimulatorProcess

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "2", "--rate", "1", "--seed", "1") as running:
        yield running


@pytest.fixture(autouse=True)
def _site(simulator: SimulatorProcess, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT,
        bilibili_url=simulator.url,
        call_interval=0.0,
        redis_url="unix:///nowhere/valkey.sock",
    )


@pytest.mark.parametrize("form", ["{room}", "https://live.bilibili.com/{room}?spm=1"])
def test_a_room_is_watched_from_its_number_or_address(
    client: Client, simulator: SimulatorProcess, form: str
) -> None:
    [room, _] = simulator.rooms
    response = client.post("/live/rooms/add", {"room": form.format(room=room)}, headers=JSON)
    assert response.status_code == 200
    assert str(room) in response.json()["added"]
    assert tasks.desired_rooms() == [room]


@pytest.mark.parametrize(
    "typed", ["", "no room", "0", "-3", "https://example.com/1", "404404404", "\x00", "长" * 500]
)
def test_what_is_no_room_is_refused_in_one_line_and_leaves_nothing(client: Client, typed: str) -> None:
    response = client.post("/live/rooms/add", {"room": typed}, headers=JSON)
    assert response.status_code == 400
    said = response.json()["error"]
    assert said
    assert "\n" not in said
    assert not LiveRoom.objects.exists()
    assert not MonitoringTask.objects.exists()


def test_without_scripts_the_page_says_it_beside_the_field(client: Client) -> None:
    response = client.post("/live/rooms/add", {"room": "<b>no room</b>"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "&lt;b&gt;no room&lt;/b&gt;" in page
    assert "<b>no room" not in page


def test_without_scripts_a_room_leads_back_to_the_page(client: Client, simulator: SimulatorProcess) -> None:
    response = client.post("/live/rooms/add", {"room": str(simulator.rooms[0])})
    assert (response.status_code, response["Location"]) == (302, "/live/")


def test_no_other_site_may_add_rooms(simulator: SimulatorProcess) -> None:
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post("/live/rooms/add", {"room": str(simulator.rooms[0])}, headers=JSON)
    assert response.status_code == 403
    assert not MonitoringTask.objects.exists()
