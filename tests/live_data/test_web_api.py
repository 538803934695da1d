"""The JSON API: shapes, paging, bad input, and Redis away."""

import dataclasses
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from event_store import connect, sync_lives
from event_store.sync_lives import SyncLife
from live_data.instants import moment
from live_data.models import MinuteCount, MonitoringTask, SyncCursor
from live_data.views import redis_client
from tests.live_data.web_log import append
from tests.live_data.web_rows import danmaku_row, gift_row, purchase_row, room, super_chat_row
from tests.made import AT, ROOM, danmaku_saying
from tests.valkey_process import valkey_process

pytestmark = pytest.mark.django_db

NOWHERE = "unix:///nowhere/valkey.sock"
LISTS = ["danmaku", "gifts", "super_chats", "guards"]


@pytest.fixture(autouse=True)
def _redis(redis_url: str, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=redis_url)


@pytest.fixture
def redis_away(_redis: None, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=NOWHERE)


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(f"/live/api/{path}")
    assert response.status_code == status, response.content
    return response.json()


def walk(client: Client, path: str) -> list[Any]:
    """All items of a list, page by page."""
    found, cursor = [], ""
    while True:
        answer = get(client, f"{path}{cursor}")
        found += answer["results"]
        if answer["next"] is None:
            return found
        cursor = f"&cursor={answer['next']}"


def test_a_danmaku_has_the_seeds_columns(client: Client) -> None:
    danmaku_row("你好", uid=2**60 + 1, at=AT + 7)
    [item] = get(client, "danmaku")["results"]
    columns = "id room_id uid username message timestamp medal_name medal_level user_level is_admin is_vip"
    assert set(columns.split()) <= set(item)
    assert item["uid"] == "1152921504606846977"
    assert item["timestamp"] == "2026-09-21T14:13:20.007Z"
    assert item["created_at"].endswith("Z")
    assert (item["room_id"], item["message"], item["is_admin"]) == (ROOM, "你好", False)


def test_an_unknown_uid_is_null(client: Client) -> None:
    danmaku_row("guest", uid=None)
    assert get(client, "danmaku")["results"][0]["uid"] is None


@pytest.mark.parametrize(
    ("coin", "coin_type", "shown"),
    [
        (1550, "gold", ("1.55", "3.10", 3100)),
        (100, "gold", ("0.10", "0.20", 200)),
        (1, "gold", ("0.001", "0.002", 2)),
        (10**14 + 1, "gold", ("100000000000.001", "200000000000.002", 2 * 10**14 + 2)),
        (500, "silver", ("0.00", "0.00", 0)),
    ],
)
def test_money_is_exact(client: Client, coin: int, coin_type: str, shown: tuple[str, str, int]) -> None:
    gift_row("t", coin=coin, coin_type=coin_type)
    [item] = get(client, "gifts")["results"]
    assert (item["price"], item["total_price"], item["gold"]) == shown
    assert (item["gift_name"], item["num"], item["coin_type"]) == ("小花花", 2, coin_type)


def test_super_chats_and_guards_come_in_the_same_form(client: Client) -> None:
    super_chat_row(2**60, cny=30)
    purchase_row("p1", gold=138_000)
    [super_chat] = get(client, "super_chats")["results"]
    assert (super_chat["price"], super_chat["super_chat_id"]) == ("30.00", str(2**60))
    [guard] = get(client, "guards")["results"]
    assert (guard["price"], guard["gold"], guard["guard_level"]) == ("138.00", 138_000, 3)


@pytest.mark.parametrize("query", ["danmaku?limit={limit}", "danmaku?room_id=1&limit={limit}"])
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_walking_the_pages_visits_each_row_once_newest_first(client: Client, query: str, limit: int) -> None:
    dice = random.Random(limit)  # few instants for many rows: most times are shared
    for number in range(40):
        danmaku_row(str(number), at=AT + dice.randrange(4), room_id=dice.choice([1, 2]))
    expected = {item["id"] for item in get(client, query.format(limit=100))["results"]}
    found = walk(client, query.format(limit=limit))
    assert len(found) == len(expected)
    assert {item["id"] for item in found} == expected
    times = [item["timestamp"] for item in found]
    assert times == sorted(times, reverse=True)


