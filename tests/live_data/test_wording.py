"""Numbers, money and times as templates word them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.defaultfilters import truncatechars
from django.utils import timezone, translation

from live_data.templatetags import wording

AT = datetime(2026, 9, 21, 16, 0, 5, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gold", "said"), [(0, "¥0.00"), (1_234_550, "¥1,234.55"), (5, "¥0.005"), (-1500, "¥-1.50")]
)
def test_gold_is_exact_cny(gold: int, said: str) -> None:
    assert wording.cny(gold) == said


def test_money_is_worded_in_the_visitors_language() -> None:
    with translation.override("zh-hans"):
        assert wording.cny(1500) == "1.50 元"
        assert wording.batteries(1500) == "15 电池"
        assert wording.compact(12_345) == "1.2万"
    assert wording.compact(12_345) == "12.3K"


def test_large_amounts_lose_nothing() -> None:
    assert wording.cny(9_007_199_254_740_993) == "¥9,007,199,254,740.993"
    assert wording.batteries(9_007_199_254_740_993) == "90,071,992,547,409.93 battery"


@pytest.mark.parametrize(
    "text", ["", "花花", "a" * 4, "a" * 5, "a" * 6, "e\u0301" * 4, "e\u0301" * 5, 12345, 123456]
)
def test_what_is_short_stays_as_django_would_show_it(text: object) -> None:
    assert wording.shortened(text, 5) == truncatechars(str(text), 5)


def test_a_moment_is_told_in_the_viewers_zone() -> None:
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        said = wording.moment(AT)
    assert "2026-09-22 00:00:05</time>" in said
    assert 'datetime="2026-09-21T16:00:05.123Z"' in said
    assert wording.moment(None) == "–"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-09-21T16:00:00Z", "2026-09-22T00:00"),
        ("2026-09-21T16:00", "2026-09-21T16:00"),
        ("2026-09-21T16:00:05", "2026-09-21T16:00:05"),
        ("nonsense", ""),
        ("", ""),
        (None, ""),
        ("0001-01-01T00:00:00+14:00", ""),
    ],
)
def test_a_field_shows_the_moment_of_an_address(text: str | None, shown: str) -> None:
    assert wording.for_input(text, ZoneInfo("Asia/Shanghai")) == shown
