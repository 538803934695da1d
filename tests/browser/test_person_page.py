"""What a person sees on /live/people/<uid>/."""

import pytest
from playwright.sync_api import Page, expect

from tests import databases
from tests.live_data.web_running import Web
from tests.made import ROOM

PATIENCE = 20_000  # ms


@pytest.fixture
def person(live: Web) -> str:
    """The address of somebody who said something on two days, two days apart, and paid on the second."""
    columns = "room_id, day, danmaku, gifts, gift_gold"
    days = [(ROOM, "2026-09-21", 3, 0, 0), (ROOM, "2026-09-23", 5, 1, 1550)]
    stay = "room_id, uid, first_day, last_day, first_chat_day, first_paid_day"
    stays = [(ROOM, 7, "2026-09-21", "2026-09-23", "2026-09-21", "2026-09-23")]
    with databases.opened(live.data_dir) as database:
        database.do(f"INSERT INTO live_data_daycount ({columns}) VALUES (?, ?, ?, ?, ?)", days)
        of_person = [(7, *day) for day in days]
        database.do(f"INSERT INTO live_data_personday (uid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", of_person)
        database.do(f"INSERT INTO live_data_personroom ({stay}) VALUES (?, ?, ?, ?, ?, ?)", stays)
    return f"{live.url}/live/people/7/"


@pytest.mark.parametrize("width", [390, 1440])
def test_the_charts_have_every_day_and_follow_the_theme(page: Page, person: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(person)
    expect(page.locator(".takings-tile.is-all strong")).to_have_text("¥1.55", timeout=PATIENCE)
    danmaku, gold = ("Chart.getChart('danmaku-chart')", "Chart.getChart('gold-chart')")
    page.wait_for_function(f"{gold} !== undefined", timeout=PATIENCE)
    assert page.evaluate(f"{danmaku}.data.labels") == ["2026-09-21", "2026-09-22", "2026-09-23"]
    assert page.evaluate(f"{danmaku}.data.datasets[0].data") == [3, 0, 5]
    assert page.evaluate(f"{gold}.data.datasets.map((kind) => kind.data[2])") == [1550, 0, 0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    light = page.evaluate(f"{danmaku}.data.datasets[0].backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate(f"{danmaku}.data.datasets[0].backgroundColor") != light


def test_a_day_leads_to_itself(page: Page, person: str) -> None:
    page.goto(person)
    page.get_by_role("link", name="2026-09-23").click()
    expect(page.locator(".takings-tile.is-danmaku strong")).to_have_text("5", timeout=PATIENCE)
    expect(page.locator("#id_first")).to_have_value("2026-09-23")
    expect(page.locator("#person-lines .line")).to_have_count(0)
