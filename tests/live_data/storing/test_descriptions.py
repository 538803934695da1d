"""How rooms describe themselves over time: a row for each change, whatever is heard again or late."""

from itertools import permutations

import pytest

from bilibili_live.events import AnyEvent
from live_data import sync
from live_data.instants import moment
from live_data.models import LiveRoom, RoomDescription
from live_data.queries.descriptions import changes
from tests.live_data.conftest import Log
from tests.made import AT, ROOM, batch, room_info, room_state

pytestmark = pytest.mark.django_db(transaction=True)

STORY: list[AnyEvent] = [
    room_info(0, title="一", cover="https://a/1.jpg", area_name="单机"),
    room_info(10, title="一", cover="https://a/1.jpg", area_name="单机"),
    room_info(20, title="二", cover="https://a/1.jpg", area_name="单机"),
    room_info(30, title="二", cover="https://a/2.jpg", area_name="单机"),
    room_info(40, title="一", cover="https://a/2.jpg", area_name="单机"),
]
TOLD = [(0, "一", "1.jpg"), (20, "二", "1.jpg"), (30, "二", "2.jpg"), (40, "一", "2.jpg")]


def deliver(log: Log, *events: AnyEvent) -> None:
    """Each in a step of its own."""
    for event in events:
        log.append(batch([event]))
        sync.step(log.redis)


def told() -> list[tuple[int, str, str]]:
    rows = RoomDescription.objects.filter(room_id=ROOM).order_by("since")
    return [(round((row.since - moment(AT)).total_seconds()), row.title, row.cover[-5:]) for row in rows]


def test_each_change_is_kept_once(log: Log) -> None:
    deliver(log, *STORY)
    assert told() == TOLD


def test_the_same_frames_read_again_change_nothing(log: Log) -> None:
    deliver(log, *STORY)
    log.append(batch([*STORY]))
    sync.step(log.redis)
    deliver(log, *reversed(STORY))
    assert told() == TOLD
    assert LiveRoom.objects.get(room_id=ROOM).title == "一"


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_the_order_of_hearing_does_not_matter(log: Log, order: tuple[int, ...]) -> None:
    deliver(log, *(STORY[place] for place in order))
    assert told() == TOLD


def test_a_change_told_by_the_room_leaves_what_it_does_not_tell(log: Log) -> None:
    deliver(log, STORY[0], room_state(5, "change", title="新", area_name="网游"))
    rows = RoomDescription.objects.order_by("since")
    assert [(row.title, row.area_name, row.cover) for row in rows] == [
        ("一", "单机", "https://a/1.jpg"),
        ("新", "网游", "https://a/1.jpg"),
    ]


def test_other_states_and_an_answer_without_a_cover_change_nothing(log: Log) -> None:
    bare = room_info(9, title="一", cover="", uname="", area_name="单机")
    deliver(log, STORY[0], room_state(5, "live"), bare)
    assert told() == TOLD[:1]


def test_the_room_itself_shows_the_newest_cover_and_followers(log: Log) -> None:
    deliver(log, room_info(5, cover="b", followers=9), room_info(3, cover="a", followers=7))
    room = LiveRoom.objects.get(room_id=ROOM)
    assert (room.cover, room.followers) == ("b", 9)


def test_changes_are_listed_newest_first_a_page_at_a_time(log: Log) -> None:
    deliver(log, *STORY)
    first = changes(ROOM, None, 3)
    assert [
        [(each.what, each.before, each.now) for each in change.differences] for change in first.listed
    ] == [
        [("title", "二", "一")],
        [("cover", "https://a/1.jpg", "https://a/2.jpg")],
        [("title", "一", "二")],
    ]
    assert first.next == moment(AT + 20_000)
    rest = changes(ROOM, first.next, 3)
    [began] = rest.listed
    assert {each.what for each in began.differences} == {"title", "area", "cover", "name"}
    assert rest.next is None
