"""What people type and paste, as their apps and browsers give it to them."""

import pytest

from bilibili_live.room_numbers import NotUnderstood, OutOfRange, mention, mentions, parse_room

LONG_QUERY = (
    "?broadcast_type=0&is_room_feed=1&spm_id_from=333.999.to_liveroom.0.click&live_from=86002"
    "&share_source=COPY&share_medium=iphone&bbid=Z84D&ts=1790000000000&share_from=live&share_session_id=A-1"
)


@pytest.mark.parametrize(
    ("typed", "room"),
    [
        ("22889484", 22889484),
        (" 6 ", 6),
        ("007", 7),
        ("１２３", 123),
        (str(2**53), 2**53),
        ("https://live.bilibili.com/22889484", 22889484),
        ("http://live.bilibili.com/22889484/", 22889484),
        ("live.bilibili.com/22889484?visit_id=1&broadcast_type=0#top", 22889484),
        ("https://LIVE.bilibili.com/blanc/5440?liteVersion=true", 5440),
        ("https://live.bilibili.com/h5/5440", 5440),
        ("https://live.bilibili.com/5440" + LONG_QUERY, 5440),
        ("https://live.bilibili.com/p/html/live-app-room/index.html?is_live_webview=1&room_id=5440", 5440),
        ("https://live.bilibili.com/activity/x/index.html?roomid=5440#a", 5440),
        ("https://www.bilibili.com/blackboard/live/live-activity-player.html?enterTheRoom=0&cid=5440", 5440),
        ("bilibili://live/5440?from=1", 5440),
        ("【深夜电台】 https://live.bilibili.com/5440" + LONG_QUERY, 5440),
        ("【2026 跨年 12 小时不下播】，点击链接查看：https://live.bilibili.com/5440，一起看直播", 5440),
        ("来看看直播https://live.bilibili.com/5440。", 5440),
        ("(https://live.bilibili.com/5440)", 5440),
        ("【主播的直播间】（房间号 99）live.bilibili.com/h5/5440?share=qq】", 5440),
        ("<https://live.bilibili.com/5440>", 5440),
        ("https://live.bilibili.com/5440 6 https://live.bilibili.com/5440 abc", 5440),
    ],
)
def test_a_number_an_address_or_shared_text_is_a_room(typed: str, room: int) -> None:
    assert parse_room(typed) == room


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "0",
        "-5",
        "+5",
        "1.5",
        "1e5",
        "abc",
        "12 34",
        "12\n34",
        str(2**53 + 1),
        "9" * 5000,
        "https://live.bilibili.com/",
        "https://live.bilibili.com/0",
        "https://live.bilibili.com/5440abc",
        "https://live.bilibili.com/5440/1",
        "https://live.bilibili.com/p/eden",
        "https://live.bilibili.com/p/eden?room_id=abc",
        "https://live.bilibili.com/p/eden?cid=5440",
        "https://www.bilibili.com/22889484",
        "https://evil.example/22889484",
        "https://evil.example/live.bilibili.com/22889484",
        "https://live.bilibili.com@evil.example/22889484",
        "https://live.bilibili.com.evil.example/22889484",
        "https://notlive.bilibili.com/22889484",
        "https://space.bilibili.com/22889484",
        "https://b23.tv/AbCd123",
        "第 100 场 直播",
        "<script>alert(1)</script>",
        "\u202e22889484",
        "\x00",
        "长" * 5000,
    ],
)
def test_anything_else_is_refused_in_one_line(typed: str) -> None:
    with pytest.raises(ValueError, match="is no room") as refused:
        parse_room(typed)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("typed", "kind"), [("0", OutOfRange), (str(2**53 + 1), OutOfRange), ("x", NotUnderstood)]
)
def test_why_it_is_none_is_in_the_type(typed: str, kind: type[Exception]) -> None:
    assert type(mention(typed).error) is kind


@pytest.mark.parametrize(
    "typed",
    [
        "https://b23.tv/AbCd123",
        "http://B23.tv/AbCd123?share_medium=android",
        "b23.tv/AbCd123",
        "【哔哩哔哩直播】2026 新年特别节目 https://b23.tv/AbCd123",
        "标题-哔哩哔哩直播，https://b23.tv/AbCd123，快来！",
    ],
)
def test_a_short_link_is_for_the_site_to_read(typed: str) -> None:
    found = mention(typed)
    assert (found.link, found.number, found.error) == ("https://b23.tv/AbCd123", 0, None)


@pytest.mark.parametrize(
    "typed", ["https://b23.tv/", "https://b23.tv.evil.example/AbCd123", "xb23.tv/AbCd123"]
)
def test_what_only_looks_like_a_short_link_is_none(typed: str) -> None:
    assert mention(typed).error


def test_any_mix_is_taken_apart_in_order_and_each_room_is_named_once() -> None:
    found = mentions(
        "6, 102；7758258 live.bilibili.com/6\n"
        "\n"
        "【100 首歌】 https://live.bilibili.com/5440?a=1 快来\r\n"
        "https://live.bilibili.com/h5/8,https://b23.tv/AbCd123;9\n"
        "no room, 10, live.bilibili.com/11\n"
        "0 live.bilibili.com/12"
    )
    assert [each.link or each.number for each in found] == [
        *(6, 102, 7758258, 5440, 8, "https://b23.tv/AbCd123", 9, 11, 0, 12)
    ]
    assert [each.typed for each in found if each.error] == ["0"]
    assert found[3].typed == "https://live.bilibili.com/5440?a=1"


def test_every_part_of_a_text_can_be_sent_on_alone() -> None:
    for each in mentions(f"6 live.bilibili.com/7{LONG_QUERY} x,-1\n【1 2】b23.tv/Ab bilibili://live/3"):
        again = mention(each.typed)
        assert (again.number, again.link, type(again.error)) == (each.number, each.link, type(each.error))


def test_a_text_without_anything_in_it_names_nothing() -> None:
    assert mentions(" \n,;\r\n\u2028 ") == []


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    for part in ("live.bilibili.com/", "https://", "1 ", "b23.tv/", "【", "live.bilibili.com/?room_id=&"):
        assert len(mentions(part * 2000)) < 2001
