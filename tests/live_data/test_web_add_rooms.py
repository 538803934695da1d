"""Many rooms at once: what was typed is taken apart, asked for one by one, and answered one by one."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from bilibili_live.errors import RiskControl, RoomLocked, SiteRefused, UnexpectedAnswer, Unreachable
from bilibili_live.room_numbers import mention
from bilibili_live.turns import EndpointTurns
from live_data import refusal_words, room_lookup, site_pause, tasks
from live_data.models import LiveRoom, MonitoringTask
from live_data.room_lookup import Typed
from simulator.rooms import LOCKED_ROOM
from tests.live_data.conftest import with_settings
from tests.simulator_process import SimulatorProcess

pytestmark = pytest.mark.django_db

SEVERAL = "/live/rooms/add_several"
SPLIT = "/live/rooms/split"
ONE = "/live/rooms/add"
JSON = {"Accept": "application/json"}
NOWHERE = "http://127.0.0.1:1"
MIX = (
    f"90001, {LOCKED_ROOM}\n"
    "【2026 跨年 12 小时】 https://live.bilibili.com/90002?broadcast_type=0&share_source=COPY\n"
    "快来看 https://b23.tv/sim90003 !\n"
    "https://b23.tv/Ab12Cd3\n"
    "<b>no room</b>\n"
    "404404404"
)


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "3", "--rate", "1", "--seed", "1") as running:
        yield running


@pytest.fixture(autouse=True)
def _site(simulator: SimulatorProcess, settings: Settings, tmp_path: Path) -> None:
    with_settings(
        settings,
        bilibili_url=simulator.url,
        call_interval=0.0,
        redis_url="unix:///nowhere/valkey.sock",
        data_dir=tmp_path,
    )


def test_without_scripts_the_page_says_what_became_of_each(client: Client) -> None:
    response = client.post(SEVERAL, {"rooms": MIX})
    text = response.content.decode()
    assert response.status_code == 200
    assert tasks.desired_rooms() == [90001, 90002, 90003]
    said = text.split('<ol id="added"')[1].split("</ol>")[0]
    assert said.count("is-accepted") == 3
    assert said.count("is-refused") == 4
    assert "is locked by the site until" in said
    assert "this link leads to no live room" in said
    assert "this room does not exist" in said
    assert "&lt;b&gt;no room&lt;/b&gt;" in said
    assert "<b>no" not in said
    assert 'rows="3"' in text
    assert MIX[:5] not in text.split("<textarea")[1].split("</textarea>")[0]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \n, ;",
        "\x00",
        "no room",
        "<script>alert(1)</script>",
        "\u202e\x07",
        "长" * 5000,
        "404404404",
        "1" * 60_000,
        ",".join(str(number) for number in range(1, 102)),
    ],
)
def test_what_holds_no_room_is_refused_and_stays_in_the_field(client: Client, typed: str) -> None:
    response = client.post(SEVERAL, {"rooms": typed})
    assert response.status_code == 400
    assert "<script>alert" not in response.content.decode()
    assert not LiveRoom.objects.exists()
    assert not MonitoringTask.objects.exists()


def test_more_than_a_hundred_are_too_many(client: Client) -> None:
    many = " ".join(str(number) for number in range(1, 102))
    refused = client.post(SPLIT, {"rooms": many}, headers=JSON)
    assert refused.status_code == 400
    assert refused.json() == {"error": "these are 101 rooms; at most 100 can be added at once."}
    assert "these are 101 rooms" in client.post(SEVERAL, {"rooms": many}).content.decode()


def test_while_the_site_is_away_a_hundred_numbers_wait_for_the_collector(
    client: Client, settings: Settings
) -> None:
    with_settings(settings, bilibili_url=NOWHERE)
    text = client.post(SEVERAL, {"rooms": "\n".join(str(n) for n in range(1, 101))}).content.decode()
    assert text.count("is-unverified") == 100
    assert "not verified: the site cannot be reached; the collector keeps trying." in text
    assert len(tasks.desired_rooms()) == 100
    response = client.post(ONE, {"room": "https://b23.tv/sim90001"}, headers=JSON)
    assert response.status_code == 400
    assert "nobody can say which room this link means" in response.json()["problem"]


def test_for_scripts_a_text_is_split_and_each_part_is_added_alone(client: Client) -> None:
    parts = client.post(SPLIT, {"rooms": MIX}, headers=JSON).json()["rooms"]
    assert not LiveRoom.objects.exists()
    assert [part["typed"] for part in parts if part["problem"]] == ["<b>no room</b>"]
    answers = [client.post(ONE, {"room": part["typed"]}, headers=JSON) for part in parts]
    assert [answer.status_code for answer in answers] == [200, 400, 200, 200, 400, 400, 400]
    assert [answer.json().get("room_id") for answer in answers if answer.status_code == 200] == [
        *(90001, 90002, 90003)
    ]
    assert answers[0].json()["problem"] == ""
    assert "does not exist" in answers[-1].json()["problem"]
    assert "404404404" in answers[-1].json()["error"]


def test_rooms_go_to_the_task_that_was_chosen_if_it_runs(client: Client) -> None:
    tasks.start(tasks.create("mine"))
    tasks.start(tasks.create("ROOMS"))
    tasks.create("stopped")
    client.post(ONE, {"room": "90001", "task": "mine"}, headers=JSON)
    client.post(SEVERAL, {"rooms": "90002", "task": "mine"})
    assert MonitoringTask.objects.get(task_name="mine").room_ids == [90001, 90002]
    for name in ("ROOMS", "stopped", "no such", "x" * 101, "\x00", "<b>"):
        for address, field in ((ONE, "room"), (SEVERAL, "rooms")):
            response = client.post(address, {field: "90003", "task": name}, headers=JSON)
            assert response.status_code == 400, name
    assert set(tasks.desired_rooms()) == {90001, 90002}


def test_a_room_that_is_typed_again_is_paused_no_longer(client: Client) -> None:
    client.post(ONE, {"room": "90001"}, headers=JSON)
    tasks.pause(90001)
    client.post(ONE, {"room": "101"}, headers=JSON)
    assert tasks.desired_rooms() == [90001]


def test_look_ups_of_one_process_keep_one_spacing(
    simulator: SimulatorProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[tuple[str, float]] = []

    class Turns(EndpointTurns):
        def take(self, endpoint: str, now: float) -> float:
            waits.append((endpoint, super().take(endpoint, now)))
            return 0.0

    monkeypatch.setattr(room_lookup, "EndpointTurns", Turns)
    with_settings(settings, call_interval=1000.25)
    for number in (90001, 90002):
        thread = threading.Thread(target=asyncio.run, args=(room_lookup._ask([number]),))
        thread.start()
        thread.join()
    first, second = [wait for endpoint, wait in waits if endpoint.endswith("room_init")]
    assert first == 0
    assert second > 900


def test_a_pause_that_the_site_asked_for_is_told_with_its_seconds(client: Client) -> None:
    site_pause.begin(100)
    said = client.post(ONE, {"room": "90001"}, headers=JSON).json()
    assert said["problem"].startswith("not verified: the site asked for a pause, ")
    assert "100 s more" in said["problem"]


@pytest.mark.parametrize(
    "typed",
    [
        Typed("x", error=mention("x").error),
        Typed("0", error=mention("0").error),
        Typed("5", error=RoomLocked("locked")),
        Typed("5", 5, error=Unreachable("no route")),
        Typed("5", 5, error=UnexpectedAnswer("odd")),
        Typed("5", 5, error=SiteRefused("no (code 9)", 9)),
        Typed("5", 5, error=RiskControl("wait", -352, 1.5)),
        Typed("https://b23.tv/a", error=Unreachable("no route")),
    ],
)
def test_every_reason_is_said_in_the_readers_language(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    english = typed.problem
    assert english.endswith(".")
    monkeypatch.setattr(refusal_words, "_", lambda text: f"⟦{text}⟧")
    assert typed.problem.startswith("⟦")
    assert typed.problem != english
    assert "\n" not in typed.text


def test_technical_words_stand_beside_the_sentence(client: Client, settings: Settings) -> None:
    with_settings(settings, bilibili_url=NOWHERE)
    text = client.post(SEVERAL, {"rooms": "5"}).content.decode()
    assert '<span class="note foreign" translate="no">127.0.0.1 cannot be reached' in text
