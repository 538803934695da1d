"""Whether the lines that the site lists have arrived."""

from bilibili_live.events import Danmaku, event_id
from bilibili_live.rooms import RecentDanmaku
from collector.recent_chat import RecentChat, said_at
from tests.made import AT, ROOM, danmaku

TIMELINE = "2026-09-21 22:13:30"  # ten seconds after AT, in China


def arrived(*numbers: int) -> RecentChat:
    chat = RecentChat()
    for number in numbers:
        chat.add([danmaku(number)])
    return chat


def listed(*numbers: int, timeline: str = TIMELINE) -> list[RecentDanmaku]:
    return [RecentDanmaku(f"id-{number}", 7, "a", "text", timeline) for number in numbers]


def test_the_sites_list_is_in_china_time() -> None:
    [line] = listed(1)
    assert said_at(line) == AT + 10_000
    assert said_at(RecentDanmaku("", None, "", "", "gestern")) == 0


def test_a_line_is_known_by_its_id_whatever_its_milliseconds() -> None:
    line = danmaku(1)
    assert line.event_id == event_id(line.at, ROOM, Danmaku.kind, "id-1")
    assert arrived(1).has(ROOM, "id-1")
    assert not arrived(1).has(ROOM, "id-2")
    assert not arrived(1).has(ROOM + 1, "id-1")


def test_lines_that_arrived_acquit_and_lines_that_did_not_convict() -> None:
    assert arrived(1, 2, 3).is_complete(ROOM, listed(1, 2, 3), AT) is True
    assert arrived(1).is_complete(ROOM, listed(1, 2, 3, 4), AT) is False


def test_an_empty_list_says_nothing() -> None:
    assert arrived(1).is_complete(ROOM, [], AT) is None


def test_what_was_said_before_does_not_count() -> None:
    assert arrived().is_complete(ROOM, listed(1, 2, 3), AT + 10_001) is True


def test_what_is_kept_is_small() -> None:
    chat = arrived(*range(1_000))
    assert len(chat._hashes) == 480
    assert chat.has(ROOM, "id-952")
    assert not chat.has(ROOM, "id-951")
