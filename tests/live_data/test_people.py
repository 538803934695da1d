"""Questions about people and days are answered from the rollups, by their indexes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bilibili_live.events import AnyEvent
from live_data.days import Days
from live_data.models import DanmakuData, PersonDay, PersonName
from live_data.queries import lists, people, person_lines, room_days
from live_data.queries.lists import Chosen
from live_data.queries.people import Deeds, Name
from live_data.queries.room_days import Audience
from live_data.storing import person_names, person_rooms
from live_data.storing.events import Arrival, store
from tests.made import ROOM, danmaku, gift, guard, super_chat

pytestmark = pytest.mark.django_db

FIRST = date(2026, 9, 21)  #: of AT
DAY = timedelta(days=1)
DAYS = Days(ZoneInfo("Asia/Shanghai"), 0)


def keep(*events: AnyEvent) -> None:
    with transaction.atomic():
        store([Arrival(event, 1) for event in events], datetime(2026, 11, 27, tzinfo=UTC))


def on_day(number: int, event: Any) -> Any:
    """The same thing that many days later."""
    later = event.at + number * 86_400_000
    return msgspec.structs.replace(event, at=later, event_id=later.to_bytes(6, "big") + event.event_id[6:])


def a_history() -> None:
    keep(
        *(danmaku(number, uid=1, username="话多") for number in range(5)),
        danmaku(11, uid=2, username="老板"),
        gift(12, uid=2, username="老板", total_coin=9_000),
        on_day(1, danmaku(13, uid=2, username="大老板")),
        on_day(1, gift(14, uid=3, username="新人", total_coin=500)),
        on_day(1, danmaku(15, uid=3, username="新人")),
        on_day(2, danmaku(16, ROOM + 1, uid=2, username="大老板")),
        danmaku(17, uid=None, username="话***"),
        super_chat(1),  # of uid 8
        guard("toast"),  # of uid 7
    )


def test_the_people_of_a_room_are_those_who_said_or_paid_most() -> None:
    a_history()
    said = people.top(ROOM, FIRST, FIRST + DAY, "danmaku")
    assert [(one.uid, one.name, one.days, one.deeds.danmaku) for one in said] == [
        (1, "话多", 1, 5),
        (2, "大老板", 2, 2),
        (3, "新人", 1, 1),
    ]
    paid = people.top(ROOM, FIRST, FIRST + DAY, "gold", limit=3)
    assert [(one.uid, one.deeds.gold) for one in paid] == [(7, 198_000), (8, 30_000), (2, 9_000)]
    assert people.top(ROOM, FIRST + DAY, FIRST + DAY, "gold")[0].uid == 3
    assert people.top(ROOM, FIRST - DAY, FIRST - DAY, "gold") == []


def test_a_person_is_found_over_all_rooms_and_time() -> None:
    a_history()
    assert [(room.room_id, room.first_day, room.last_day, room.days) for room in people.rooms(2)] == [
        (ROOM + 1, FIRST + 2 * DAY, FIRST + 2 * DAY, 1),
        (ROOM, FIRST, FIRST + DAY, 2),
    ]
    assert [(day.day, day.room_id) for day in people.days(2)] == [
        (FIRST + 2 * DAY, ROOM + 1),
        (FIRST + DAY, ROOM),
        (FIRST, ROOM),
    ]
    assert people.days(2, FIRST, FIRST)[0].deeds == Deeds(1, 1, 0, 0, 9_000, 0, 0)
    assert people.days(2, last=FIRST - DAY) == []
    assert people.rooms(99) == []


def test_names_are_told_from_the_latest_to_the_first() -> None:
    a_history()
    assert people.names(2) == [Name("大老板", FIRST + DAY, FIRST + 2 * DAY), Name("老板", FIRST, FIRST)]
    assert people.current_names([1, 2, 99]) == {1: "话多", 2: "大老板"}


def test_a_day_s_people_are_new_or_return() -> None:
    a_history()
    assert [
        (each.day, each.deeds.gold, each.audience) for each in room_days.days(ROOM, FIRST, FIRST + DAY)
    ] == [
        (FIRST + DAY, 500, Audience(2, 1, 1, 1)),
        (FIRST, 9_000 + 30_000 + 198_000, Audience(2, 2, 3, 3)),
    ]
    assert room_days.days(ROOM, FIRST + 9 * DAY, FIRST + 20 * DAY) == []
    assert (room_days.first_day(ROOM), room_days.first_day(ROOM + 2)) == (FIRST, None)


QUESTIONS: dict[str, Callable[[], Any]] = {
    "top by danmaku": lambda: people.top(ROOM, FIRST, FIRST + 6 * DAY, "danmaku"),
    "top by gold": lambda: people.top(ROOM, FIRST, FIRST + 6 * DAY, "gold"),
    "rooms of a person": lambda: people.rooms(5),
    "days of a person": lambda: people.days(5),
    "lines of a person": lambda: lists.newest(DanmakuData, Chosen(uid=5), None, 50),
    "all of a person": lambda: list(lists.within(DanmakuData, Chosen(uid=5))),
    "whether somebody said anything": lambda: person_lines.has_any(5),
    "names in rows": lambda: person_names.of_rows([5, 6], DAYS),
    "deeds of people": lambda: people.deeds([5, 6]),
    "when a person was seen": lambda: people.seen(5),
    "names of a person": lambda: people.names(5),
    "current names": lambda: people.current_names([5, 6]),
    "days of a room": lambda: room_days.days(ROOM, FIRST, FIRST + 6 * DAY),
    "first day of a room": lambda: room_days.first_day(ROOM),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_walks_through_a_whole_table(question: str) -> None:
    keep(danmaku(1, uid=6))
    PersonDay.objects.bulk_create(
        PersonDay(room_id=ROOM, uid=uid, day=FIRST + (uid % 7) * DAY, danmaku=1) for uid in range(300)
    )
    person_rooms.rebuild(ROOM)
    PersonName.objects.bulk_create(
        PersonName(uid=uid, username="某", first_day=FIRST, last_day=FIRST) for uid in range(300)
    )
    with CaptureQueriesContext(connection) as asked:
        QUESTIONS[question]()
    assert len(asked) > 0
    for query in asked.captured_queries:
        assert _walks(query["sql"]) == [], query["sql"]


def _walks(sql: str) -> list[str]:
    """Steps of the plan that read a whole table of ours."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # It reads small tables whole, unless an index is there and it must not.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            return [row[0] for row in cursor.fetchall() if "Seq Scan" in row[0]]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN ")]
