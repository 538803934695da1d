"""By how much our clock differs from the site's."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.site_clock import Offset, SiteClock
from tests.bilibili_live.fake_site import FakeSite

AT = 1_790_000_000_000


def date(ms: int) -> str:
    """The header of an answer made at that moment of the site's clock: whole seconds, cut."""
    return format_datetime(datetime.fromtimestamp(ms // 1000, UTC), usegmt=True)


def test_one_answer_bounds_it_by_its_second_and_the_way() -> None:
    clock = SiteClock()
    clock.heard(date(AT + 700), AT, AT + 200)
    assert clock.offset == Offset(-200, 1000)


def test_several_answers_narrow_it() -> None:
    clock = SiteClock()
    real = 3_400  # ms that the site is ahead
    for asked in range(0, 5_000, 370):
        clock.heard(date(AT + asked + 20 + real), AT + asked, AT + asked + 40)
    assert clock.offset is not None
    assert clock.offset.low <= real <= clock.offset.high
    assert clock.offset.high - clock.offset.low < 500


def test_bounds_that_cannot_both_be_true_begin_anew() -> None:
    clock = SiteClock()
    clock.heard(date(AT), AT, AT + 10)
    clock.heard(date(AT + 86_400_000), AT + 100, AT + 110)
    assert clock.offset is not None
    assert clock.offset.low > 80_000_000


@pytest.mark.parametrize("header", ["", "yesterday", "Thu, 99 Nov 2026 16:00:00 GMT", "0"])
def test_nonsense_says_nothing(header: str) -> None:
    clock = SiteClock()
    clock.heard(header, AT, AT)
    assert clock.offset is None


def test_a_clock_that_was_set_while_we_waited_says_nothing() -> None:
    clock = SiteClock()
    clock.heard(date(AT), AT, AT - 5_000)
    assert clock.offset is None


async def test_every_answer_of_the_site_is_heard() -> None:
    async with FakeSite().running() as fake, Bilibili(fake.url, 0) as site:
        assert site.site_clock.offset is None
        await site.room_init(5)
        offset = site.site_clock.offset
    assert offset is not None
    assert offset.low <= 0 <= offset.high
