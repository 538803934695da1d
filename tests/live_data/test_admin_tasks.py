"""What people decide in the admin: monitoring tasks, and whom to forget."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from live_data import tasks
from live_data.models import ErasedPerson, LiveRoom, MonitoringTask

pytestmark = pytest.mark.django_db

LIST = reverse("admin:live_data_monitoringtask_changelist")
ADD = reverse("admin:live_data_monitoringtask_add")
FORGET = reverse("admin:live_data_erasedperson_add")


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("站长"))
    return client


def change(task: MonitoringTask) -> str:
    return reverse("admin:live_data_monitoringtask_change", args=[task.pk])


def errors(response: Any) -> list[str]:
    """Beside the fields of a form that was shown again."""
    return [error for field in response.context["adminform"].form.errors.values() for error in field]


def test_a_task_is_made_with_its_rooms_each_once(admin: Client) -> None:
    typed = "90001, https://live.bilibili.com/77?spm=1；90002\n90001"
    assert admin.post(ADD, {"task_name": "晚间", "rooms": typed}).status_code == 302
    task = MonitoringTask.objects.get()
    assert (task.task_name, task.room_ids, task.status) == ("晚间", [90001, 77, 90002], "stopped")
    assert set(LiveRoom.objects.values_list("room_id", flat=True)) == {90001, 77, 90002}


def test_a_task_is_renamed_and_given_other_rooms_while_the_sync_counts_in_it(admin: Client) -> None:
    task = tasks.create("早", [1, 2])
    tasks.start(task)
    assert 'name="rooms"' in admin.get(change(task)).content.decode()
    MonitoringTask.objects.filter(pk=task.pk).update(collected_danmaku=5)
    assert admin.post(change(task), {"task_name": "晚", "rooms": "2, 3"}).status_code == 302
    task.refresh_from_db()
    assert (task.task_name, task.room_ids, task.status, task.collected_danmaku) == (
        "晚",
        [2, 3],
        "running",
        5,
    )


def test_a_list_that_cannot_be_read_stays_until_somebody_writes_another(admin: Client) -> None:
    task = tasks.create("broken")
    MonitoringTask.objects.filter(pk=task.pk).update(room_ids_json="{")
    assert admin.get(change(task)).status_code == 200
    admin.post(change(task), {"task_name": "renamed", "rooms": ""})
    task.refresh_from_db()
    assert (task.task_name, task.room_ids_json) == ("renamed", "{")
    admin.post(change(task), {"task_name": "renamed", "rooms": "5"})
    task.refresh_from_db()
    assert task.room_ids == [5]


@pytest.mark.parametrize(
    "rooms",
    [
        "90001, abc",
        "-5",
        "0",
        str(10**19),
        "9" * 10_000,
        "<script>alert(1)</script>",
        "\u202e1",
        "a" * 20_001,
    ],
    ids=lambda rooms: repr(rooms[:12]),
)
def test_what_is_no_room_is_told_beside_the_field_and_nothing_is_stored(admin: Client, rooms: str) -> None:
    response = admin.post(ADD, {"task_name": "t", "rooms": rooms})
    assert response.status_code == 200
    [error] = errors(response)
    assert "\n" not in error
    assert len(error) < 150
    assert "<script>alert" not in response.content.decode()
    assert not MonitoringTask.objects.exists()


def test_the_error_is_in_the_language_of_the_person(admin: Client) -> None:
    response = admin.post(ADD, {"task_name": "t", "rooms": "abc"}, headers={"Accept-Language": "zh-hans"})
    assert errors(response) == ["“abc”不是直播间：请填写房间号（如 22889484）或网址。"]


@pytest.mark.parametrize("name", ["", "taken", "长" * 101, "a\0b"], ids=["empty", "taken", "long", "NUL"])
def test_a_name_that_cannot_be_is_refused(admin: Client, name: str) -> None:
    tasks.create("taken")
    response = admin.post(ADD, {"task_name": name, "rooms": "5"})
    assert (response.status_code, len(errors(response))) == (200, 1)
    assert MonitoringTask.objects.count() == 1


def _act(admin: Client, action: str, *chosen: MonitoringTask) -> str:
    given = {"action": action, "_selected_action": [task.pk for task in chosen]}
    page: str = admin.post(LIST, given, follow=True).content.decode()
    return page


def test_tasks_are_started_and_stopped_from_the_list(admin: Client) -> None:
    first, second = tasks.create("a", [1]), tasks.create("b", [2])
    tasks.start(second)
    began = MonitoringTask.objects.get(pk=second.pk).start_time
    assert "1 task was started." in _act(admin, "start_tasks", first, second)
    assert tasks.desired_rooms() == [1, 2]
    assert MonitoringTask.objects.get(pk=second.pk).start_time == began
    assert "2 tasks were stopped." in _act(admin, "stop_tasks", first, second)
    assert tasks.desired_rooms() == []
    assert MonitoringTask.objects.get(pk=first.pk).end_time is not None


def test_a_task_that_is_deleted_is_watched_no_more_and_its_rooms_stay(admin: Client) -> None:
    task = tasks.create("a", [1])
    tasks.list_rooms(task, [1])
    tasks.start(task)
    delete = reverse("admin:live_data_monitoringtask_delete", args=[task.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 302
    assert tasks.desired_rooms() == []
    assert LiveRoom.objects.filter(room_id=1).exists()


def test_a_person_is_forgotten_and_remembered_again_but_never_made_another(admin: Client) -> None:
    assert "What is stored already stays" in admin.get(FORGET).content.decode()
    assert admin.post(FORGET, {"uid": str(2**60)}).status_code == 302
    person = ErasedPerson.objects.get()
    assert person.uid == 2**60
    changed = reverse("admin:live_data_erasedperson_change", args=[person.pk])
    assert admin.post(changed, {"uid": "5"}).status_code == 403
    delete = reverse("admin:live_data_erasedperson_delete", args=[person.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 302
    assert not ErasedPerson.objects.exists()


@pytest.mark.parametrize("uid", ["", "0", "-1", "x", str(2**63), "9" * 5000, "1.5", "7"])
def test_what_is_no_new_user_is_refused(admin: Client, uid: str) -> None:
    ErasedPerson.objects.create(uid=7)
    response = admin.post(FORGET, {"uid": uid})
    assert (response.status_code, len(errors(response))) == (200, 1)
    assert ErasedPerson.objects.count() == 1
