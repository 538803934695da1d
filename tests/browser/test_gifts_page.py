"""What a person sees on /live/gifts/."""

import pytest
from playwright.sync_api import Page, expect

from tests import databases
from tests.live_data.web_running import Web
from tests.made import ROOM

PATIENCE = 20_000  # ms
DAY = "since=2026-09-21T00:00&until=2026-09-22T00:00&tz=Asia/Shanghai"
HOSTILE = "</script><img src=x onerror=\"document.title='run'\">\u202e" + "长" * 5000


@pytest.fixture
def given(live: Web) -> Web:
    """One gift of 1,550 gold with hostile texts, and its minute."""
    with databases.opened(live.data_dir) as database:
        database.do(
            "INSERT INTO live_data_giftdata (event_id, room_id, timestamp, received_at, username, gift_name,"
            " gift_id, unit_coin, total_coin, gold)"
            " VALUES (?, ?, '2026-09-21 04:30:10', '2026-09-21 04:30:10', ?, ?, 1, 1550, 1550, 1550)",
            [((1_789_965_010_000).to_bytes(6, "big") + bytes(10), ROOM, HOSTILE, HOSTILE)],
        )
        database.do(
            "INSERT INTO live_data_minutecount (room_id, minute, gifts, gift_gold)"
            " VALUES (?, '2026-09-21 04:30:00', 1, 1550)",
            [(ROOM,)],
        )
    return live


@pytest.mark.parametrize("width", [390, 1440])
def test_what_was_given_is_drawn_and_hostile_text_does_nothing(page: Page, given: Web, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{given.url}/live/gifts/?{DAY}")
    expect(page.locator("#paid-lines .line-gift .line-money")).to_have_text(
        "¥1.55 15.5 battery", timeout=PATIENCE
    )
    expect(page.locator(".takings-tile.is-all strong")).to_have_text("¥1.55")
    assert page.locator("#paid-lines img, .takings-tables img").count() == 0
    assert "run" not in page.title()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (
        max(page.locator(".takings-tables .panel").evaluate_all("all => all.map((one) => one.offsetHeight)"))
        < 600
    )


def test_the_chart_has_the_hours_and_follows_the_theme(page: Page, given: Web) -> None:
    page.goto(f"{given.url}/live/gifts/?{DAY}")
    chart = "Chart.getChart('takings-chart')"
    expect(page.locator("#paid-lines .line")).to_have_count(1, timeout=PATIENCE)
    assert page.evaluate(f"{chart}.data.labels[12]") == "2026-09-21 12:00"
    assert page.evaluate(f"{chart}.data.datasets.map((kind) => kind.data[12])") == [1550, 0, 0]
    light = page.evaluate(f"{chart}.data.datasets[0].backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate(f"{chart}.data.datasets[0].backgroundColor") != light


def test_rooms_are_chosen_in_the_form(page: Page, given: Web) -> None:
    page.goto(f"{given.url}/live/gifts/?{DAY}")
    page.locator(".room-chooser summary").click()
    page.locator(f'.room-chooser input[value="{ROOM}"]').check()
    page.locator(".filter-buttons button").click()
    page.wait_for_url(f"**room_id={ROOM}**")
    expect(page.locator(".takings-tile.is-all strong")).to_have_text("¥1.55")
    expect(page.locator('[name="since"]')).to_have_value("2026-09-21T00:00")
