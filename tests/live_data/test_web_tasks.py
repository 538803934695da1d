"""Monitoring tasks on the page: made, changed, started, stopped and deleted, with clear refusals."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from django.test import Client
from pytest_django import Settings

from live_data import tasks
from live_data.models import LiveRoom, MonitoringTask
from simulator.rooms import LOCKED_ROOM
from tests.live_data.conftest import with_settings
from tests.live_data.web_rows import danmaku_row
from tests.simulator_process import SimulatorProcess

pytestmark = pytest.mark.django_db

NEW = "/live/rooms/tasks/new"


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "3", "--rate", "1", "--seed", "1") as running:
        yield running


@pytest.fixture(autouse=True)
def _site(simulator: SimulatorProcess, settings: Settings) -> None:
    redis = "unix:///nowhere/valkey.sock"
    with_settings(settings, bilibili_url=simulator.url, call_interval=0.0, redis_url=redis)


def of(name: str) -> MonitoringTask:
    return MonitoringTask.objects.get(task_name=name)


def test_a_task_is_made_and_runs(client: Client) -> None:
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, {"name": " 晚上 <b> ", "rooms": "101\nhttps://b23.tv/sim90002"})
    assert (response.status_code, response["Location"]) == (302, "/live/rooms/")
    assert of("晚上 <b>").room_ids == [90001, 90002]
    assert tasks.desired_rooms() == [90001, 90002]
    page = client.get("/live/rooms/").content.decode()
    assert "晚上 &lt;b&gt;" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "a task needs a name"),
        ("  ", "a task needs a name"),
        ("x" * 101, "at most 100 characters"),
        ("taken", "there is a task of this name already"),
        ("ROOMS", "kept for the setting ROOMS"),
        ("a\u202eb", "control characters"),
        ("a\nb", "control characters"),
        ("a\x07b", "control characters"),
        ("\u200b", "control characters"),
        ("a\x00b", "Null characters"),
        ("长" * 5000, "at most 100 characters"),
    ],
)
def test_a_bad_name_is_told_beside_the_field(client: Client, name: str, said: str) -> None:
    tasks.create("taken")
    response = client.post(NEW, {"name": name, "rooms": "90001"})
    assert response.status_code == 400
    field = response.content.decode().split('id="name-said"')[1].split("</p>")[0]
    assert said in field
    assert MonitoringTask.objects.count() == 1


def test_a_name_may_have_pictures_in_it(client: Client) -> None:
    client.post(NEW, {"name": "👩\u200d👧 家", "rooms": ""})
    assert of("👩\u200d👧 家").room_ids == []


def test_a_room_that_is_refused_leaves_no_task_behind(client: Client) -> None:
    typed = f"90001\n{LOCKED_ROOM}\n404404404\n<script>x\n" + "长" * 5000
    response = client.post(NEW, {"name": "n", "rooms": typed})
    page = response.content.decode()
    assert response.status_code == 400
    said = page.split('id="rooms-said"')[1].split("</ul>")[0]
    assert said.count("<li>") == 4
    assert "is locked by the site" in said
    assert "does not exist" in said
    assert "<script>x" not in page
    assert not MonitoringTask.objects.exists()


def test_of_many_refusals_the_first_are_told(client: Client) -> None:
    response = client.post(NEW, {"name": "n", "rooms": ",".join(f"no {n}" for n in range(50))})
    assert response.content.decode().split('id="rooms-said"')[1].split("</ul>")[0].count("<li>") == 10


def test_only_rooms_that_are_new_here_are_counted_and_asked_for(client: Client, settings: Settings) -> None:
    with_settings(settings, bilibili_url="http://127.0.0.1:1")
    LiveRoom.objects.bulk_create(LiveRoom(room_id=n, uid=n) for n in range(1, 151))
    known = " ".join(str(n) for n in range(1, 151))
    assert client.post(NEW, {"name": "n", "rooms": known}).status_code == 302
    assert len(of("n").room_ids) == 150
    strangers = " ".join(str(n) for n in range(1001, 1102))
    response = client.post(NEW, {"name": "m", "rooms": f"{known} {strangers}"})
    assert response.status_code == 400
    assert "at most 100 rooms that were never watched here" in response.content.decode()


def test_a_task_is_renamed_and_its_list_replaced(client: Client, settings: Settings) -> None:
    task = tasks.create("old", [90001, 77])  # 77 was accepted while the site was away
    address = f"/live/rooms/tasks/{task.pk}/"
    assert "90001\n77</textarea>" in client.get(address).content.decode()
    with_settings(settings, bilibili_url="http://127.0.0.1:1")
    assert client.post(address, {"name": "new", "rooms": "77"}).status_code == 302
    assert of("new").room_ids == [77]
    assert client.post(address, {"name": "new", "rooms": ""}).status_code == 302
    assert of("new").room_ids == []
    tasks.create("other")
    assert client.post(address, {"name": "other", "rooms": ""}).status_code == 400
    assert of("new").pk == task.pk


def test_whoever_takes_the_name_first_has_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    task = tasks.create("old")

    def taken(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(tasks, "create", taken)
    monkeypatch.setattr(tasks, "edit", taken)
    for address in (NEW, f"/live/rooms/tasks/{task.pk}/"):
        response = client.post(address, {"name": "n", "rooms": ""})
        assert response.status_code == 400
        assert "there is a task of this name already" in response.content.decode()


def test_a_task_is_stopped_started_and_deleted_only_when_it_is_stopped(client: Client) -> None:
    danmaku_row("kept", room_id=11)
    task = tasks.create("t", [11])
    tasks.start(task)
    began = of("t").start_time
    address = f"/live/rooms/tasks/{task.pk}"
    client.post(f"{address}/start")
    assert of("t").start_time == began
    refused = client.post(f"{address}/delete")
    assert refused.status_code == 400
    assert "stop it first" in refused.content.decode()
    client.post(f"{address}/stop")
    assert tasks.desired_rooms() == []
    ended = of("t").end_time
    client.post(f"{address}/stop")
    assert of("t").end_time == ended
    assert client.post(f"{address}/delete", {"q": "x"})["Location"] == "/live/rooms/?q=x"
    assert not MonitoringTask.objects.exists()
    assert LiveRoom.objects.get().danmakudata_set.count() == 1


def test_the_task_of_the_setting_says_what_it_is_and_keeps_its_name(client: Client) -> None:
    task = tasks.create("ROOMS", [90001])
    address = f"/live/rooms/tasks/{task.pk}/"
    for page in ("/live/rooms/", address):
        assert "at each start it runs with exactly those rooms" in client.get(page).content.decode()
    assert client.post(address, {"name": "mine", "rooms": ""}).status_code == 400
    assert client.post(address, {"name": "ROOMS", "rooms": "90001 90002"}).status_code == 302
    assert of("ROOMS").room_ids == [90001, 90002]


@pytest.mark.parametrize("key", [0, 999, 2**63, 2**70, int("9" * 400)])
def test_a_task_that_is_not_there_is_not_found(client: Client, key: int) -> None:
    assert client.get(f"/live/rooms/tasks/{key}/").status_code == 404
    for what in ("", "start", "stop", "delete"):
        assert client.post(f"/live/rooms/tasks/{key}/{what}", {"name": "x"}).status_code == 404