def test_a_row_that_comes_in_late_disturbs_no_paging(client: Client) -> None:
    for number in range(6):
        danmaku_row(f"row {number}", at=AT + number)
    first = get(client, "danmaku?limit=3")
    danmaku_row("late, above", at=AT + 5)
    danmaku_row("late, below", at=AT + 1)
    second = get(client, f"danmaku?cursor={first['next']}")["results"]
    assert [item["message"] for item in first["results"]] == ["row 5", "row 4", "row 3"]
    assert {item["message"] for item in second} == {"row 2", "row 1", "late, below", "row 0"}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("query", ["room_id=1", "room_id=1&cursor=AaDEUGwHAAAAAAAAAAAAAA", ""])
def test_no_list_is_sorted_or_scanned_as_a_whole(client: Client, query: str) -> None:
    danmaku_row("x", room_id=1)
    plans: list[str] = []
    with connection.execute_wrapper(_explaining(plans)):
        get(client, f"danmaku?{query}")
    said = " / ".join(plans)
    # The second is SQLite's own name for the unique index of event_id.
    assert ("idx_danmaku_room_timestamp" if "room_id" in query else "sqlite_autoindex") in said
    assert "USE TEMP B-TREE FOR ORDER BY" not in said


def _explaining(plans: list[str]) -> Any:
    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'FROM "live_data_danmakudata"' in sql:
            explained = context["connection"].connection.execute(
                "EXPLAIN QUERY PLAN " + sql.replace("%s", "?"), params
            )
            plans.extend(row[3] for row in explained)
        return execute(sql, params, many, context)

    return wrapper


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("room_id=0", "room_id"),
        ("room_id=-5", "room_id"),
        ("room_id=abc", "room_id"),
        ("room_id=9007199254740993", "room_id"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=________________________", "cursor"),
    ],
)
def test_it_says_in_one_line_which_parameter_was_wrong(
    client: Client, kind: str, query: str, named: str
) -> None:
    said = get(client, f"{kind}?{query}", status=400)["error"]
    assert said.startswith(f"{named}: ")
    assert "\n" not in said


@pytest.mark.parametrize("kind", [*LISTS, "rooms"])
def test_a_room_that_was_never_watched_is_not_an_empty_one(client: Client, kind: str) -> None:
    room(1)
    assert get(client, f"{kind}?room_id=1")["next"] is None
    assert "404404" in get(client, f"{kind}?room_id=404404", status=404)["error"]


@pytest.mark.parametrize("path", ["status", "rooms", "accounting", "events", "stream", *LISTS])
def test_the_api_only_reads(client: Client, path: str) -> None:
    assert client.post(f"/live/api/{path}").status_code == 405


def test_rooms_are_paged_by_number(client: Client) -> None:
    for number in (30, 10, 20):
        room(number)
    assert [item["room_id"] for item in walk(client, "rooms?limit=2")] == [10, 20, 30]
    assert [item["room_id"] for item in walk(client, "rooms?room_id=20")] == [20]


def test_watched_rooms_are_those_of_running_tasks(client: Client) -> None:
    for number in (1, 2):
        room(number)
    MonitoringTask.objects.create(task_name="runs", room_ids_json="[2]", status="running")
    MonitoringTask.objects.create(task_name="rests", room_ids_json="[1]", status="stopped")
    assert [item["room_id"] for item in get(client, "rooms?watched=1")["results"]] == [2]
    assert [item["watched"] for item in get(client, "rooms")["results"]] == [False, True]


def test_the_number_of_queries_does_not_grow_with_the_rooms(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 21):
        danmaku_row("x", room_id=number)
    with django_assert_max_num_queries(5):
        assert len(get(client, "rooms?limit=20")["results"]) == 20


def test_status_tells_what_runs(client: Client, redis_url: str) -> None:
    redis = connect.client(redis_url)
    sync_lives.show(redis, SyncLife(at=AT, behind=900))
    redis.close()
    MinuteCount.objects.create(room=room(), minute=moment(AT), danmaku=3, gift_gold=5)
    answer = get(client, "status")
    assert answer["redis"]["ok"] is True
    assert answer["redis"]["valkey_version"]
    assert answer["sync"]["behind"] == 900
    assert answer["version"]
    assert {sign["part"] for sign in answer["health"]} == {"redis", "collector", "sync"}


