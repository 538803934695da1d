"""Rooms and their coverage, folded from what is said in any order."""

import random
from itertools import permutations

import msgspec
import pytest

from bilibili_live.events import AS_BEFORE, AnyEvent, Coverage
from live_data import sync
from live_data.instants import epoch_ms, moment
from live_data.models import CoverageSpan, LiveRoom
from live_data.storing import span_order, spans
from live_data.storing.span_order import Note
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


def test_an_older_answer_tells_of_a_room_that_none_has_told_of(log: Log) -> None:
    room = deliver(
        log,
        room_state(7, "live"),
        room_state(8, "change", area_name="娱乐"),
        room_info(5, title="旧", uname="主播", area_name="单机", parent_area_name="游戏", live_status=0),
        room_info(6, title="", uname="别名"),
    )
    assert (room.title, room.uname, room.status) == ("旧", "主播", 1)
    assert (room.area_name, room.parent_area_name) == ("娱乐", "")
    assert room.as_of == moment(AT + 8_000)


def test_what_an_answer_told_as_empty_is_not_filled_in_by_an_older_one(log: Log) -> None:
    room = deliver(log, room_info(7, title="", area_name=""), room_info(5, title="旧", area_name="单机"))
    assert (room.title, room.area_name) == ("", "")


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


DAY = 86_400


def noted(order: int, seconds: int, state: str) -> Coverage:
    """The ``order``-th word of a collector whose clock is set: begins ``seconds`` after AT by that clock."""
    return msgspec.structs.replace(coverage(seconds, state, str(order)), received_at=AT + order)


SET_BACK = [
    noted(1, 0, "covered"),
    noted(2, DAY + 10, "blind"),  # the clock was a day ahead
    noted(3, DAY + 13, "covered"),
    noted(4, 20, "covered"),  # it was set right, and the room said anew
    noted(5, 60, "blind"),
    noted(6, 63, "covered"),
]


@pytest.mark.parametrize("order", list(permutations(range(6)))[::61])
def test_a_clock_that_was_set_back_leaves_no_span_in_the_future(log: Log, order: tuple[int, ...]) -> None:
    deliver(log, *(SET_BACK[index] for index in order))
    rows = {row.cause: row for row in CoverageSpan.objects.all()}
    lengths = {cause: row.end and (row.end - row.timestamp).total_seconds() for cause, row in rows.items()}
    assert lengths == {"1": 20, "2": 0, "3": 0, "4": 40, "5": 3, "6": None}


BEHIND = [
    noted(1, 0, "covered"),
    noted(2, 1000, "blind"),
    noted(3, 2000, "covered"),
    noted(4, -DAY, "blind"),  # the clock was a day behind at the start
    noted(5, -DAY + 3, "covered"),
    noted(6, 3000, "covered"),  # it was set right
]


@pytest.mark.parametrize("order", list(permutations(range(6)))[::61])
def test_a_clock_that_was_behind_takes_nothing_from_what_was_noted_before(
    log: Log, order: tuple[int, ...]
) -> None:
    deliver(log, *(BEHIND[index] for index in order))
    rows = {row.cause: row for row in CoverageSpan.objects.all()}
    lengths = {cause: row.end and (row.end - row.timestamp).total_seconds() for cause, row in rows.items()}
    assert lengths == {"1": 1000, "2": 1000, "3": 1000, "4": 0, "5": 0, "6": None}


@pytest.mark.parametrize("read_first", [1, 64])
def test_the_order_of_arrival_decides_nothing_whatever_the_clock_did(
    log: Log, read_first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few begins, so that many are equal, close to each other, or contradict each other."""
    monkeypatch.setattr(spans, "_READ_FIRST", read_first)
    chance = random.Random(7)
    for _ in range(60):
        count = chance.randint(2, 12)
        begins = [chance.choice((0, 90, 200, 500, 900, 3600, DAY)) for _ in range(count)]
        said = [
            noted(order, begin, chance.choice(("blind", "covered"))) for order, begin in enumerate(begins)
        ]
        CoverageSpan.objects.all().delete()
        deliver(log, *chance.sample(said, count))
        rows = CoverageSpan.objects.order_by("received_at")
        notes = [Note(epoch_ms(row.timestamp), row.state == "blind") for row in rows]
        ends = [row.end and epoch_ms(row.end) for row in rows]
        assert ends == span_order.ends(notes), said


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_a_lost_part_of_the_journal_is_blind_and_leaves_the_room_as_it_was(
    log: Log, order: tuple[int, ...]
) -> None:
    lost = coverage(20, "blind", "journal damaged")
    again = msgspec.structs.replace(coverage(50, AS_BEFORE), received_at=lost.received_at)
    behind = [lost, again, coverage(90, "blind", "silence"), coverage(95, "covered")]
    deliver(log, coverage(0, "degraded", "guest"), *(behind[index] for index in order))
    rows = CoverageSpan.objects.order_by("timestamp")
    assert [(row.state, row.cause, (row.timestamp - moment(AT)).total_seconds()) for row in rows] == [
        ("degraded", "guest", 0),
        ("blind", "journal damaged", 20),
        ("degraded", "guest", 50),
        ("blind", "silence", 90),
        ("covered", "", 95),
    ]
    ends = [row.end for row in rows]
    assert ends == [*(row.timestamp for row in rows[1:]), None]
