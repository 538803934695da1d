"""Rooms that were typed: checked with a (simulated) site at once, refused in a line, never half made."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bilibili_live import api
from live_data import room_lookup, site_pause, tasks
from live_data.models import GiftData, LiveRoom, MonitoringTask
from live_data.storing.events import Arrival, store
from simulator.rooms import LOCKED_ROOM
from tests.live_data.conftest import with_settings
from tests.made import gift
from tests.simulator_process import SimulatorProcess

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "3", "--rate", "1", "--seed", "1") as simulator:
        yield simulator


@pytest.fixture
def asked(site: SimulatorProcess, settings: Any) -> SimulatorProcess:
    with_settings(settings, bilibili_url=site.url, call_interval=0.0)
    return site


def listed() -> dict[str, list[int]]:
    return {task.task_name: task.room_ids for task in MonitoringTask.objects.all()}


def test_what_is_no_room_is_told_and_the_others_are_watched(asked: SimulatorProcess) -> None:
    texts = ["90002", "keine", "123456789", str(LOCKED_ROOM), "https://live.bilibili.com/90001?x=1", "90002"]
    answers = tasks.add_rooms(texts)
    assert [answer.number for answer in answers] == [90002, 0, 0, 0, 90001, 90002]
    assert [answer.typed for answer in answers] == texts
    assert "is no room" in answers[1].problem
    assert "does not exist" in answers[2].problem
    assert "is locked" in answers[3].problem
    assert answers[0].uname
    assert listed() == {"default": [90002, 90001]}
    assert tasks.desired_rooms() == [90002, 90001]
    rooms = {room.room_id: room for room in LiveRoom.objects.all()}
    assert rooms.keys() == {90001, 90002}
    assert rooms[90001].uid
    assert rooms[90001].title


def test_a_refused_room_leaves_nothing_behind(asked: SimulatorProcess) -> None:
    [answer] = tasks.add_rooms(["123456789"])
    assert not answer.is_accepted
    assert (listed(), LiveRoom.objects.count()) == ({}, 0)


def test_while_the_site_is_away_a_number_is_accepted_unverified(settings: Any) -> None:
    with_settings(settings, bilibili_url=NOWHERE, call_interval=0.0)
    answers = tasks.add_rooms(["77", "78", "x"])
    assert [answer.number for answer in answers] == [77, 78, 0]
    assert "not verified" in answers[0].problem
    assert listed() == {"default": [77, 78]}
    assert LiveRoom.objects.get(room_id=77).uid is None


def test_a_short_id_becomes_the_long_one_once_that_is_known(settings: Any) -> None:
    with_settings(settings, bilibili_url=NOWHERE, call_interval=0.0)
    tasks.add_rooms(["77", "5000"])
    tasks.replace_short_ids()
    LiveRoom.objects.create(room_id=7_000_000, short_id=77, uid=1)
    tasks.replace_short_ids()
    assert tasks.desired_rooms() == [7_000_000, 5000]
    assert not LiveRoom.objects.filter(room_id=77).exists()


def test_a_site_that_asked_for_a_pause_is_not_asked_by_the_next_look_up(
    asked: SimulatorProcess, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(settings, data_dir=tmp_path)
    monkeypatch.setattr(api, "RISK_PAUSE_LOOPBACK", 300.0)
    asked.fault(blocked=1)
    for number in ("90001", "90002"):
        [answer] = tasks.add_rooms([number])
        assert (answer.number, "not verified" in answer.problem) == (int(number), True)
    assert "asked for a pause" in answer.problem
    over = time.time() + 301
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: over)
        assert room_lookup.look_up(["90002"])[0].problem == ""
    with_settings(settings, bilibili_url=asked.url.replace("127.0.0.1", "localhost"))
    assert room_lookup.look_up(["90002"])[0].problem == ""


@pytest.mark.parametrize("text", ["", "{", "[]", '{"site": "", "from": 0, "until": "never"}'])
def test_a_pause_that_cannot_be_read_is_none(settings: Any, tmp_path: Path, text: str) -> None:
    with_settings(settings, data_dir=tmp_path)
    (tmp_path / "site-pause.json").write_text(text)
    assert site_pause.remaining() == 0


def test_a_room_that_is_added_while_short_ids_are_replaced_stays() -> None:
    task = tasks.create("t", [77])
    tasks.start(task)
    LiveRoom.objects.create(room_id=7_000_000, short_id=77, uid=1)
    added: list[int] = []

    def add_meanwhile(call, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper form
        answer = call(sql, params, many, context)
        if "live_data_liveroom" in sql and not added:
            added.append(5)
            tasks.set_rooms(task, [77, 5])
        return answer

    with connection.execute_wrapper(add_meanwhile):
        tasks.replace_short_ids()
    assert tasks.desired_rooms() == [7_000_000, 5]


def test_nothing_is_written_while_no_short_id_waits() -> None:
    tasks.start(tasks.create("t", [77]))
    LiveRoom.objects.create(room_id=77, short_id=77)
    with CaptureQueriesContext(connection) as asked:
        tasks.replace_short_ids()
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


@pytest.mark.parametrize(
    "text", ["{", "7", '["x"]', "[null]", "[-1]", "[1.5]", f"[{2**63}]", '{"1": 2}', "[" * 100_000]
)
def test_a_list_that_cannot_be_read_is_told_by_its_task_and_stops_no_other(text: str) -> None:
    broken, good = tasks.create("broken"), tasks.create("good", [1])
    tasks.start(broken)
    tasks.start(good)
    MonitoringTask.objects.filter(pk=broken.pk).update(room_ids_json=text)
    assert tasks.desired_rooms() == [1]
    for _ in range(2):
        tasks.note_unreadable_lists()
    broken.refresh_from_db()
    assert "no list of room numbers" in str(broken.last_error)
    assert broken.error_count == 1
    tasks.remove_room(broken, 1)
    broken.refresh_from_db()
    assert broken.room_ids_json == text


def test_a_stopped_task_s_rooms_are_not_watched() -> None:
    first, second = tasks.create("a", [1, 2]), tasks.create("b", [2, 3])
    tasks.start(first)
    tasks.start(second)
    assert tasks.desired_rooms() == [1, 2, 3]
    tasks.stop(first)
    tasks.remove_room(second, 3)
    assert tasks.desired_rooms() == [2]
    assert first.end_time is not None


def test_the_setting_replaces_its_task_and_leaves_others_alone(
    asked: SimulatorProcess, settings: Any
) -> None:
    tasks.start(tasks.create("own", [5]))
    with_settings(settings, rooms=("90001", "90003", "123456789"))
    answers = tasks.watch_from_settings()
    assert [answer.is_accepted for answer in answers] == [True, True, False]
    assert listed() == {"own": [5], "ROOMS": [90001, 90003]}
    with_settings(settings, rooms=("90003",), bilibili_url=NOWHERE)
    [known] = tasks.watch_from_settings()
    assert (known.number, known.problem) == (90003, "")  # watched before: nobody needs to be asked
    assert listed()["ROOMS"] == [90003]


def test_without_rooms_and_tasks_the_first_rooms_are_watched_once(settings: Any) -> None:
    with_settings(settings, bilibili_url=NOWHERE, call_interval=0.0)
    assert len(tasks.watch_from_settings()) == 3
    assert listed() == {"default": [1962481108, 22889484, 7758258]}
    assert tasks.watch_from_settings() == []


def test_gifts_are_valued_anew_when_the_look_up_names_the_anchor(asked: SimulatorProcess) -> None:
    store([Arrival(gift(1, room_id=90001, receiver_uid=1), 1)], datetime.now(UTC))
    assert GiftData.objects.get().gold == 100
    tasks.add_rooms(["90001"])
    assert GiftData.objects.get().gold == 0


def test_the_command_says_each_room_in_a_line(
    asked: SimulatorProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("watch", "90001", "nonsense", task="mine")
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.out.startswith("Room 90001 ")
    assert said.err.count("\n") == said.out.count("\n") == 1
    assert "nonsense" in said.err
    assert listed() == {"mine": [90001]}
    call_command("watch", "90002", task="mine")
    assert listed() == {"mine": [90001, 90002]}
