"""Rooms and their coverage, folded from what is said in any order."""

from itertools import permutations

import pytest

from bilibili_live.events import AnyEvent
from live_data import sync
from live_data.instants import moment
from live_data.models import CoverageSpan, LiveRoom
from tests.live_data.conftest import Log
from tests.made import AT, ROOM, batch, coverage, danmaku, room_info, room_state

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(log: Log, *events: AnyEvent) -> LiveRoom:
    """Each in a step of its own."""
    for event in events:
        log.append(batch([event]))
        sync.step(log.redis)
    return LiveRoom.objects.get(room_id=ROOM)


def test_a_room_is_made_when_it_is_first_heard_of(log: Log) -> None:
    room = deliver(log, danmaku(1))
    assert (room.title, room.uid, room.as_of) == ("", None, None)


def test_older_news_turn_nothing_back(log: Log) -> None:
    room = deliver(
        log, room_info(10, title="新", live_status=0), room_info(5, title="旧"), room_state(7, "live")
    )
    assert (room.title, room.status, room.as_of) == ("新", 0, moment(AT + 10_000))


@pytest.mark.parametrize(
    ("what", "fields", "status"), [("live", {}, 1), ("preparing", {}, 0), ("preparing", {"value": "1"}, 2)]
)
def test_a_state_of_the_room_shows(log: Log, what: str, fields: dict[str, str], status: int) -> None:
    room = deliver(log, room_info(0, live_status=1 - min(status, 1)), room_state(5, what, **fields))
    assert room.status == status


def test_a_changed_title_keeps_what_was_not_said(log: Log) -> None:
    room = deliver(
        log,
        room_info(0, area_name="单机", face="f"),
        room_state(5, "change", title="新"),
        room_info(9, title="新二"),
    )
    assert (room.title, room.area_name, room.face) == ("新二", "", "f")


SPANS = [
    coverage(0, "blind", "connecting"),
    coverage(5, "covered"),
    coverage(5, "degraded", "guest"),
    coverage(9, "blind"),
]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_spans_end_where_the_next_one_begins_in_any_order(log: Log, order: tuple[int, ...]) -> None:
    deliver(log, *(SPANS[index] for index in order))
    log.append(batch(list(SPANS)))
    sync.step(log.redis)
    rows = list(CoverageSpan.objects.order_by("timestamp", "event_id"))
    assert [row.end for row in rows] == [*(row.timestamp for row in rows[1:]), None]
