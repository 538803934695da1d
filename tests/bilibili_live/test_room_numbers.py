import pytest

from bilibili_live.room_numbers import parse_room


@pytest.mark.parametrize(
    ("typed", "room"),
    [
        ("22889484", 22889484),
        (" 6 ", 6),
        ("007", 7),
        (str(2**53), 2**53),
        ("https://live.bilibili.com/22889484", 22889484),
        ("http://live.bilibili.com/22889484/", 22889484),
        ("live.bilibili.com/22889484?visit_id=1&broadcast_type=0#top", 22889484),
        ("https://LIVE.bilibili.com/blanc/5440?liteVersion=true", 5440),
        ("https://live.bilibili.com/h5/5440", 5440),
    ],
)
def test_a_number_or_an_address_is_a_room(typed: str, room: int) -> None:
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
        "１２３",
        "abc",
        "12 34",
        "12\n34",
        str(2**53 + 1),
        "9" * 5000,
        "https://live.bilibili.com/",
        "https://live.bilibili.com/0",
        "https://live.bilibili.com/p/eden",
        "https://evil.example/22889484",
        "https://live.bilibili.com.evil.example/22889484",
        "https://space.bilibili.com/22889484",
        "<script>alert(1)</script>",
    ],
)
def test_anything_else_is_refused_in_one_line(typed: str) -> None:
    with pytest.raises(ValueError, match="is no room") as refused:
        parse_room(typed)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200