def _is_redis_there(client: Client) -> bool:
    return bool(get(client, "status")["redis"]["ok"])


def test_a_redis_that_hangs_makes_one_answer_wait_and_not_the_next(
    client: Client, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with valkey_process(tmp_path) as valkey:
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=valkey.url)
        assert _is_redis_there(client)
        valkey.freeze()
        monkeypatch.setattr(redis_client, "REMEMBERED", 0.0)
        assert not _is_redis_there(client)
        valkey.thaw()
        assert _is_redis_there(client)
        valkey.freeze()
        monkeypatch.setattr(redis_client, "REMEMBERED", 3600.0)
        said = get(client, "status")["redis"]["error"]
        valkey.thaw()
        assert get(client, "status")["redis"]["error"] == said  # it was not asked


@pytest.mark.usefixtures("redis_away")
def test_nothing_fails_while_redis_is_away(client: Client) -> None:
    danmaku_row("still there")
    status = get(client, "status")
    assert status["redis"]["ok"] is False
    assert "does not answer at unix:///nowhere" in status["redis"]["error"]
    assert get(client, "rooms")["results"][0]["connection"]["state"] == "unwatched"
    assert get(client, "danmaku")["results"][0]["message"] == "still there"
    assert get(client, "accounting")["results"] == []
    assert "does not answer" in get(client, "events?after=0123456789abcdef.5-0")["error"]
    page = client.get("/live/")
    assert page.status_code == 200
    assert "does not answer" in page.content.decode()


def test_events_go_on_after_the_cursor(client: Client, redis_url: str) -> None:
    append(redis_url, [danmaku_saying("old")])
    start = get(client, "events")
    assert start["events"]["danmaku"] == []
    append(redis_url, [danmaku_saying("new"), danmaku_saying("elsewhere", room_id=2)])
    following = get(client, f"events?after={start['cursor']}&room_id={ROOM}")
    assert [item["message"] for item in following["events"]["danmaku"]] == ["new"]
    again = get(client, f"events?after={following['cursor']}")
    assert again["cursor"] == following["cursor"]


def test_an_unknown_place_in_the_log_is_a_reset(client: Client, redis_url: str) -> None:
    append(redis_url, [danmaku_saying("x")])
    answer = get(client, "events?after=0123456789abcdef.5-0")
    assert answer["reset"] is True
    assert get(client, f"events?after={answer['cursor']}")["events"]["danmaku"] == []


@pytest.mark.parametrize("path", ["events?after=nonsense", "events?room_id=x"])
def test_live_events_refuse_what_they_do_not_understand(client: Client, path: str) -> None:
    assert "\n" not in get(client, path, status=400)["error"]


def test_a_synchronous_server_says_that_it_cannot_stream(client: Client) -> None:
    assert "poll" in get(client, "stream", status=501)["error"]


def test_the_page_begins_where_the_database_ends(client: Client, redis_url: str) -> None:
    place = append(redis_url, [danmaku_saying("in SQL")])
    SyncCursor.objects.create(partition=0, incarnation=place.incarnation, stream_id=place.stream_id)
    danmaku_row("in SQL")
    append(redis_url, [danmaku_saying("not yet")])
    overview = get(client, "overview")
    assert [item["message"] for item in overview["danmaku"]] == ["in SQL"]
    following = get(client, f"events?after={overview['cursor']}")["events"]["danmaku"]
    assert [item["message"] for item in following] == ["not yet"]


def test_a_live_item_has_the_form_of_a_stored_one(client: Client, redis_url: str) -> None:
    append(redis_url, [danmaku_saying("the log begins")])
    start = get(client, "events")["cursor"]
    append(redis_url, [danmaku_saying("both")])
    danmaku_row("both")
    [live] = get(client, f"events?after={start}")["events"]["danmaku"]
    [stored] = get(client, "danmaku")["results"]
    assert set(stored) - set(live) == {"id", "created_at", "received_at"}
    assert set(live) <= set(stored)
    assert live["event_id"] == stored["event_id"]


def test_the_page_has_no_inline_script_or_style(client: Client) -> None:
    danmaku_row("</script><script>alert(1)</script>")
    page = client.get("/live/").content.decode()
    assert "<script>" not in page
    assert "style=" not in page
    assert "alert(1)</script>" not in page
