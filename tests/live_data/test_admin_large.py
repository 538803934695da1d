"""The admin of tables with many rows: what it asks of the database must not grow with them."""

from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from live_data.admin import paging
from live_data.admin.tables import Large
from live_data.models import DanmakuData, EventCount, LiveRoom
from tests.live_data.admin_rows import TABLES, fill
from tests.made import ROOM

pytestmark = pytest.mark.django_db

OTHER_ROOM = ROOM + 1
ROWS = 1500  #: of each of two rooms
LARGE = [table for table in TABLES if isinstance(django_admin.site.get_model_admin(table), Large)]
OF_ROOMS = [table for table in LARGE if any(field.name == "room" for field in table._meta.fields)]
SMALL = [table for table in TABLES if table not in LARGE]
NONSENSE = [
    "x",
    "uid:",
    "uid:x",
    "9" * 20,
    str(2**63),
    f"uid:{2**63}",
    "-1",
    "1.5",
    "１２３",
    "a\0b",
    "长" * 10_000,
    "a " * 5_000,
    '"',
    "'\"\\",
    "%_",
    "\u202e反",
    "0" * 33,
    "<script>alert(1)</script>",
]

every_large_table = pytest.mark.parametrize("table", LARGE, ids=lambda table: table.__name__)
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("站长"))
    return client


def address(table: type[models.Model]) -> str:
    return reverse(f"admin:live_data_{table._meta.model_name}_changelist")


def listed(admin: Client, table: type[models.Model], **asked: Any) -> Any:
    response = admin.get(address(table), asked)
    assert response.status_code == 200
    return response.context["cl"]


def searches(table: type[models.Model]) -> list[str]:
    """One of each kind that the table can be searched by."""
    said = {"room_id": str(ROOM), "uid": "uid:7", "event_id": "ab" * 16}
    return [said[name] for name in django_admin.site.get_model_admin(table).search_fields]


def queries(admin: Client, table: type[models.Model], **asked: Any) -> list[str]:
    """The SQL that a page asks of the table itself."""
    with CaptureQueriesContext(connection) as captured:
        listed(admin, table, **asked)
    own = [query["sql"] for query in captured if f'FROM "{table._meta.db_table}"' in query["sql"]]
    assert own
    return own


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


def test_every_table_that_grows_with_what_happens_is_a_large_one() -> None:
    assert {table.__name__ for table in SMALL} == {
        "ClockReading",
        "DataMigrationLog",
        "DeadLetter",
        "ErasedPerson",
        "EventCount",
        "JournalPosition",
        "LiveRoom",
        "MonitoringTask",
        "ProtocolNews",
        "RetentionFloor",
        "SyncCursor",
    }


@pytest.mark.only_on("sqlite")
@every_large_table
def test_nothing_is_counted_beyond_the_pages_and_nothing_is_sorted(
    admin: Client, table: type[models.Model]
) -> None:
    fill(table, ROWS)
    fill(table, ROWS, OTHER_ROOM)
    pages: list[dict[str, str]] = [{}, {"p": "9"}, {"o": "1"}, {"o": "-3.2"}]
    for asked in pages + [{"q": term} for term in searches(table)]:
        for sql in queries(admin, table, **asked):
            limit = paging.MOST + 1 if "COUNT(" in sql else 100
            # Without a limit only where the count has shown that there is no second page.
            assert f"LIMIT {limit}" in sql or listed(admin, table, **asked).result_count <= 100, sql
            # Danmaku of one person are in stretches, whose order is not that of a list of them.
            is_in_stretches = table is DanmakuData and asked.get("q", "").startswith("uid:")
            assert is_in_stretches or "TEMP B-TREE" not in plan(sql), (sql, plan(sql))
            steps = [step for step in plan(sql).splitlines() if table._meta.db_table in step]
            by_index = ["SEARCH" in step or " USING " in step for step in steps]
            assert all(by_index) or "q" not in asked, (sql, plan(sql))


@every_table
def test_a_page_asks_as_much_for_many_rows_as_for_one(admin: Client, table: type[models.Model]) -> None:
    asked = []
    for count in (1, 60):
        table._default_manager.all().delete()
        fill(table, count)
        with CaptureQueriesContext(connection) as captured:
            listed(admin, table)
        asked.append(len(captured))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("table", OF_ROOMS, ids=lambda table: table.__name__)
def test_a_room_is_found_newest_first_and_others_are_left_out(
    admin: Client, table: type[models.Model]
) -> None:
    fill(table, 3)
    fill(table, 3, OTHER_ROOM)
    found = list(listed(admin, table, q=f" {OTHER_ROOM} ").result_list)
    assert {row.room_id for row in found} == {OTHER_ROOM}
    clocks = ("timestamp", "minute", "since", "day", "begin", "made_at", "uid")  # people have no time
    clock = next(name for name in clocks if hasattr(found[0], name))
    moments = [getattr(row, clock) for row in found]
    assert len(moments) == 3
    assert moments == sorted(moments, reverse=True)


def test_a_user_and_an_event_are_found(admin: Client) -> None:
    fill(DanmakuData, 3)
    row = DanmakuData.objects.get(uid=2)
    for term in ("uid:2", "UID:2", bytes(row.event_id).hex(), bytes(row.event_id).hex().upper()):
        assert list(listed(admin, DanmakuData, q=term).result_list) == [row]


@every_table
def test_nonsense_finds_nothing_and_breaks_nothing(admin: Client, table: type[models.Model]) -> None:
    fill(table, 1)
    for term in NONSENSE:
        page = listed(admin, table, q=term)
        # What Django itself refuses, and quotes around nothing, are no search at all.
        assert page.result_count == 0 or term in {"a\0b", '"'}, term


def test_what_a_large_table_can_be_searched_for_is_said_instead_of_nothing(admin: Client) -> None:
    fill(DanmakuData, 1)
    for language, said in (("en", "Search for a room number"), ("zh-hans", "可搜索房间号")):
        headers = {"Accept-Language": language}
        page = admin.get(address(DanmakuData), {"q": "晚上好"}, headers=headers).content.decode()
        assert page.count(said) == 2  # below the field, and as a message


def test_a_small_table_is_searched_for_parts_of_words(admin: Client) -> None:
    LiveRoom.objects.create(room_id=22889484, short_id=7, uid=99, uname="小明同学", title="晚间电台")
    LiveRoom.objects.create(room_id=5, uname="别人")
    for term in ("明同", "电台", "22889484", "7", "99", "小明 电台"):
        assert [room.room_id for room in listed(admin, LiveRoom, q=term).result_list] == [22889484], term
    fill(EventCount, 1)
    assert listed(admin, EventCount, q=str(ROOM)).result_count == 1


def test_a_table_longer_than_its_pages_says_so(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST", 250)
    fill(DanmakuData, 251)
    page = admin.get(address(DanmakuData), {"p": "3"})
    assert "the newest 250; older rows are found by searching" in page.content.decode()
    assert len(page.context["cl"].result_list) == 50
    assert admin.get(address(DanmakuData), {"p": "4"}).status_code == 302
    DanmakuData.objects.order_by("pk")[:1].get().delete()
    assert "the newest" not in admin.get(address(DanmakuData)).content.decode()
