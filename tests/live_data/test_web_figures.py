"""The figures on top of a page: today where the viewer is, the last minute, people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from live_data.instants import moment
from live_data.models import DanmakuData, MinuteCount
from live_data.queries import totals
from live_data.views import figures
from tests.live_data.web_rows import danmaku_row, gift_row, purchase_row, room, super_chat_row
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

NOW = moment(AT) + timedelta(seconds=20)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def minute(at: datetime, **counts: int) -> None:
    MinuteCount.objects.create(room=room(), minute=at.replace(second=0, microsecond=0), **counts)


def test_today_begins_where_the_viewer_is() -> None:
    minute(datetime(2026, 9, 20, 15, 59, tzinfo=UTC), danmaku=1)
    minute(datetime(2026, 9, 20, 16, 0, tzinfo=UTC), danmaku=10, gifts=2, gift_gold=700)
    minute(datetime(2026, 9, 21, 14, 0, tzinfo=UTC), danmaku=100, guards=1, guard_gold=138_000)
    with timezone.override(SHANGHAI):
        today = figures.figures(NOW)["today"]
    assert (today["danmaku"], today["gifts"], today["guards"], today["gold"]) == (110, 2, 1, 138_700)
    assert today["since"] == "2026-09-20T16:00:00.000Z"
    with timezone.override(UTC):
        assert figures.figures(NOW)["today"]["danmaku"] == 100


def test_the_last_minute_is_counted_from_the_rows() -> None:
    danmaku_row("now")
    danmaku_row("mirrored")
    danmaku_row("before", at=AT - 120_000)
    danmaku_row("in a year", at=AT + 365 * 86_400_000)
    DanmakuData.objects.filter(message="mirrored").update(is_mirror=True)
    gift_row("a", coin=50)
    gift_row("b", coin=50, coin_type="silver")
    super_chat_row(1, cny=30)
    purchase_row("p", gold=138_000)
    found = totals.last_minute(NOW)
    assert found == {"danmaku": 1, "gifts": 2, "super_chats": 1, "guards": 1, "gold": 100 + 30_000 + 138_000}
    assert totals.last_minute(NOW, ROOM) == found
    assert totals.last_minute(NOW, ROOM + 1)["gold"] == 0


def test_people_are_told_apart_by_uid_and_without_one_by_name() -> None:
    for number, (uid, name) in enumerate(
        [(7, "a"), (7, "renamed"), (8, "a"), (None, "x***"), (None, "x***"), (None, "7")]
    ):
        row = danmaku_row(f"line {number}", uid=uid)
        DanmakuData.objects.filter(pk=row.pk).update(username=name)
    gift_row("of 7", coin=5)
    since = NOW - timedelta(hours=1)
    assert totals.people(since, NOW) == 4
    assert totals.people(since, NOW, ROOM) == 4
    assert totals.people(since, NOW, ROOM + 1) == 0
    assert totals.people(NOW, NOW + timedelta(hours=1)) == 0


def test_the_api_has_them_for_all_rooms_and_for_one(client: Client) -> None:
    danmaku_row("one")
    for path in ("/live/api/figures", f"/live/api/figures?room_id={ROOM}"):
        answer = client.get(path).json()
        assert set(answer["figures"]) == {"today", "last_minute"}
        assert len(answer["minutes"]) == 60
        assert len(answer["minutes"][0]) == 5
    assert client.get("/live/api/figures?room_id=1234").status_code == 404
    assert client.get("/live/api/figures?room_id=x").status_code == 400
    room(ROOM + 1)
    assert client.get(f"/live/api/figures?room_id={ROOM}&room_id={ROOM + 1}").status_code == 400


def test_the_page_of_a_room_is_of_that_room_alone(client: Client) -> None:
    danmaku_row("of this room")
    danmaku_row("of the other", room_id=ROOM + 1)
    overview = client.get(f"/live/api/overview?room_id={ROOM}").json()
    assert [item["message"] for item in overview["danmaku"]] == ["of this room"]
    assert [item["room_id"] for item in overview["rooms"]] == [ROOM]
    page = client.get(f"/live/rooms/{ROOM}/")
    assert page.status_code == 200
    assert "of the other" not in page.content.decode()


def test_of_a_room_that_is_not_watched_no_collector_is_awaited(client: Client) -> None:
    danmaku_row("of this room")
    [item] = client.get(f"/live/api/rooms?room_id={ROOM}").json()["results"]
    assert (item["watched"], item["connection"]["state"]) == (False, "unwatched")
    assert item["connection"]["text"] == "Not watched any more"
    room().__class__.objects.update(is_paused=True)
    [item] = client.get(f"/live/api/rooms?room_id={ROOM}").json()["results"]
    assert item["connection"]["text"] == "Paused"


@pytest.mark.parametrize("room_id", [404404, 2**63, 10**30])
def test_a_room_that_was_never_watched_is_said_in_words(client: Client, room_id: int) -> None:
    response = client.get(f"/live/rooms/{room_id}/")
    assert response.status_code == 404
    assert "never watched here" in response.content.decode()
