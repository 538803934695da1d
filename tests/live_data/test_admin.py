"""The admin: who gets in, what it shows of every table, and what nobody can change there."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from live_data.models import ErasedPerson, LiveRoom, MonitoringTask, SuperChatData
from tests.live_data.admin_rows import TABLES, made
from tests.live_data.web_rows import room

pytestmark = pytest.mark.django_db

CHANGEABLE = {MonitoringTask, ErasedPerson, LiveRoom}
READ_ONLY = [table for table in TABLES if table not in CHANGEABLE]
HOSTILE = "<script>alert(1)</script>\u202e反\x1b[31m" + "长" * 5000

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
every_read_only_table = pytest.mark.parametrize("table", READ_ONLY, ids=lambda table: table.__name__)
both_languages = pytest.mark.parametrize("language", ["en", "zh-hans"])


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("站长"))
    return client


def address(table: type[models.Model], page: str = "changelist", *arguments: Any) -> str:
    return reverse(f"admin:live_data_{table._meta.model_name}_{page}", args=arguments)


def stored(table: type[models.Model], text: str = "内容", number: int = 1) -> Any:
    row = made(table, number, text)
    row.save()
    return row


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    return content


@every_table
def test_without_an_account_there_is_only_the_login(table: type[models.Model]) -> None:
    for path in (address(table), address(table, "change", 1), address(table, "add"), reverse("admin:index")):
        response = Client().get(path)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")
    assert Client().get("/admin/login/").status_code == 200


def test_an_account_that_is_no_staff_sees_nothing() -> None:
    client = Client()
    client.force_login(User.objects.create_user("路人"))
    assert client.get(address(LiveRoom)).status_code == 302


@both_languages
@every_table
def test_every_table_is_listed_and_every_row_can_be_opened(
    admin: Client, table: type[models.Model], language: str
) -> None:
    row = stored(table)
    headers = {"Accept-Language": language}
    for path in (address(table), address(table, "change", row.pk)):
        response = admin.get(path, headers=headers)
        assert response.status_code == 200
    with override(language):
        assert str(table._meta.verbose_name) in text_of(response).lower()
    if language == "zh-hans":
        assert not str(table._meta.verbose_name).isascii()


def test_the_index_names_all_tables_and_leads_back_to_the_page(admin: Client) -> None:
    for language in ("en", "zh-hans"):
        page = text_of(admin.get(reverse("admin:index"), headers={"Accept-Language": language}))
        assert all(address(table) in page for table in TABLES)
        assert 'href="/live/"' in page
    assert "B站直播监控" in page
    assert "弹幕" in page


@every_table
def test_each_column_has_a_name_in_chinese(table: type[models.Model]) -> None:
    with override("zh-hans"):
        names = {field.name: str(field.verbose_name) for field in table._meta.concrete_fields}
    names.pop("id")
    assert [name for name, shown in names.items() if shown.isascii()] == []


@every_table
def test_hostile_text_is_escaped_shortened_and_kept_to_itself(
    admin: Client, table: type[models.Model]
) -> None:
    row = stored(table, HOSTILE)
    listed, opened = admin.get(address(table)), admin.get(address(table, "change", row.pk))
    for response in (listed, opened):
        assert response.status_code == 200
        assert "<script>alert" not in text_of(response)
    assert "长" * 100 not in text_of(listed)


def test_what_strangers_wrote_cannot_turn_the_rest_around(admin: Client) -> None:
    row = stored(SuperChatData, "\u202e反")
    for page in (address(SuperChatData), address(SuperChatData, "change", row.pk)):
        parts = text_of(admin.get(page)).split("\u202e")
        assert len(parts) > 1
        assert all(before.endswith('<bdi class="foreign" translate="no">') for before in parts[:-1])


def test_all_of_a_row_is_shown_with_its_id_and_its_seconds(admin: Client) -> None:
    row = stored(SuperChatData, "长" * 500)
    page = text_of(admin.get(address(SuperChatData, "change", row.pk)))
    assert bytes(row.event_id).hex() in page
    assert "长" * 500 in page
    assert f"{row.timestamp:%M:%S}</time>" in page
    assert reverse("admin:live_data_liveroom_change", args=[room().pk]) in page


def test_times_are_those_of_the_viewer(admin: Client) -> None:
    stored(SuperChatData)
    shown = {}
    for zone in ("Asia/Shanghai", "America/New_York"):
        admin.cookies["timezone"] = zone
        shown[zone] = text_of(admin.get(address(SuperChatData)))
        assert zone in shown[zone]
    assert shown["Asia/Shanghai"] != shown["America/New_York"]


@every_read_only_table
def test_what_the_program_writes_cannot_be_changed(admin: Client, table: type[models.Model]) -> None:
    row = stored(table)
    before = table._default_manager.values().get(pk=row.pk)
    for page in (("add",), ("change", row.pk), ("delete", row.pk)):
        assert admin.post(address(table, *page), {"post": "yes"}).status_code == 403
    acted = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    admin.post(address(table), acted)
    assert table._default_manager.values().get(pk=row.pk) == before
    assert 'name="_save"' not in text_of(admin.get(address(table, "change", row.pk)))


def test_of_a_room_only_when_it_is_connected_can_be_chosen(admin: Client) -> None:
    row = stored(LiveRoom)
    before = LiveRoom.objects.values().get(pk=row.pk)
    for page in (("add",), ("delete", row.pk)):
        assert admin.post(address(LiveRoom, *page), {"post": "yes"}).status_code == 403
    change = address(LiveRoom, "change", row.pk)
    assert admin.post(change, {"connect_when": "no", "title": "x"}).status_code == 200
    assert LiveRoom.objects.values().get(pk=row.pk) == before
    assert admin.post(change, {"connect_when": "live", "title": "x", "status": 1}).status_code == 302
    assert LiveRoom.objects.values().get(pk=row.pk) == before | {"connect_when": "live"}


@every_table
def test_a_row_that_does_not_exist_is_said_to(admin: Client, table: type[models.Model]) -> None:
    for key in ("0", "-1", "x", str(10**30), "%00", "长" * 3000):
        response = admin.get(address(table).rstrip("/") + f"/{key}/change/")
        assert response.status_code in {302, 404}, key


@every_table
def test_strange_addresses_get_an_answer(admin: Client, table: type[models.Model]) -> None:
    stored(table)
    for asked in ("p=0", "p=x", f"p={10**30}", f"p={'9' * 5000}", "all=", "o=1.-2", "o=x", "e=1", "_popup=1"):
        assert admin.get(f"{address(table)}?{asked}").status_code in {200, 302}, asked


@every_table
def test_an_address_cannot_ask_what_no_filter_asks(admin: Client, table: type[models.Model]) -> None:
    for asked in ("pk__gt=1", "id__regex=(((", "room__title__icontains=x", "status__regex=(", "_to_field=x"):
        assert admin.get(f"{address(table)}?{asked}").status_code == 400, asked


def test_a_filter_narrows_the_list(admin: Client) -> None:
    stored(LiveRoom, number=1)
    LiveRoom.objects.create(room_id=2, status=1, uname="直播中的人")
    path = address(LiveRoom)
    assert "直播中的人" in text_of(admin.get(f"{path}?status__exact=1"))
    assert "直播中的人" not in text_of(admin.get(f"{path}?status__exact=0"))
    assert admin.get(f"{path}?status__exact={10**30}").status_code in {200, 302}
