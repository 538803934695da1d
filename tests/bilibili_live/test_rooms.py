from typing import Any

import pytest

from bilibili_live.errors import RoomLocked, UnexpectedAnswer
from bilibili_live.protocol.fields import Fields
from bilibili_live.rooms import (
    DanmakuHost,
    read_access,
    read_address,
    read_guards,
    read_page,
    read_recent,
    read_snapshots,
)

OPEN: dict[str, Any] = {"room_id": 14073662, "short_id": 76, "uid": 50333369, "live_status": 1}


def test_a_short_number_leads_to_the_long_id() -> None:
    address = read_address(OPEN | {"lock_till": 0, "is_locked": False})
    assert (address.room_id, address.short_id, address.uid, address.live_status) == (
        14073662,
        76,
        50333369,
        1,
    )


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ({"is_locked": True, "lock_till": 1_800_000_000}, "locked by the site until 2027-01-15 08:00 UTC"),
        ({"is_locked": True, "lock_till": -1}, "locked by the site$"),
        ({"is_locked": True, "lock_till": 2**62}, "locked by the site$"),
        ({"is_hidden": True}, "hidden"),
    ],
)
def test_a_closed_room_says_until_when(closed: dict[str, Any], said: str) -> None:
    with pytest.raises(RoomLocked, match=said):
        read_address(OPEN | closed)


def test_an_answer_without_a_room_is_news() -> None:
    with pytest.raises(UnexpectedAnswer):
        read_address({})


def test_snapshots_are_found_by_their_long_id() -> None:
    room: dict[str, Any] = {
        "room_id": 5440,
        "short_id": 1,
        "uid": 9617619,
        "title": "a\x00",
        "live_status": 2,
        "online": 7,
    }
    found = read_snapshots({"by_room_ids": {"5440": room, "6": None, "7": {"room_id": 0}}})
    assert list(found) == [5440]
    assert (found[5440].short_id, found[5440].title, found[5440].online) == (1, "a\u2400", 7)


@pytest.mark.parametrize("data", [{}, {"by_room_ids": []}, {"by_room_ids": None}])
def test_no_rooms_are_no_snapshots(data: dict[str, Any]) -> None:
    assert read_snapshots(data) == {}


def test_a_page_is_read_whatever_is_missing() -> None:
    page = read_page({"anchor_info": {"base_info": {"uname": "主播", "face": "https://i0/f.jpg"}}})
    assert (page.uname, page.face, page.watched) == ("主播", "https://i0/f.jpg", 0)


def test_access_needs_a_token_and_a_server_and_hides_its_token() -> None:
    host: dict[str, Any] = {"host": "a.chat.bilibili.com", "ws_port": 2244, "wss_port": 2245, "port": 2243}
    access = read_access({"token": "secret", "host_list": [host, {}, None]}, 0, "BUVID3")
    assert access.hosts == [DanmakuHost("a.chat.bilibili.com", 2244, 2245)]
    assert "secret" not in repr(access)
    for data in ({"token": "secret"}, {"token": "", "host_list": [host]}, {"token": "t", "host_list": [{}]}):
        with pytest.raises(UnexpectedAnswer):
            read_access(data, 0, "BUVID3")  # type: ignore[arg-type]  # a literal, not parsed JSON


def test_recent_lines_are_those_of_admins_and_of_everybody() -> None:
    lines = read_recent(
        {"admin": [{"text": "a", "uid": 0}], "room": [{"text": "b", "uid": 5, "id_str": "x"}]}
    )
    assert [(line.text, line.uid, line.id_str) for line in lines] == [("a", None, ""), ("b", 5, "x")]


@pytest.mark.parametrize("odd", [2**70, -(2**70), 10**30, 1.5e300, "x", None, True])
def test_odd_numbers_in_an_answer_are_no_numbers(odd: Any) -> None:
    answer: dict[str, Any] = {
        "by_room_ids": {"5": {"room_id": 5, "uid": odd, "short_id": odd}, "6": {"room_id": odd}}
    }
    found = read_snapshots(answer)
    assert all(-(2**63) <= (snapshot.uid or 0) < 2**63 for snapshot in found.values())
    assert all(0 < room_id < 2**63 for room_id in found)
    assert 5 in found


@pytest.mark.parametrize(
    ("told", "since"),
    [
        ("2026-10-01 20:00:00", 1_790_856_000_000),
        ("0000-00-00 00:00:00", 0),
        ("", 0),
        ("1969-01-01 00:00:00", 0),
        ("soon", 0),
    ],
)
def test_a_snapshot_says_since_when_the_room_is_live(told: str, since: int) -> None:
    room: Fields = {"room_id": 5440, "live_time": told, "attention": 12, "cover": "c"}
    snapshot = read_snapshots({"by_room_ids": {"5440": room}})[5440]
    assert (snapshot.live_since, snapshot.followers, snapshot.cover) == (since, 12, "c")


@pytest.mark.parametrize("answer", [{}, {"info": None}, {"info": {"num": -1}}, {"info": {"num": 1 << 70}}])
def test_an_answer_without_a_number_of_guards_is_news(answer: dict[str, Any]) -> None:
    assert read_guards({"info": {"num": "17"}}) == 17
    with pytest.raises(UnexpectedAnswer):
        read_guards(answer)
