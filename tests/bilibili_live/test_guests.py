"""By what a connection is known to be treated as a guest's."""

import pytest

from bilibili_live.events import AnyEvent, Decoded
from bilibili_live.guests import guest_words
from tests.made import danmaku, gift, room_state


@pytest.mark.parametrize(
    ("event", "says_it"),
    [
        (room_state(1, "login_notice"), True),
        (danmaku(1, uid=None, username="观***"), True),
        (danmaku(1, uid=None, username="\U0001f600***"), True),
        (danmaku(1, uid=None, username="***"), False),  # chat of mode 7 looks so to everybody
        (danmaku(1, uid=None, username="观众"), False),
        (danmaku(1, uid=5, username="观***"), False),  # somebody may be called so
        (gift(1, uid=None, username="观***"), False),
        (room_state(1, "live"), False),
    ],
)
def test_a_notice_or_a_masked_line_says_it(event: AnyEvent, says_it: bool) -> None:
    assert bool(guest_words(Decoded(events=[danmaku(2), event]))) is says_it
    assert guest_words(Decoded()) == ""
